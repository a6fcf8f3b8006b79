package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StepWatchTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long CLOCK = 1_800_000_000L * SECOND;

    private final StepWatch watch = new StepWatch();

    @Test
    void tellsHowFarTheClockWasMovedAndOnlyOnce() {
        assertEquals(0, at(0, CLOCK));
        assertEquals(-3 * SECOND, at(SECOND, CLOCK + SECOND - 3 * SECOND));
        assertEquals(0, at(2 * SECOND, CLOCK + 2 * SECOND - 3 * SECOND));
        assertEquals(20 * MILLI, at(3 * SECOND, CLOCK + 20 * MILLI));
    }

    @Test
    void takesNoSlewForAStep() {
        assertEquals(0, at(0, CLOCK));
        for (long second = 1; second <= 1_000; second++) {
            assertEquals(0, at(second * SECOND, CLOCK + second * (SECOND + MILLI)));
        }
        assertEquals(0, at(2_000 * SECOND, CLOCK + 2_000 * (SECOND + MILLI)));
    }

    @Test
    void believesNoReadingThatWasInterrupted() {
        assertEquals(0, at(0, CLOCK));
        assertEquals(0, watch.movedNanos(SECOND, CLOCK + SECOND, SECOND + 400 * MILLI));
        assertEquals(0, at(2 * SECOND, CLOCK + 2 * SECOND));
    }

    @Test
    void saysNothingOfAStepThatItWasToldOf() {
        assertEquals(0, at(0, CLOCK));
        watch.forget();
        assertEquals(0, at(SECOND, CLOCK + 86_400 * SECOND));
        assertEquals(SECOND, at(2 * SECOND, CLOCK + 86_402 * SECOND));
    }

    private long at(long monotonicNanos, long clockNanos) {
        return watch.movedNanos(monotonicNanos, clockNanos, monotonicNanos);
    }
}
