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
        TypedTimes.Estimate left = typed.delete(4, at(5 * 3_600L), 0);
        assertEquals(0, left.fastNanos() / 1e9, 0.01);
        assertEquals(5, typed.count());
        assertEquals(0, typed.rows(at(5 * 3_600L), 0).get(4).residualNanos() / 1e9, 0.01);
    }

    /** The last one was the slip: the clock stands where it should not. */
    @Test
    void takingTheLastOneBackMovesTheClockBack() {
        for (int hour = 0; hour < 6; hour++) {
            type(hour * 3_600L, hour == 5 ? 60 : 0);
        }
        TypedTimes.Estimate left = typed.delete(5, at(5 * 3_600L), 0);
        assertEquals(60, left.fastNanos() / 1e9, 0.5);
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
