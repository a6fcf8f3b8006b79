package org.noonmark.pps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.noonmark.pps.PpsEdge.Polarity;

class EdgeGuardTest {
    private static final long START = 1_800_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;

    private final EdgeGuard guard = new EdgeGuard();
    private long sequence;
    private long clockAheadNanos;

    @Test
    void acceptsThePulseOnceTwoIntervalsAgreeOnOnePerSecond() {
        assertEquals(EdgeVerdict.RATE_UNKNOWN, edgeAt(0));
        assertEquals(EdgeVerdict.RATE_UNKNOWN, edgeAt(SECOND));
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(2 * SECOND));
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(3 * SECOND + 400_000));
        assertEquals(1, guard.rateHertz());
        assertEquals(2, guard.counts().accepted());
    }

    @Test
    void refusesFivePulsesPerSecondAndNamesTheRate() {
        for (int i = 0; i < 20; i++) {
            EdgeVerdict wanted = i < 2 ? EdgeVerdict.RATE_UNKNOWN : EdgeVerdict.NOT_ONE_PER_SECOND;
            assertEquals(wanted, edgeAt(i * 200L * MILLI));
        }
        assertEquals(5, guard.rateHertz());
    }

    @Test
    void refusesAReceiverThatTurnsToTenPulsesPerSecond() {
        long at = lock();
        for (int i = 1; i <= 3; i++) {
            edgeAt(at + i * 100L * MILLI);
        }

        assertEquals(EdgeVerdict.NOT_ONE_PER_SECOND, edgeAt(at + 400 * MILLI));
        assertEquals(10, guard.rateHertz());
    }

    @Test
    void refusesASpuriousPulseAndKeepsTheBeat() {
        long at = lock();

        assertEquals(EdgeVerdict.SECOND_IN_SECOND, edgeAt(at + 300 * MILLI));
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + SECOND));
        assertEquals(EdgeVerdict.OFF_BEAT, edgeAt(at + SECOND + 700 * MILLI));
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + 2 * SECOND));
    }

    @Test
    void keepsTheBeatWhenTheClockIsSteppedOnPurpose() {
        long at = lock();
        long stepNanos = -3_700_000_000L;

        guard.onStepped(stepNanos);
        clockAheadNanos += stepNanos;

        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + SECOND));
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + 2 * SECOND));
    }

    @Test
    void refusesThePulseThatTheDeviceTellsTwice() {
        long at = lock();
        sequence--;

        assertEquals(EdgeVerdict.REPEATED, edgeAt(at));
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + SECOND));
    }

    @Test
    void countsLostEdgesAndMissingSecondsApart() {
        long at = lock();
        sequence += 2;

        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + 3 * SECOND));
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + 8 * SECOND));
        assertEquals(2, guard.counts().lost());
        assertEquals(4, guard.counts().missing());
    }

    @Test
    void noticesAClockThatWasSetForwardByWholeSeconds() {
        long at = lock();
        clockAheadNanos = 37 * SECOND;

        assertEquals(EdgeVerdict.CLOCK_STEPPED, edgeAt(at + SECOND));
        assertEquals(EdgeVerdict.RATE_UNKNOWN, edgeAt(at + 2 * SECOND));
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + 3 * SECOND));
    }

    @Test
    void noticesAClockThatWasSetBack() {
        long at = lock();
        clockAheadNanos = -1_200 * MILLI;

        assertEquals(EdgeVerdict.CLOCK_STEPPED, edgeAt(at + SECOND));
    }

    @Test
    void takesTheBeatAnewWhenTheClockWasSetByLessThanHalfASecond() {
        long at = lock();
        clockAheadNanos = 200 * MILLI;

        assertEquals(EdgeVerdict.OFF_BEAT, edgeAt(at + SECOND));
        assertEquals(EdgeVerdict.OFF_BEAT, edgeAt(at + 2 * SECOND));
        assertEquals(EdgeVerdict.BEAT_MOVED, edgeAt(at + 3 * SECOND));
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + 4 * SECOND));
    }

    @Test
    void allowsForTheDriftOfAFreeClockAfterALongSilence() {
        long at = lock();

        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + 60 * SECOND + 50 * MILLI));
        assertEquals(EdgeVerdict.OFF_BEAT, edgeAt(at + 61 * SECOND + 150 * MILLI));
    }

    @Test
    void beginsAnewWhenTheDeviceWasOpenedAgain() {
        long at = lock();
        sequence = -1;

        assertEquals(EdgeVerdict.RATE_UNKNOWN, edgeAt(at + SECOND));
        assertEquals(EdgeVerdict.RATE_UNKNOWN, edgeAt(at + 2 * SECOND));
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + 3 * SECOND));
    }

    @Test
    void forgetsTheBeatButNotTheCountsOnReset() {
        long at = lock();
        long accepted = guard.counts().accepted();

        guard.reset();

        assertEquals(EdgeVerdict.RATE_UNKNOWN, edgeAt(at + SECOND));
        assertEquals(0, guard.rateHertz());
        assertEquals(accepted, guard.counts().accepted());
    }

    @Test
    void acceptsNoTwoEdgesOfNoiseWithinNineTenthsOfASecond() {
        long seed = 20_261_122L;
        Random random = new Random(seed);
        long at = 0;
        long lastAccepted = Long.MIN_VALUE / 2;
        long total = 0;
        for (int i = 0; i < 20_000; i++) {
            at += 1 + random.nextLong(700 * MILLI);
            total++;
            if (edgeAt(at) == EdgeVerdict.ACCEPTED) {
                assertTrue(at - lastAccepted > 900 * MILLI, "seed " + seed + ", edge " + i);
                lastAccepted = at;
            }
        }
        assertEquals(
                total,
                guard.counts().verdicts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    @Test
    void refusesTwoPulsesPerSecondAndNamesTheRate() {
        for (int i = 0; i < 20; i++) {
            EdgeVerdict verdict = edgeAt(i * 500L * MILLI);
            assertEquals(i >= 4, verdict == EdgeVerdict.NOT_ONE_PER_SECOND, "edge " + i);
            assertTrue(verdict != EdgeVerdict.ACCEPTED, "edge " + i);
        }
        assertEquals(2, guard.rateHertz());
    }

    @Test
    void refusesAReceiverThatDoublesItsRate() {
        long at = lock();
        for (int i = 1; i < 4; i++) {
            edgeAt(at + i * 500L * MILLI);
        }
        assertEquals(EdgeVerdict.NOT_ONE_PER_SECOND, edgeAt(at + 2 * SECOND));
        assertEquals(EdgeVerdict.NOT_ONE_PER_SECOND, edgeAt(at + 2_500 * MILLI));
    }

    @Test
    void findsTheBeginningOfAPulseWhoseContactBounces() {
        for (int i = 0; i < 10; i++) {
            assertEquals(i < 2 ? EdgeVerdict.RATE_UNKNOWN : EdgeVerdict.ACCEPTED, edgeAt(i * SECOND));
            assertTrue(edgeAt(i * SECOND + 40_000) != EdgeVerdict.ACCEPTED, "the bounce of second " + i);
        }
        assertEquals(8, guard.counts().verdicts().get(EdgeVerdict.SECOND_IN_SECOND));
    }

    @Test
    void findsTheBeginningWhereBothEdgesOfAPulseAreToldAsOneKind() {
        for (int i = 0; i < 10; i++) {
            assertEquals(i < 2 ? EdgeVerdict.RATE_UNKNOWN : EdgeVerdict.ACCEPTED, edgeAt(i * SECOND));
            assertTrue(edgeAt(i * SECOND + 100 * MILLI) != EdgeVerdict.ACCEPTED, "the end of second " + i);
        }
    }

    @Test
    void findsTheBeatAmongStrayEdges() {
        Random random = new Random(7);
        int accepted = 0;
        for (int i = 0; i < 200; i++) {
            accepted += edgeAt(i * SECOND) == EdgeVerdict.ACCEPTED ? 1 : 0;
            if (i % 2 == 0) {
                int second = i;
                long stray = 10 * MILLI + random.nextLong(980 * MILLI);
                assertTrue(edgeAt(i * SECOND + stray) != EdgeVerdict.ACCEPTED, () -> "a stray of second " + second);
            }
        }
        assertTrue(accepted > 190, "accepted " + accepted);
    }

    @Test
    void keepsTheBeatBesideNoiseThatIsAsRegular() {
        long at = lock();
        for (int i = 0; i < 10; i++) {
            assertEquals(EdgeVerdict.OFF_BEAT, edgeAt(at + i * SECOND + 600 * MILLI));
            assertEquals(EdgeVerdict.ACCEPTED, edgeAt(at + (i + 1) * SECOND));
        }
    }

    @Test
    void followsABouncingPulseThatMoved() {
        lock();
        EdgeVerdict last = EdgeVerdict.ACCEPTED;
        for (int i = 0; i < 8; i++) {
            last = edgeAt((3 + i) * SECOND + 300 * MILLI);
            edgeAt((3 + i) * SECOND + 300 * MILLI + 40_000);
        }
        assertEquals(EdgeVerdict.ACCEPTED, last);
    }

    @Test
    void refusesTheEndOfAPulseOnceThreeWidthsAgree() {
        lock();
        for (int i = 3; i < 10; i++) {
            assertEquals(i < 5 ? EdgeVerdict.ACCEPTED : EdgeVerdict.WRONG_EDGE, edgeAt(i * SECOND, 900 * MILLI));
        }
        assertEquals(900 * MILLI, guard.widthNanos());
    }

    @Test
    void takesALongPulseOnTheOwnersWord() {
        EdgeGuard told = new EdgeGuard(900 * MILLI);
        EdgeVerdict verdict = EdgeVerdict.RATE_UNKNOWN;
        for (int i = 0; i < 10; i++) {
            verdict = told.check(new PpsEdge(START + i * SECOND, i, Polarity.ASSERT, 900 * MILLI), i * SECOND);
        }
        assertEquals(EdgeVerdict.ACCEPTED, verdict);
        for (int i = 10; i < 20; i++) {
            verdict = told.check(new PpsEdge(START + i * SECOND, i, Polarity.ASSERT, 100 * MILLI), i * SECOND);
        }
        assertEquals(EdgeVerdict.WRONG_EDGE, verdict);
    }

    @Test
    void aPulseOfATenthOfASecondIsRight() {
        lock();
        for (int i = 3; i < 10; i++) {
            assertEquals(EdgeVerdict.ACCEPTED, edgeAt(i * SECOND, 100 * MILLI));
        }
        assertEquals(100 * MILLI, guard.widthNanos());
    }

    @Test
    void saysWhatToCheckWhenTheSourceIsSilent() {
        assertEquals(
                "no pulse on /dev/pps0 for 5 s; check antenna and fix, the pulse wire,"
                        + " and that gpiopin of the pps-gpio overlay is the pin it is on",
                EdgeGuard.silence("/dev/pps0", 5));
    }

    /** Three regular edges; the time of the last, which was accepted. */
    private long lock() {
        edgeAt(0);
        edgeAt(SECOND);
        assertEquals(EdgeVerdict.ACCEPTED, edgeAt(2 * SECOND));
        return 2 * SECOND;
    }

    /** The next edge of the device, {@code nanos} of true time after the start, received 50 us later. */
    private EdgeVerdict edgeAt(long nanos) {
        return edgeAt(nanos, 0);
    }

    private EdgeVerdict edgeAt(long nanos, long widthNanos) {
        sequence++;
        PpsEdge edge = new PpsEdge(START + nanos + clockAheadNanos, sequence, Polarity.ASSERT, widthNanos);
        return guard.check(edge, nanos + 50_000);
    }
}
