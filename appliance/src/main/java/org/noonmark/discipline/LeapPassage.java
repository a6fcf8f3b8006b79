package org.noonmark.discipline;

import org.jspecify.annotations.Nullable;

/**
 * Brings the clock over a leap second. From shortly before to shortly after it nothing is served, and no edge, label or stamp is used:
 * one that straddles it would be a second off. The clock is moved once, by a whole second, by the operating system or by the daemon;
 * the names of the seconds move with it, phase and frequency do not change.
 */
final class LeapPassage {
    /** Begins so long before: two ticks, so that service has ended on the wire before the clock is moved. */
    private static final long BEFORE_NANOS = 2_500_000_000L;

    /** Ends so long after the midnight: a burst that describes the leap second has come by then. */
    private static final long AFTER_NANOS = 1_500_000_000L;

    /** The operating system has moved the clock by then, or does not do it. */
    private static final long PATIENCE_NANOS = 500_000_000L;

    /** Readings of two clocks before and after a move by the operating system. */
    private static final long READING_NANOS = 50_000_000L;

    /** What is to be done now. */
    enum Step {
        /** Nothing: no leap second is near, or it is not time yet. */
        NONE,
        /** Service is to end. */
        BEGIN,
        /** It is under way: nothing is used. */
        WAIT,
        /** The clock is to be moved, by {@link LeapSecond#deltaNanos}. */
        MOVE,
        /** It is over. */
        END
    }

    private final LeapMode mode;
    private final boolean systemMoves;
    private @Nullable LeapSecond coming;
    private boolean moved;

    /** {@code systemMoves}: the clock passes leap seconds by itself when told to. */
    LeapPassage(LeapMode mode, boolean systemMoves) {
        this.mode = mode;
        this.systemMoves = systemMoves && mode == LeapMode.SYSTEM;
    }

    /** Whether the operating system is to be told to move the clock. */
    boolean isLeftToSystem() {
        return systemMoves;
    }

    /** What is to be done at {@code nowNanos} about {@code next}, the next leap second, if any. */
    Step at(long nowNanos, @Nullable LeapSecond next) {
        if (coming == null) {
            boolean near = next != null
                    && nowNanos >= next.dueNanos() - BEFORE_NANOS
                    && nowNanos < next.dueNanos() + BEFORE_NANOS;
            if (!near) {
                return Step.NONE;
            }
            coming = next;
            moved = false;
            return Step.BEGIN;
        }
        if (!moved && mode != LeapMode.IGNORE) {
            long due = coming.dueNanos() + (systemMoves ? PATIENCE_NANOS : 0);
            return nowNanos >= due ? Step.MOVE : Step.WAIT;
        }
        long end = coming.atUnixSeconds() * 1_000_000_000L + AFTER_NANOS;
        return nowNanos >= end ? Step.END : Step.WAIT;
    }

    boolean isUnderWay() {
        return coming != null;
    }

    /** The leap second that is being passed. */
    LeapSecond leap() {
        if (coming == null) {
            throw new IllegalStateException("no leap second is being passed");
        }
        return coming;
    }

    /** Whether a move of the clock by {@code deltaNanos} is the leap second's. */
    boolean isMove(long deltaNanos) {
        return coming != null && !moved && Math.abs(deltaNanos - coming.deltaNanos()) <= READING_NANOS;
    }

    /** Whether the clock was moved over the one that is being passed. */
    boolean isOver() {
        return moved;
    }

    /** The clock was moved over it. */
    void onMoved() {
        moved = true;
    }

    /** It is over, or the clock is no longer known well enough to pass it. */
    void end() {
        coming = null;
        moved = false;
    }
}
