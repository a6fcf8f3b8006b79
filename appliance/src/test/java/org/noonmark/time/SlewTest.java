package org.noonmark.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlewTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_780_000_000L * SECOND + SECOND / 4;
    private static final long NEXT = 1_780_000_001L * SECOND;

    @Test
    void beginsAtTheNextWholeSecondAndEndsByItself() {
        Slew slew = Slew.NONE.replacedBy(1_200_000, NOW);

        assertEquals(0, slew.ppb());
        assertEquals(NEXT, slew.untilNanos());
        assertEquals(500_000, slew.at(NEXT).ppb());
        assertEquals(500_000, slew.at(NEXT + SECOND).ppb());
        assertEquals(200_000, slew.at(NEXT + 2 * SECOND).ppb());
        assertTrue(slew.at(NEXT + 3 * SECOND).isOver());
        assertEquals(Slew.NONE, slew.at(NEXT + 1_000 * SECOND));
    }

    @Test
    void theSecondInWhichItIsReplacedGoesOn() {
        Slew slew = Slew.NONE.replacedBy(-1_200_000, NOW).at(NEXT + SECOND / 2).replacedBy(300_000, NEXT + SECOND / 2);

        assertEquals(-500_000, slew.ppb());
        assertEquals(-250_000, slew.underWayNanos(NEXT + SECOND / 2, 0), 1e-6);
        assertEquals(50_000, slew.underWayNanos(NEXT + SECOND / 2, SECOND / 2), 1e-6);
        assertEquals(300_000, slew.at(NEXT + SECOND).ppb());
    }

    @Test
    void isEndedByZero() {
        assertEquals(Slew.NONE, Slew.NONE.replacedBy(700_000, NOW).replacedBy(0, NOW));
        Slew begun = Slew.NONE.replacedBy(700_000, NOW).at(NEXT).replacedBy(0, NEXT);
        assertEquals(500_000, begun.ppb());
        assertTrue(begun.at(NEXT + SECOND).isOver());
    }

    @Test
    void movesByWhatItsSecondsAddUpTo() {
        Slew slew = Slew.NONE.replacedBy(-1_200_000, NOW);

        assertEquals(0, slew.movedNanos(NOW, NEXT));
        assertEquals(-50_000, slew.movedNanos(NOW, NEXT + SECOND / 10), 1e-6);
        assertEquals(-1_100_000, slew.movedNanos(NOW, NEXT + 2 * SECOND + SECOND / 2), 1e-6);
        assertEquals(-1_200_000, slew.movedNanos(NOW, NEXT + 500 * SECOND), 1e-6);
        assertEquals(-250_000, slew.at(NEXT).movedNanos(NEXT + SECOND / 2, NEXT + SECOND), 1e-6);
        assertEquals(0, Slew.NONE.movedNanos(NOW, NOW + SECOND));
    }

    @Test
    void countsInMicroseconds() {
        assertEquals(-1_000, Slew.rounded(-1_499));
        assertEquals(2_000, Slew.rounded(1_500));
    }
}
