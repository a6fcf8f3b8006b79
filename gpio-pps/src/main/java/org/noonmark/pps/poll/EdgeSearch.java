package org.noonmark.pps.poll;

import java.util.function.LongSupplier;

/**
 * Reads a pin over and over, and the clock between two readings. The edge came after the clock's reading before the last idle level, and
 * before the one after the first active level: this bracket holds it, whatever interrupted the search. Allocates nothing.
 */
final class EdgeSearch {
    /** What a search ended with. */
    enum Outcome {
        /** The pin turned active. */
        FOUND,
        /** It was active from the first reading on. */
        TOO_LATE,
        /** It stayed idle. */
        NOT_SEEN
    }

    private final GpioLevel pin;
    private final LongSupplier clockNanos;
    private final boolean activeHigh;
    private long earliestNanos;
    private long latestNanos;

    /**
     * A search on one pin.
     *
     * @param clockNanos the clock that stamps
     * @param activeHigh whether the rising edge is the one that counts
     */
    EdgeSearch(GpioLevel pin, LongSupplier clockNanos, boolean activeHigh) {
        this.pin = pin;
        this.clockNanos = clockNanos;
        this.activeHigh = activeHigh;
    }

    /** Looks until the clock shows {@code untilNanos}. */
    Outcome lookUntil(long untilNanos) {
        long beforeNanos = clockNanos.getAsLong();
        long idleNanos = Long.MIN_VALUE;
        while (beforeNanos - untilNanos < 0) {
            boolean active = pin.isHigh() == activeHigh;
            long afterNanos = clockNanos.getAsLong();
            if (active) {
                earliestNanos = idleNanos;
                latestNanos = afterNanos;
                return idleNanos == Long.MIN_VALUE ? Outcome.TOO_LATE : Outcome.FOUND;
            }
            idleNanos = beforeNanos;
            beforeNanos = afterNanos;
        }
        return Outcome.NOT_SEEN;
    }

    /** Middle of the bracket of the edge that was found. */
    long stampNanos() {
        return earliestNanos + (latestNanos - earliestNanos) / 2;
    }

    /** Width of that bracket: the edge lies within half of it from the stamp. Negative or large: the clock was set meanwhile. */
    long bracketNanos() {
        return latestNanos - earliestNanos;
    }
}
