package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noonmark.discipline.EdgeLabeller.Naming;
import org.noonmark.discipline.EdgeLabeller.Verdict;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.nmea.TimeLabel.Trust;

class EdgeLabellerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long UTC = 1_780_000_000L;

    /** The local clock is this far ahead of UTC. */
    private static final long AHEAD = 37 * SECOND + 250 * MILLI;

    private final EdgeLabeller labeller = new EdgeLabeller(0);

    @Test
    void namesNothingBeforeThreeLabelsAgree() {
        assertInstanceOf(Naming.Unnamed.class, edge(0));
        assertEquals(Verdict.WAITS, label(0, 0, 150));
        edge(1);
        assertEquals(Verdict.WAITS, label(1, 1, 150));
        assertInstanceOf(Naming.Unnamed.class, edge(2));
        assertEquals(Verdict.NUMBERS, label(2, 2, 150));
        assertEquals(new OffsetSample(edgeNanos(3), UTC + 3, -AHEAD), named(edge(3)));
    }

    @Test
    void namesTheEdgesThatCameBeforeTheNumbering() {
        start();
        assertEquals(
                java.util.List.of(
                        OffsetSample.of(edgeNanos(0), UTC),
                        OffsetSample.of(edgeNanos(1), UTC + 1),
                        OffsetSample.of(edgeNanos(2), UTC + 2)),
                labeller.recentSamples());
    }

    @Test
    void countsSecondsThroughLostSentencesAndLostEdges() {
        start();
        assertEquals(UTC + 100, named(edge(100)).utcSeconds());
        assertEquals(Verdict.AGREES, label(100, 100, 160));
    }

    @Test
    void refusesLabelWithoutEdgeWithinTheLastSecond() {
        edge(0);
        assertEquals(Verdict.NO_EDGE, label(1, 1, 150));
        assertTrue(labeller.missing().contains("no pulse"), labeller.missing());
    }

    @Test
    void labelsGoOnCountingWhilePulsesStayAway() {
        start();
        for (int k = 4; k < 40; k++) {
            assertEquals(Verdict.COUNTS, label(k, k, 150));
        }
        assertEquals(Verdict.NO_EDGE, label(40, 41, 150));
        assertEquals(UTC + 41, named(edge(41)).utcSeconds());
    }

    @Test
    void refusesLabelOfTheReceiversOwnClock() {
        for (int k = 0; k < 20; k++) {
            edge(k);
            assertEquals(Verdict.NO_FIX, labeller.onLabel(spoken(k, k, 150, Trust.RTC)));
        }
        assertFalse(labeller.isCertain());
        assertEquals(20, labeller.labelling("", "").labelsRejected());
    }

    @Test
    void refusesDelaysTooNearToAWholeSecond() {
        for (int k = 0; k < 100; k++) {
            edge(k);
            assertEquals(k < 2 ? Verdict.WAITS : Verdict.AMBIGUOUS, label(k, k, 985));
        }
        assertTrue(labeller.missing().contains("985"), labeller.missing());
    }

    /** Eight labels know their mean, but single ones lie within 4 sigma of the whole second: another clock must say that it is right. */
    @Test
    void delaysNearAWholeSecondNumberWithADoubt() {
        for (int k = 0; k < 7; k++) {
            edge(k);
            assertEquals(k < 2 ? Verdict.WAITS : Verdict.AMBIGUOUS, label(k, k, 970));
        }
        edge(7);
        assertEquals(Verdict.NUMBERS, label(7, 7, 970));
        assertTrue(labeller.doubt().contains("970"), labeller::doubt);
        assertEquals(UTC + 8, named(edge(8)).utcSeconds());
    }

    /** One burst in six begins before its edge: no three in a row agree, their mean does. */
    @Test
    void labelsThatSpreadOverTheirEdgeAreNumberedByTheirMean() {
        SplittableRandom random = new SplittableRandom(1);
        int numbered = -1;
        for (int k = 0; k < 60 && numbered < 0; k++) {
            long late = Math.round(50 + 50 * random.nextGaussian());
            if (late < 0) {
                numbered = label(k, k, late) == Verdict.NUMBERS ? k : -1;
                edge(k);
            } else {
                edge(k);
                numbered = label(k, k, late) == Verdict.NUMBERS ? k : -1;
            }
        }
        assertTrue(numbered > 8, "numbered at " + numbered);
        assertFalse(labeller.doubt().isEmpty());
        assertEquals(UTC + 61, named(edge(61)).utcSeconds());
    }

    @Test
    void aSecondHeardTwiceIsNoSecondWitness() {
        edge(0);
        label(0, 0, 150);
        assertEquals(Verdict.IMPLAUSIBLE, label(0, 0, 160));
        assertEquals(Verdict.IMPLAUSIBLE, label(0, 0, 170));
        assertFalse(labeller.isCertain());
    }

    @Test
    void refusesSecondsThatNoClockCanShow() {
        edge(0);
        for (long second : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE, Long.MAX_VALUE / SECOND}) {
            assertEquals(
                    Verdict.IMPLAUSIBLE,
                    labeller.onLabel(new TimeLabel(second, false, edgeNanos(0) + 150 * MILLI, Trust.FIX, "RMC")));
        }
    }

    @Test
    void sevenThatDisagreeChangeNothingAndTheEighthDoes() {
        start();
        for (int k = 3; k < 10; k++) {
            edge(k);
            assertEquals(Verdict.DISAGREES, label(k, k + 1, 150));
        }
        assertEquals(UTC + 10, named(edge(10)).utcSeconds());
        assertEquals(Verdict.RENUMBERS, label(10, 11, 150));
        assertEquals(UTC + 12, named(edge(11)).utcSeconds());
    }

    @Test
    void oneThatAgreesBreaksARunThatDisagrees() {
        start();
        for (int k = 3; k < 40; k++) {
            edge(k);
            Verdict verdict = label(k, k % 7 == 0 ? k : k + 1, 150);
            assertTrue(verdict == Verdict.AGREES || verdict == Verdict.DISAGREES, verdict::name);
        }
        assertEquals(UTC + 40, named(edge(40)).utcSeconds());
    }

    @Test
    void edgeBetweenTheSecondsIsOffTheGrid() {
        start();
        Naming naming = labeller.onEdge(edgeNanos(3) + 400 * MILLI);
        assertEquals(
                -400 * MILLI, assertInstanceOf(Naming.OffGrid.class, naming).residueNanos());
        assertEquals(UTC + 4, named(edge(4)).utcSeconds());
    }

    @Test
    void strayEdgeDoesNotTakeTheLabelFromThePulse() {
        start();
        edge(3);
        labeller.onEdge(edgeNanos(3) + 100 * MILLI);
        assertEquals(Verdict.AGREES, label(3, 3, 150));
        assertEquals(150, labeller.labelling("", "").delayNanos() / MILLI, 1);
    }

    @Test
    void namesStayWhenTheClockIsStepped() {
        start();
        labeller.onStepped(-AHEAD);
        assertEquals(OffsetSample.of((UTC + 3) * SECOND, UTC + 3), named(labeller.onEdge((UTC + 3) * SECOND)));
    }

    @Test
    void withdrawnNumberingMustBeProvenAnew() {
        start();
        labeller.withdraw();
        assertInstanceOf(Naming.Unnamed.class, edge(3));
        assertEquals(Verdict.WAITS, label(3, 3, 150));
    }

    /** Two minutes of each of many starts; the delay is never below half a millisecond, and may reach over into the next second. */
    @Test
    void tenThousandsOfStartsNumberNoSecondWrongly() {
        int certain = 0;
        int wrong = 0;
        StringBuilder faults = new StringBuilder();
        for (int delayMillis = 0; delayMillis < 1_000; delayMillis += 10) {
            for (int jitterMillis : new int[] {2, 10, 30, 60, 100, 150, 200}) {
                for (int seed = 0; seed < 100; seed++) {
                    OptionalLong numbered = numberingAfterTwoMinutes(delayMillis, jitterMillis, seed);
                    certain += numbered.isPresent() ? 1 : 0;
                    if (numbered.isPresent() && numbered.getAsLong() != 0) {
                        wrong++;
                        faults.append(" %d+-%d/%d".formatted(delayMillis, jitterMillis, seed));
                    }
                }
            }
        }

        assertEquals(0, wrong, faults.toString());
        assertTrue(certain > 30_000, "only " + certain + " became certain");
    }

    /** By how many seconds the numbering is wrong after two minutes, or empty while none is certain. */
    private static OptionalLong numberingAfterTwoMinutes(int delayMillis, int jitterMillis, int seed) {
        EdgeLabeller fresh = new EdgeLabeller(0);
        SplittableRandom random = new SplittableRandom(delayMillis * 1_000_003L + jitterMillis * 101L + seed);
        double dueNanos = -1;
        int heard = 0;
        for (int k = 0; k < 120; k++) {
            while (heard < k && dueNanos >= 0 && dueNanos < edgeNanos(k)) {
                fresh.onLabel(new TimeLabel(UTC + heard, false, (long) dueNanos, Trust.FIX, "RMC"));
                heard++;
                dueNanos = due(heard, delayMillis, jitterMillis, random);
            }
            if (fresh.onEdge(edgeNanos(k)) instanceof Naming.Named named
                    && named.sample().utcSeconds() != UTC + k) {
                return OptionalLong.of(named.sample().utcSeconds() - UTC - k);
            }
            if (k == 0) {
                dueNanos = due(0, delayMillis, jitterMillis, random);
            }
        }
        return fresh.isCertain() ? OptionalLong.of(0) : OptionalLong.empty();
    }

    private static double due(int second, int delayMillis, int jitterMillis, SplittableRandom random) {
        double delay = Math.max(0.5, delayMillis + jitterMillis * random.nextGaussian());
        return edgeNanos(second) + delay * MILLI;
    }

    private void start() {
        for (int k = 0; k < 3; k++) {
            edge(k);
            label(k, k, 150);
        }
        assertTrue(labeller.isCertain());
    }

    private Naming edge(int k) {
        return labeller.onEdge(edgeNanos(k));
    }

    private static OffsetSample named(Naming naming) {
        return assertInstanceOf(Naming.Named.class, naming).sample();
    }

    private Verdict label(int atSecond, int namedSecond, long delayMillis) {
        return labeller.onLabel(spoken(atSecond, namedSecond, delayMillis, Trust.FIX));
    }

    private static TimeLabel spoken(int atSecond, int namedSecond, long delayMillis, Trust trust) {
        return new TimeLabel(UTC + namedSecond, false, edgeNanos(atSecond) + delayMillis * MILLI, trust, "RMC");
    }

    private static long edgeNanos(int k) {
        return (UTC + k) * SECOND + AHEAD;
    }
}
