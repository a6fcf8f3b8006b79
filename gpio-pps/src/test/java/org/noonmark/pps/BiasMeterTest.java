package org.noonmark.pps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BiasMeterTest {
    private static final long SECOND = 1_000_000_000L;

    private final BiasMeter meter = new BiasMeter("GPIO 18");
    private long second = 1_800_000_000L;

    @Test
    void findsTheConstantDelayThatNoEstimatorSees() {
        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            // One interrupt of twenty waits longer.
            double wait = random.nextInt(20) == 0 ? 30_000 * random.nextDouble() : 0;
            pulse(8_200 + Math.round(300 * random.nextGaussian() + wait), Math.round(400 * random.nextGaussian()));
        }
        StampLatency found = meter.latency().orElseThrow();
        assertTrue(Math.abs(found.meanNanos() - 8_200) < 100, () -> "mean " + found.meanNanos());
        assertTrue(Math.abs(found.meanNanos() - 8_200) < found.uncertaintyNanos());
        assertTrue(found.uncertaintyNanos() < 4_000, () -> "doubt " + found.uncertaintyNanos());
        assertEquals("measured on this machine by polling GPIO 18", found.source());
    }

    @Test
    void saysNothingBeforeTwoMinutes() {
        for (int i = 0; i < 119; i++) {
            pulse(8_000, 0);
        }
        assertEquals(Optional.empty(), meter.latency());
        pulse(8_000, 0);
        assertTrue(meter.latency().isPresent());
    }

    @Test
    void doesNotPairTheStampsOfTwoPulses() {
        for (int i = 0; i < 500; i++) {
            second++;
            meter.onPolledEdge(second * SECOND, 1_000);
            second++;
            meter.onKernelEdge(second * SECOND + 8_000);
        }
        assertEquals(Optional.empty(), meter.latency());
    }

    @Test
    void aStepOfTheClockBetweenTheTwoStampsIsNoDelay() {
        for (int i = 0; i < 200; i++) {
            second++;
            meter.onPolledEdge(second * SECOND, 1_000);
            meter.onStepped();
            meter.onKernelEdge(second * SECOND + 500_000);
        }
        assertEquals(Optional.empty(), meter.latency());
    }

    /** Either may come first. */
    private void pulse(long lateNanos, long polledErrorNanos) {
        second++;
        if (second % 2 == 0) {
            meter.onKernelEdge(second * SECOND + lateNanos);
            meter.onPolledEdge(second * SECOND + polledErrorNanos, 1_500);
        } else {
            meter.onPolledEdge(second * SECOND + polledErrorNanos, 1_500);
            meter.onKernelEdge(second * SECOND + lateNanos);
        }
    }
}
