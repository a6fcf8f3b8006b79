package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class AlmanacCycleTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_790_000_000L * SECOND;

    private final AlmanacCycle cycle = new AlmanacCycle();

    /** The first second at which it is whole, when there is a fix in these seconds and none in the others. */
    private long wholeAt(LongPredicate fix) {
        for (long k = 0; k < 10_000; k++) {
            if (fix.test(k)) {
                cycle.onFix(START + k * SECOND);
            } else {
                cycle.onUnfixed();
            }
            if (cycle.isWhole()) {
                return k;
            }
        }
        return -1;
    }

    @Test
    void anUnbrokenFixHearsAllInTwelveAndAHalfMinutesAndASubframe() {
        assertEquals(756, wholeAt(_ -> true));
        assertEquals(0, cycle.secondsLeft(START + 756 * SECOND));
    }

    @Test
    void whatABreakTookAwayIsHeardInTheNextCycle() {
        // The last that was not heard whole began in second 310.
        assertEquals(310 + 750 + 7, wholeAt(k -> k != 300 && k != 310));
    }

    @Test
    void aBreakOfAMinuteIsNoMoreHeardThanOneOfASecond() {
        assertEquals(359 + 750 + 7, wholeAt(k -> k < 300 || k >= 360));
    }

    @Test
    void aFixThatBreaksOftenerThanASubframeLastsHearsNothing() {
        assertEquals(-1, wholeAt(k -> k % 5 != 0));
    }

    @Test
    void labelsThatGetLostOnTheLineAreNoBreak() {
        long k = 0;
        while (!cycle.isWhole() && k < 2_000) {
            cycle.onFix(START + k * SECOND);
            k += 3;
        }
        assertTrue(k >= 756 && k <= 762, "whole after " + k);
    }

    @Test
    void aSilenceIsABreak() {
        for (long k = 0; k < 1_000; k++) {
            if (k < 500 || k > 520) {
                cycle.onFix(START + k * SECOND);
            }
        }
        assertFalse(cycle.isWhole());
        assertEquals(520 + 750 + 7 - 999, cycle.secondsLeft(START + 999 * SECOND));
    }

    @Test
    void saysHowLongItTakes() {
        assertEquals(757, cycle.secondsLeft(START));
        for (long k = 0; k <= 700; k++) {
            cycle.onFix(START + k * SECOND);
        }
        assertEquals(56, cycle.secondsLeft(START + 700 * SECOND));
    }

    @Test
    void aStepOfTheClockChangesNothing() {
        long step = 37 * SECOND;
        for (long k = 0; k < 400; k++) {
            cycle.onFix(START + k * SECOND);
        }
        cycle.onStepped(step);
        for (long k = 400; k <= 756; k++) {
            cycle.onFix(START + step + k * SECOND);
        }
        assertTrue(cycle.isWhole());
        cycle.forget();
        assertFalse(cycle.isWhole());
    }
}
