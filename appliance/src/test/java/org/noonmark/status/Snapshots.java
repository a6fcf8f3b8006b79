package org.noonmark.status;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.discipline.SyncState;
import org.noonmark.discipline.Tripwires;
import org.noonmark.nmea.ReceiverHealth;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.sources.SourcesStatus;
import org.noonmark.status.ReceiverStatus.Constellation;
import org.noonmark.status.ReceiverStatus.Fix;
import org.noonmark.status.ReceiverStatus.Link;
import org.noonmark.time.NtpTime;

/** Moments of a daemon that never ran. */
public final class Snapshots {
    public static final long SECOND = 1_000_000_000L;
    /** 2026-11-22 12:00:00.4 UTC. */
    public static final long NOW = Instant.parse("2026-11-22T12:00:00.4Z").getEpochSecond() * SECOND + 400_000_000;

    private static final PulseStatus.Delay DELAY =
            new PulseStatus.Delay(6_000, 15_000, "6.00 us latency (measured by others on Raspberry Pi 3)");

    private static final long LAST_EDGE = NOW - 400_000_000;

    /** 37 s since 2017; expires on 2027-06-28. */
    private static final LeapSecondsList LEAP_SECONDS = new LeapSecondsList(
            LeapSecondsList.FILE_NAME,
            1_783_323_897,
            1_814_140_800,
            List.of(new LeapSecondsList.Change(1_483_228_800, 37)));

    private Snapshots() {}

    public static StatusSnapshot synchronised() {
        return new StatusSnapshot(
                new Program("0.1.0", NOW - 8_040 * SECOND, true),
                clock(SyncState.DISCIPLINED, "edges are named and regular"),
                system(),
                List.of(receiver()),
                List.of(pulse()),
                SourcesStatus.NONE,
                server(),
                Optional.of(LEAP_SECONDS));
    }

    public static StatusSnapshot cold() {
        return new StatusSnapshot(
                new Program("0.1.0", NOW - 20 * SECOND, true),
                new ClockStatus(
                        SyncState.COLD,
                        "no time label with a fix has come yet",
                        NOW - 20 * SECOND,
                        NOW,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        ClockStatus.Labelling.NONE,
                        ClockStatus.Leap.NONE),
                SystemVariables.unsynchronised(-23),
                List.of(withFix(Fix.NONE)),
                List.of(PulseStatus.silent("PPS", "/dev/pps0", "", DELAY)),
                SourcesStatus.NONE,
                ServerStatus.NONE,
                Optional.empty());
    }

    public static StatusSnapshot holdover() {
        StatusSnapshot good = synchronised();
        return new StatusSnapshot(
                good.program(),
                clock(SyncState.HOLDOVER, "no pulse for 42 s; the clock runs on and the bound grows"),
                good.system(),
                good.receivers(),
                List.of(new PulseStatus(
                        "PPS",
                        "/dev/pps0",
                        "",
                        8_000,
                        0,
                        2,
                        NOW - 42 * SECOND,
                        180,
                        SampleStatistics.NONE,
                        PulseStatus.Checks.NONE,
                        DELAY)),
                good.sources(),
                good.server(),
                good.leapSeconds());
    }

    public static StatusSnapshot withReceiver(ReceiverStatus receiver) {
        StatusSnapshot good = synchronised();
        return new StatusSnapshot(
                good.program(),
                good.clock(),
                good.system(),
                List.of(receiver),
                good.pulses(),
                good.sources(),
                good.server(),
                good.leapSeconds());
    }

    public static StatusSnapshot withLeapSeconds(LeapSecondsList list) {
        StatusSnapshot good = synchronised();
        return new StatusSnapshot(
                good.program(),
                good.clock(),
                good.system(),
                good.receivers(),
                good.pulses(),
                good.sources(),
                good.server(),
                Optional.of(list));
    }

    public static StatusSnapshot withUnconfirmedSeconds() {
        StatusSnapshot good = synchronised();
        return new StatusSnapshot(
                good.program(),
                clock(SyncState.DISCIPLINED, "edges are named and regular", ""),
                good.system(),
                good.receivers(),
                good.pulses(),
                good.sources(),
                good.server(),
                good.leapSeconds());
    }

    public static ClockStatus clock(SyncState state, String why) {
        return clock(state, why, "the clock showed the same second before");
    }

    private static ClockStatus clock(SyncState state, String why, String confirmation) {
        return new ClockStatus(
                state,
                why,
                NOW - 8_000 * SECOND,
                LAST_EDGE,
                LAST_EDGE,
                59,
                32,
                103,
                -2_167,
                0.4,
                5,
                850,
                20,
                1,
                7_990,
                2,
                new ClockStatus.Labelling(
                        "RMC",
                        true,
                        131e6,
                        2.4e6,
                        42.5,
                        7_990,
                        8_000,
                        10,
                        "the receiver says that it knows the leap seconds",
                        confirmation),
                ClockStatus.Leap.NONE);
    }

    public static SystemVariables system() {
        return new SystemVariables(
                0,
                1,
                -23,
                SystemVariables.asciiReferenceId("PPS"),
                NtpTime.ofUnixNanos(LAST_EDGE),
                1,
                1_150,
                LAST_EDGE,
                1_000);
    }

    public static ReceiverStatus receiver() {
        return withFix(Fix.THREE_D);
    }

    public static ReceiverStatus withFix(Fix fix) {
        boolean fixed = fix != Fix.NONE;
        return new ReceiverStatus(
                "GPS",
                "/dev/ttyAMA0",
                115_200,
                Link.TALKING,
                "",
                "u-blox MAX-M8Q",
                "the receiver's settings are as wanted",
                ReceiverHealth.Antenna.OK,
                "",
                List.of(
                        new Tripwires.Count("interference", 0),
                        new Tripwires.Count("position", 2),
                        new Tripwires.Count("signals", 0)),
                List.of("RMC", "GGA", "GSA", "GSV", "ZDA"),
                fix,
                List.of(
                        new Constellation("GPS", 9, fixed ? 7 : 0, 38.4),
                        new Constellation("GLONASS", 4, fixed ? 3 : 0, 36),
                        new Constellation("Galileo", 3, fixed ? 2 : 0, Double.NaN)),
                fixed ? new ReceiverStatus.Position(51.477811, -0.001475, 46.9) : null,
                fixed ? LAST_EDGE / SECOND : 0,
                fixed ? LAST_EDGE + 131_000_000 : 0,
                fixed ? "RMC" : "",
                NOW - 100_000_000,
                40_200,
                3,
                17,
                new SampleStatistics(64, 30, 63, 12, 40, -131e6, 2.4e6, 0xff, LAST_EDGE + 131_000_000, -131.2e6));
    }

    public static PulseStatus pulse() {
        return new PulseStatus(
                "PPS",
                "/dev/pps0",
                "",
                8_040,
                1,
                2,
                LAST_EDGE,
                180,
                new SampleStatistics(64, 33, 63, 0.1, 3, -1, 102, 0xff, LAST_EDGE, 59),
                new PulseStatus.Checks(
                        1,
                        3,
                        100_000_000,
                        List.of(new PulseStatus.Refusal("another pulse within the second; look for noise", 2))),
                DELAY);
    }

    public static ServerStatus server() {
        return new ServerStatus(
                List.of("0.0.0.0:123", "[::]:123"),
                12_345,
                12_340,
                2,
                List.of(
                        new ServerStatus.Refusal("denied", 4),
                        new ServerStatus.Refusal("too short", 1),
                        new ServerStatus.Refusal("bad length", 0)),
                17,
                5,
                4,
                1,
                6,
                3,
                8,
                0,
                0,
                12_345,
                0,
                25,
                1);
    }
}
