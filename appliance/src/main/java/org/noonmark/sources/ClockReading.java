package org.noonmark.sources;

/**
 * What a reference clock showed once.
 *
 * @param localNanos this machine's clock at that moment, nanoseconds since 1970
 * @param referenceNanos the reference clock; of a pulse all but its fraction of the period says nothing
 * @param pulse whether it is one
 * @param leapIndicator RFC 5905, figure 9; 3: it does not know the time
 */
public record ClockReading(long localNanos, long referenceNanos, boolean pulse, int leapIndicator) {
    /** The beginning of a second, or of another whole part of one. */
    public static ClockReading pulse(long localNanos) {
        return new ClockReading(localNanos, 0, true, 0);
    }
}
