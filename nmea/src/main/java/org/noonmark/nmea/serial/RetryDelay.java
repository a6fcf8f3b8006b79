package org.noonmark.nmea.serial;

/** How long to wait before the next attempt: twice as long each time, up to a limit, and short again after a success. */
public final class RetryDelay {
    private final long firstMillis;
    private final long maxMillis;
    private long millis;

    /** Both positive. A receiver that is plugged in is noticed {@code maxMillis} later at the latest. */
    public RetryDelay(long firstMillis, long maxMillis) {
        if (firstMillis <= 0 || maxMillis < firstMillis) {
            throw new IllegalArgumentException(
                    "first " + firstMillis + " ms, max " + maxMillis + " ms: need 0 < first <= max");
        }
        this.firstMillis = firstMillis;
        this.maxMillis = maxMillis;
        this.millis = firstMillis;
    }

    long nextMillis() {
        long now = millis;
        millis = Math.min(2 * millis, maxMillis);
        return now;
    }

    void reset() {
        millis = firstMillis;
    }
}
