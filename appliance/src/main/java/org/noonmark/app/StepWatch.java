package org.noonmark.app;

/**
 * Sees that the clock was stepped, by the monotonic clock, which nobody can step. Labels and pulses show it too, but a step of whole
 * seconds only after eight labels: so long a wrong time would be served as right. For one thread.
 */
final class StepWatch {
    /** Smaller steps show in the very next pulse. */
    private static final long SMALLEST_NANOS = 10_000_000;

    /** Two clocks may drift apart by a crystal's error and the largest slew, 500 ppm each, and as much again. */
    private static final long PACE = 500;

    /** Readings further apart say nothing of each other: the thread lost its processor between them. */
    private static final long WIDEST_NANOS = 2_000_000;

    private boolean started;
    private long lastClockNanos;
    private long lastMonotonicNanos;

    /**
     * How far the clock was moved since the last call; 0 when it was not.
     *
     * @param beforeNanos the monotonic clock just before {@code clockNanos} was read
     * @param clockNanos the clock
     * @param afterNanos the monotonic clock just after
     */
    long movedNanos(long beforeNanos, long clockNanos, long afterNanos) {
        if (afterNanos - beforeNanos > WIDEST_NANOS) {
            return 0;
        }
        long elapsed = afterNanos - lastMonotonicNanos;
        long moved = clockNanos - lastClockNanos - elapsed;
        boolean isMoved = started && Math.abs(moved) > SMALLEST_NANOS + elapsed / PACE;
        started = true;
        lastClockNanos = clockNanos;
        lastMonotonicNanos = afterNanos;
        return isMoved ? moved : 0;
    }

    /** The clock is moved by its owner. */
    void forget() {
        started = false;
    }
}
