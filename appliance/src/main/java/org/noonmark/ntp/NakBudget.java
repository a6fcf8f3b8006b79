package org.noonmark.ntp;

/**
 * How many clients are told in a second that their cookies are not known: those of a whole network within a minute after its server has
 * lost its keys, and no flood. Requests that are not told are as cheap as ever. For one thread.
 */
final class NakBudget {
    private static final long INTERVAL_NANOS = 10_000_000L;
    private static final long MOST_NANOS = 100 * INTERVAL_NANOS;

    private long credit = MOST_NANOS;
    private long lastNanos;

    /** Whether one more is told now, by the served clock, nanoseconds since 1970; a step of the clock back counts as no time. */
    boolean allows(long nowNanos) {
        long elapsed = Math.clamp(nowNanos - lastNanos, 0, MOST_NANOS);
        lastNanos = nowNanos;
        credit = Math.min(MOST_NANOS, credit + elapsed);
        if (credit < INTERVAL_NANOS) {
            return false;
        }
        credit -= INTERVAL_NANOS;
        return true;
    }
}
