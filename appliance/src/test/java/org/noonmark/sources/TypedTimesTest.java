package org.noonmark.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A clock that gains 50 ppm against the truth, and raw time with it; a person types the truth. */
class TypedTimesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long EPOCH = 1_800_000_000L * SECOND;
    private static final double FAST = 50e-6;

    private final TypedTimes typed = new TypedTimes();
    private long stepped;

    private Moment at(long seconds) {
        return new Moment(EPOCH + seconds * SECOND + stepped, seconds * SECOND);
    }

    /** Typed {@code late} seconds wrong; and the clock is set as is said. */
    private TypedTimes.Estimate type(long seconds, double wrong) {
        long truth = EPOCH + Math.round(seconds * SECOND * (1 - FAST)) + Math.round(wrong * SECOND);
        TypedTimes.Estimate estimate = typed.add(truth, at(seconds));
        stepped -= estimate.fastNanos();
        return estimate;
    }

    @Test
    void theOffsetIsThatOfTheLastOneAndTheRateComesFromADayOfThem() {
        assertEquals(0.0, type(0, 0).fastNanos() / 1e9, 1e-9);
        TypedTimes.Estimate near = type(600, 0.5);
        assertEquals(600 * FAST - 0.5, near.fastNanos() / 1e9, 1e-6);
        assertTrue(near.slope().isEmpty(), "ten minutes tell nothing of a crystal");
        assertEquals(500e-6, near.skew());
        for (int hour = 1; hour <= 24; hour++) {
            type(hour * 3_600L, hour == 12 ? 30 : hour % 2 * 0.4 - 0.2);
        }
        TypedTimes.Estimate day = type(25 * 3_600L, 0);
        assertEquals(-FAST, day.slope().orElseThrow(), day.skew());
        assertTrue(day.skew() < 50e-6, day.skew() + "");
        assertEquals(16, typed.count());
    }

    @Test
    void aSlipShowsAsResidualAndIsTakenBack() {
        for (int hour = 0; hour < 6; hour++) {
            type(hour * 3_600L, hour == 4 ? 60 : 0);
        }
        List<TypedTimes.Row> rows = typed.rows(at(5 * 3_600L), 0);
        assertEquals(-60, rows.get(4).residualNanos() / 1e9, 0.1);
        assertEquals(0, rows.get(3).residualNanos() / 1e9, 0.1);
        assertEquals(-60, (rows.get(4).slewedNanos() - rows.get(3).slewedNanos()) / 1e9, 0.3);
        assertEquals(3_600 * FAST - 60, rows.get(4).originalNanos() / 1e9, 1e-6);
        typed.delete(4);
        assertEquals(5, typed.count());
        assertEquals(0, typed.rows(at(5 * 3_600L), 0).get(4).residualNanos() / 1e9, 0.01);
    }

    /** An hour too much, twice: no crystal runs so, and its rate is not believed, nor a bound that small. */
    @Test
    void aRateThatNoCrystalHasIsNotTaken() {
        type(0, 0);
        TypedTimes.Estimate estimate = type(86_400L, 3_600);
        assertTrue(estimate.slope().isEmpty());
        assertEquals(500e-6, estimate.skew(), 1e-12);
    }

    @Test
    void twoTellARateAndThreeHowWellItIsKnown() {
        type(0, 0);
        TypedTimes.Estimate two = type(43_200L, 0);
        assertEquals(-FAST, two.slope().orElseThrow(), 1e-9);
        assertEquals(500e-6, two.skew(), 1e-12);
        assertTrue(type(86_400L, 0).skew() < 50e-6);
    }

    @Test
    void oneASecondIsEnough() {
        assertFalse(typed.isTooSoon(at(0)));
        type(0, 0);
        assertTrue(typed.isTooSoon(new Moment(EPOCH, SECOND - 1)));
        assertFalse(typed.isTooSoon(at(1)));
        typed.reset();
        assertEquals(0, typed.count());
        assertEquals(List.of(), typed.rows(at(1), 0));
    }
}
