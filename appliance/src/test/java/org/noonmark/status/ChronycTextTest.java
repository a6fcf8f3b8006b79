package org.noonmark.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.SyncState;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.sources.SourcesStatus;
import org.noonmark.time.NtpTime;

class ChronycTextTest {
    /** Figures of a Pi under chrony; the text is what its chronyc printed (RaspberryNtpServer, README of 2020-12). */
    @Test
    void tracksExactlyAsChronycPrints() {
        long reference = Instant.parse("2020-12-01T15:17:22Z").getEpochSecond() * 1_000_000_000L;
        SystemVariables system = new SystemVariables(
                0,
                1,
                -23,
                SystemVariables.asciiReferenceId("PPS0"),
                NtpTime.ofUnixNanos(reference),
                1,
                25_110,
                reference,
                0);
        ClockStatus clock = new ClockStatus(
                SyncState.DISCIPLINED,
                "",
                0,
                reference,
                reference,
                59,
                32,
                103,
                -2_167,
                0.4,
                5,
                0,
                0,
                16,
                1,
                0,
                ClockStatus.Labelling.NONE,
                ClockStatus.Leap.NONE);
        StatusSnapshot snapshot = new StatusSnapshot(
                new Program("0", reference, true),
                clock,
                system,
                List.of(),
                List.of(),
                SourcesStatus.NONE,
                ServerStatus.NONE,
                Optional.empty());
        assertEquals("""
                Reference ID    : 50505330 (PPS0)
                Stratum         : 1
                Ref time (UTC)  : Tue Dec 01 15:17:22 2020
                System time     : 0.000000032 seconds slow of NTP time
                Last offset     : -0.000000059 seconds
                RMS offset      : 0.000000103 seconds
                Frequency       : 2.167 ppm fast
                Residual freq   : -0.000 ppm
                Skew            : 0.005 ppm
                Root delay      : 0.000000001 seconds
                Root dispersion : 0.000025110 seconds
                Update interval : 16.0 seconds
                Leap status     : Normal
                """, ChronycText.tracking(snapshot, reference + 3_000_000_000L));
    }

    @Test
    void saysNotSynchronisedAtStratum16() {
        String report = ChronycText.tracking(Snapshots.cold(), Snapshots.NOW);
        assertTrue(report.startsWith("Reference ID    : 00000000 ()\nStratum         : 16\n"), report);
        assertTrue(report.contains("Ref time (UTC)  : Thu Jan 01 00:00:00 1970\n"), report);
        assertTrue(report.endsWith("Leap status     : Not synchronised\n"), report);
    }

    @Test
    void rootDispersionGrowsWithTheAgeOfTheAnswer() {
        StatusSnapshot snapshot = Snapshots.synchronised();
        assertTrue(ChronycText.tracking(snapshot, Snapshots.NOW).contains("Root dispersion : 0.000001551 seconds"));
        assertTrue(ChronycText.tracking(snapshot, Snapshots.NOW + 100 * Snapshots.SECOND)
                .contains("Root dispersion : 0.000101551 seconds"));
    }

    /** Positive in chronyc's tables: the local clock is ahead; the burst comes after its second, so the receiver looks behind. */
    @Test
    void listsPulsesAndReceiverWithChronycsSigns() {
        assertEquals("""
                MS Name/IP address         Stratum Poll Reach LastRx Last sample              \s
                ===============================================================================
                #* PPS                           0   0   377     0    -32ns[  -59ns] +/-  850ns
                #+ GPS                           0   0   377     0   +131ms[ +131ms] +/- 2400us
                """, ChronycText.sources(Snapshots.synchronised(), Snapshots.NOW, false));
    }

    @Test
    void aSourceThatNeverSpokeIsUnusable() {
        String report = ChronycText.sources(Snapshots.cold(), Snapshots.NOW, false);
        assertTrue(
                report.contains("#? PPS                           0   0     0     -     +0ns[   +0ns] +/-    0ns\n"),
                report);
    }

    @Test
    void listsStatisticsInChronycsColumns() {
        assertEquals("""
                Name/IP Address            NP  NR  Span  Frequency  Freq Skew  Offset  Std Dev
                ==============================================================================
                PPS                        64  33    63     -0.000      0.003     +1ns   102ns
                GPS                        64  30    63     -0.012      0.040   +131ms  2400us
                """, ChronycText.sourcestats(Snapshots.synchronised(), Snapshots.NOW, false));
    }

    @Test
    void explainsTheColumnsWhenAsked() {
        String sources = ChronycText.sources(Snapshots.synchronised(), Snapshots.NOW, true);
        assertTrue(sources.startsWith("\n  .-- Source mode  '^' = server"), sources);
        assertTrue(
                sources.contains("||      Reachability register (octal) -.           |  xxxx = adjusted offset,\n"),
                sources);
        String statistics = ChronycText.sourcestats(Snapshots.synchronised(), Snapshots.NOW, true);
        assertTrue(statistics.startsWith("                             .- Number of sample points"), statistics);
    }

    @Test
    void namesTheReasonsOfRefusalBehindChronycsLines() {
        String report = ChronycText.serverstats(Snapshots.synchronised());
        assertTrue(report.startsWith("NTP packets received       : 12345\nNTP packets dropped        : 5\n"), report);
        assertTrue(report.contains("NTP kernel RX timestamps   : 12345\n"), report);
        assertTrue(report.endsWith("Refused: denied            : 4\nRefused: too short         : 1\n"), report);
    }

    @Test
    void countsSourcesWhoseDeviceIsMissingAsOffline() {
        StatusSnapshot snapshot =
                Snapshots.withReceiver(ReceiverStatus.absent("GPS", "/dev/ttyUSB0", "/dev/ttyUSB0 is not there"));
        assertTrue(ChronycText.activity(snapshot, Snapshots.NOW)
                .startsWith("200 OK\n1 sources online\n1 sources offline\n"));
    }

    @Test
    void intervalsChangeTheirUnitWhereChronycDoes() {
        assertEquals("   -", ChronycFigures.interval(-1));
        assertEquals("1199", ChronycFigures.interval(1_199));
        assertEquals(" 20m", ChronycFigures.interval(1_200));
        assertEquals(" 10h", ChronycFigures.interval(36_000));
        assertEquals("  4d", ChronycFigures.interval(345_600));
        assertEquals("  2y", ChronycFigures.interval(86_400L * 1_000));
    }

    @Test
    void offsetsChangeTheirUnitWhereChronycDoes() {
        assertEquals(" -138ns", ChronycFigures.offset(-138));
        assertEquals("-4624us", ChronycFigures.offset(-4_624_000));
        assertEquals(" +512ms", ChronycFigures.offset(512e6));
        assertEquals(" +37.2s", ChronycFigures.offset(37.25e9 - 1));
        assertEquals("2148us", ChronycFigures.magnitude(2_148_000));
        assertEquals("  16ms", ChronycFigures.magnitude(16e6));
        assertEquals(" +7168d", ChronycFigures.offset(619_315_200e9));
    }
}
