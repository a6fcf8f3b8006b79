package org.noonmark.app;

/**
 * How often one thing may be told to the log: a few times in a row, then once a minute. A receiver that changes its mind every second
 * would otherwise fill it. Used by one thread.
 */
final class LogPace {
    private static final int IN_A_ROW = 5;
    private static final long REFILL_NANOS = 60_000_000_000L;

    private int left = IN_A_ROW;
    private long refilledNanos;
    private boolean started;

    /** Whether it may be told now. */
    boolean mayTell(long monotonicNanos) {
        if (!started) {
            started = true;
            refilledNanos = monotonicNanos;
        }
        long refills = (monotonicNanos - refilledNanos) / REFILL_NANOS;
        if (refills > 0) {
            left = (int) Math.min(IN_A_ROW, left + refills);
            refilledNanos += refills * REFILL_NANOS;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
