package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.discipline.TimingCore;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.NtpExchange;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.pps.PpsEdge;
import org.noonmark.sim.SimulatedClock;
import org.noonmark.time.NtpShort;
import org.noonmark.time.NtpTime;

/**
 * What clients are told while the clock works off 10 ms: stamps are the clock's, so the rest of the slew is in both of them, and the root
 * distance must contain it. The clock was left alone until it had moved so far; then the pulses came back, and it was served all the time.
 */
class ServedSlewTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_790_000_000L * SECOND;
    private static final long LOOPBACK = 0xffff_7f00_0001L;
    private static final int PRECISION = -20;

    /** The crystal changes by so much when the pulses stop, and the daemon allows for 1 ppm. */
    private static final double CHANGE_PPB = 800;

    private static final long LEARNED = 600;
    private static final long ALONE = 12_500;
    private static final long QUESTIONS_A_SECOND = 50;

    /** Between the stamp of the question and that of the answer. */
    private static final long ANSWERING_NANOS = 40_000;

    private final NtpResponder responder = new NtpResponder(
            () -> new AccessTable(List.of(AccessRule.everyone(true, false, "allow"))), NtpOptions.PLAIN, 7);
    private final NtpExchange exchange = new NtpExchange();
    private final SplittableRandom random = new SplittableRandom(7);
    private final ServedTime served =
            new ServedTime(PRECISION, SystemVariables.asciiReferenceId("GPS"), 0, Optional.empty());

    private long trueNanos = START;
    private long edges;
    private long answers;
    private long answersInSlew;
    private double worstErrorNanos;
    private double worstShare;

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void everyAnswerDuringASlewOfTenMillisecondsLiesWithinItsRootDistance(int direction) {
        SimulatedClock clock = new SimulatedClock(
                () -> trueNanos, () -> trueNanos, k -> 9_000 + (k < LEARNED ? 0 : direction * CHANGE_PPB), 300_000);
        TimingCore core = new TimingCore(
                TimingOptions.DEFAULTS.with(it -> it.edgeDelay(0, 0).holdoverLimitNanos(100_000_000)), 0);
        run(clock, core, 0, LEARNED, true);
        assertTrue(core.status().state().isSynchronised());
        run(clock, core, LEARNED, LEARNED + ALONE, false);
        double before = clock.errorNanos();
        assertTrue(Math.abs(before) > 9_900_000, () -> "the clock is " + before + " ns off");

        answers = 0;
        run(clock, core, LEARNED + ALONE, LEARNED + ALONE + 60, true);

        System.out.printf(
                Locale.ROOT,
                "servedSlew start_us=%.1f answers=%d with_rest_over_1ms=%d worst_error_us=%.1f worst_share=%.3f end_us=%.3f%n",
                before * 1e-3,
                answers,
                answersInSlew,
                worstErrorNanos * 1e-3,
                worstShare,
                clock.errorNanos() * 1e-3);
        assertEquals(60 * QUESTIONS_A_SECOND, answers, "served all the time");
        // 9 ms at 500 ppm are 18 s.
        assertTrue(answersInSlew > 15 * QUESTIONS_A_SECOND, () -> "only " + answersInSlew + " answers in the slew");
        assertTrue(Math.abs(clock.errorNanos()) < 10_000, () -> "the slew ended " + clock.errorNanos() + " ns off");
    }

    /** Seconds from..to of the world, with a question every 20 ms; the pulses' edges and labels come when {@code heard}. */
    private void run(SimulatedClock clock, TimingCore core, long from, long to, boolean heard) {
        Steersman steersman = new Steersman(core, clock);
        for (long k = from; k < to; k++) {
            long second = START + k * SECOND;
            for (long question = 0; question < QUESTIONS_A_SECOND; question++) {
                long due = second + question * (SECOND / QUESTIONS_A_SECOND) + 5_000_000;
                if (question == 0 && heard) {
                    trueNanos = second + 3_000_000;
                    long stamp = clock.nanosAt(second) + random.nextLong(2_000);
                    steersman.carryOut(core.onEdge(new PpsEdge(stamp, edges++, PpsEdge.Polarity.ASSERT)));
                }
                if (question == 20 && heard) {
                    TimeLabel label = new TimeLabel(
                            second / SECOND,
                            false,
                            clock.nanosAt(second + 150_000_000),
                            TimeLabel.Trust.UTC_PROVEN,
                            "NAV-TIMEUTC");
                    steersman.carryOut(core.onLabel(label));
                }
                trueNanos = Math.max(trueNanos, due);
                ask(clock, served.of(core.status()));
            }
            steersman.carryOut(core.onTick(clock.nanos()));
        }
    }

    /** One exchange, checked as a client that knows the truth would. */
    private void ask(SimulatedClock clock, SystemVariables system) {
        long asked = trueNanos;
        ByteBuffer request = ByteBuffer.allocate(NtpPacket.HEADER_LENGTH).put(0, (byte) (4 << 3 | 3));
        exchange.datagram(request, 0, NtpPacket.HEADER_LENGTH, false)
                .from(0, LOOPBACK, 40_000)
                .to(0, LOOPBACK, 123)
                .receivedAt(clock.nanos());
        assertEquals(Disposition.ANSWERED, responder.respond(exchange));
        trueNanos += ANSWERING_NANOS;
        responder.stampTransmit(exchange, system, clock.nanos());
        NtpPacket answer = exchange.packet();
        if (answer.leapIndicator() == 3) {
            return;
        }
        answers++;
        long received = NtpTime.toUnixNanos(answer.receiveTimestamp(), asked);
        long sent = NtpTime.toUnixNanos(answer.transmitTimestamp(), trueNanos);
        assertTrue(sent - received >= 0, () -> "T3 lies " + (received - sent) + " ns before T2");
        assertTrue(Math.abs(sent - received - ANSWERING_NANOS) < 2_000, "one clock for both");
        double distance = NtpShort.toNanos(answer.rootDispersion()) + NtpShort.toNanos(answer.rootDelay()) / 2.0;
        check(received - asked, distance);
        check(sent - trueNanos, distance);
        answersInSlew += Math.abs(clock.errorNanos()) > 1_000_000 && isSlewing(system) ? 1 : 0;
    }

    private void check(long errorNanos, double distanceNanos) {
        assertTrue(
                Math.abs(errorNanos) <= distanceNanos,
                () -> "an answer is " + errorNanos + " ns off and admits " + distanceNanos);
        worstErrorNanos = Math.max(worstErrorNanos, (double) Math.abs(errorNanos));
        worstShare = Math.max(worstShare, Math.abs(errorNanos) / distanceNanos);
    }

    /** Told of an edge of a moment ago, not of one before the gap. */
    private boolean isSlewing(SystemVariables system) {
        return trueNanos - system.referenceNanos(trueNanos) < 2 * SECOND;
    }
}
