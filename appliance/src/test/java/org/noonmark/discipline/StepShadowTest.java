package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StepShadowTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_780_000_000L * SECOND;

    private final StepShadow shadow = new StepShadow();

    @Test
    void nothingIsCoveredBeforeTheFirstStep() {
        assertFalse(shadow.covers(0));
        assertFalse(shadow.covers(Long.MIN_VALUE + 1));
    }

    @Test
    void stepForwardLeavesOldStampsInThePast() {
        shadow.onStepped(10 * SECOND, NOW);
        assertTrue(shadow.covers(NOW - 10 * SECOND - 1));
        assertTrue(shadow.covers(NOW - 1));
        assertFalse(shadow.covers(NOW));
    }

    @Test
    void stepBackwardLeavesOldStampsInTheFuture() {
        shadow.onStepped(-100 * SECOND, NOW);
        assertTrue(shadow.covers(NOW + 100 * SECOND - 1));
        assertFalse(shadow.covers(NOW + SECOND));
        assertFalse(shadow.covers(NOW + 100 * SECOND + 1));
    }

    @Test
    void shadowEndsWhenEverythingOnItsWayHasArrived() {
        shadow.onStepped(-100 * SECOND, NOW);
        shadow.onTick(NOW + 6 * SECOND);
        assertFalse(shadow.covers(NOW + 100 * SECOND - 1));
    }
}
