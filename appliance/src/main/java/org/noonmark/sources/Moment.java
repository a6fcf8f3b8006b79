package org.noonmark.sources;

/**
 * One instant on two clocks.
 *
 * @param localNanos the served clock, nanoseconds since 1970: steered and stepped
 * @param rawNanos a clock that nobody steers, nanoseconds since some moment before
 */
public record Moment(long localNanos, long rawNanos) {
    /** The raw time of a stamp of the local clock, taken shortly before this moment and not before a step. */
    public long rawOf(long stampNanos) {
        return rawNanos - (localNanos - stampNanos);
    }
}
