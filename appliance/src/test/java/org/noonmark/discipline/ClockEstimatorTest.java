package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A crystal, edges every second, and what the estimator makes of them; the clock itself is never corrected here. */
class ClockEstimatorTest {
    private static final double JITTER = 500;

    private final SplittableRandom random = new SplittableRandom(1);
    private final ClockEstimator clock = new ClockEstimator(0, 50_000, 0);
    private double trueOffset;
    private double truePpb = 9_000;

    private void pass(int seconds, boolean edges) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(1, 0);
            trueOffset += truePpb;
            if (edges) {
                clock.update(trueOffset + JITTER * random.nextGaussian());
            }
        }
    }

    @Test
    void findsOffsetAndFrequency() {
        clock.restart(0);
        pass(1_000, true);
        assertEquals(9_000, clock.frequencyPpb(), 5);
        assertEquals(trueOffset, clock.offsetNanos(), 200);
        assertEquals(JITTER, clock.jitterNanos(), 50);
        assertTrue(clock.gain() < 0.2);
        assertTrue(clock.offsetSigmaNanos() < 150);
    }

    @Test
    void averagesLongOverAQuietCrystalAndFollowsAWildOneAtOnce() {
        clock.restart(0);
        pass(2_000, true);
        double quiet = clock.gain();
        truePpb += 700;
        pass(15, true);
        assertTrue(clock.gain() > 3 * quiet, () -> "gain " + clock.gain() + " after " + quiet);
        pass(45, true);
        assertEquals(9_700, clock.frequencyPpb(), 60);
        assertEquals(trueOffset, clock.offsetNanos(), 800);
        pass(2_000, true);
        assertTrue(clock.gain() < 1.5 * quiet, () -> "gain " + clock.gain() + " again");
    }

    /** As through a USB converter, or on an emulated board. */
    @Test
    void followsPulsesThatScatterByAMillisecond() {
        clock.restart(0);
        for (int i = 0; i < 300; i++) {
            clock.advance(1, 0);
            trueOffset += truePpb;
            clock.update(trueOffset + 1e6 * random.nextGaussian());
        }
        assertEquals(1e6, clock.jitterNanos(), 3e5);
        assertTrue(
                Math.abs(clock.offsetNanos() - trueOffset) < 5 * clock.offsetSigmaNanos(),
                () -> clock.offsetNanos() - trueOffset + " off, sigma " + clock.offsetSigmaNanos());
        assertTrue(clock.offsetSigmaNanos() < 5e5);
    }

    @Test
    void correctionsInForceAreNoWanderOfTheCrystal() {
        clock.restart(0);
        for (int i = 0; i < 1_000; i++) {
            double correction = i % 2 == 0 ? 8_000 : 12_000;
            clock.advance(0.25 * (1 + correction * 1e-9), correction);
            clock.advance(0.75, 0);
            trueOffset += truePpb - 0.25 * correction;
            clock.update(trueOffset + JITTER * random.nextGaussian());
        }
        assertEquals(9_000, clock.frequencyPpb(), 5);
    }

    /** The sensor tells what the crystal will do before the edges can. */
    @Test
    void learnsWhatADegreeDoesAndForetellsByItWithoutEdges() {
        clock.restart(0);
        double board = 50;
        for (int k = 0; k < 3 * 3_600; k++) {
            double room = 50 + 3 * Math.sin(2 * Math.PI * k / 5_400);
            board += (room - board) / 120;
            clock.onTemperature(room);
            truePpb = 9_000 - 90 * (board - 50);
            pass(1, k < 2.5 * 3_600);
        }
        double unaided = 90 * 3 * 1_800 * 2 / Math.PI; // half a heating cycle at the frequency of its start
        assertEquals(trueOffset, clock.offsetNanos(), 0.1 * unaided);
    }

    /** Without a sensor: a heating that switches has a rhythm. Holding the frequency of the last moment misses up to 23 us. */
    @ParameterizedTest
    @ValueSource(ints = {0, 300, 900, 1_200, 1_800, 2_400})
    void foretellsARhythmThatItHasSeen(int phase) {
        clock.restart(0);
        int seconds = 10 * 3_600 + phase;
        for (int k = 0; k < seconds; k++) {
            truePpb = rhythmPpb(k);
            pass(1, true);
        }
        double held = trueOffset + 600 * truePpb;
        for (int k = seconds; k < seconds + 600; k++) {
            truePpb = rhythmPpb(k);
            pass(1, false);
        }
        double error = trueOffset - clock.offsetNanos();
        String figures = error + " ns off, by holding the frequency " + (trueOffset - held);
        assertTrue(Math.abs(error) < 4_000, figures);
    }

    private static double rhythmPpb(int k) {
        return 9_000 + 54 * Math.sin(2 * Math.PI * k / 2_700) + 135 * Math.sin(2 * Math.PI * k / 86_400);
    }

    @Test
    void doubtsItsForecastByWhatForecastsHaveMissed() {
        clock.restart(0);
        for (int k = 0; k < 3 * 3_600; k++) {
            truePpb = 9_000 + 100 * Math.sin(2 * Math.PI * k / 7_200);
            pass(1, true);
        }
        assertTrue(Double.isNaN(clock.holdoverSigmaNanos()));
        pass(600, false);
        double sigma = clock.holdoverSigmaNanos();
        assertTrue(sigma > 1_000 && sigma < 60_000, () -> "sigma " + sigma);
        pass(1_200, false);
        assertTrue(clock.holdoverSigmaNanos() > 2 * sigma);
    }

    /** A stray edge, the first one after an outage too, is no reason to leave the forecast. */
    @Test
    void aStrayEdgeMovesNothing() {
        clock.restart(0);
        pass(1_000, true);
        double before = clock.offsetNanos();
        assertTrue(clock.update(before + 3e6) > 0.99);
        assertEquals(before, clock.offsetNanos(), 20);
        pass(120, false);
        before = clock.offsetNanos();
        assertTrue(clock.update(before + 3e8) > 0.99);
        assertEquals(before, clock.offsetNanos(), 3e5);
    }

    /** The frequency is hardly known when the edges stop at once: the first one after is believed however far off it lies. */
    @Test
    void anOutageRightAfterTheStartIsNoReasonToBeSure() {
        truePpb = 45_000;
        clock.restart(0);
        pass(60, false);
        assertTrue(clock.update(trueOffset) < 0.5);
        assertEquals(trueOffset, clock.offsetNanos(), 1_000);
        assertEquals(truePpb, clock.frequencyPpb(), 500);
    }

    @Test
    void allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        clock.restart(0);
        day(20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        day(20_000);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < 20_000, () -> bytes + " bytes in 20 000 seconds");
    }

    private void day(int seconds) {
        for (int k = 0; k < seconds; k++) {
            clock.onTemperature(50 + k % 7);
            pass(1, k % 1_000 < 900);
        }
    }
}
