package org.noonmark.discipline;

/**
 * Whether a change of the time that the pulses call for is one that the owner expects (chrony's maxchange): in the first updates any,
 * later none larger than so much, but for a few that are ignored. What is still being worked off is no new change. For one thread.
 */
final class ChangeLimit {
    /** What becomes of an update. */
    enum Verdict {
        /** The clock follows. */
        FOLLOWED,
        /** It is too large, and the clock stays as it is. */
        IGNORED,
        /** It is too large, and one too many. */
        FATAL
    }

    private final TimingOptions.MaxChange limit;
    private long updates;
    private long ignored;
    private double followedNanos; // the offset of the last update that was followed

    ChangeLimit(TimingOptions.MaxChange limit) {
        this.limit = limit;
    }

    /** A pulse has brought the offset to {@code offsetNanos}, reference minus local. */
    Verdict onUpdate(double offsetNanos) {
        boolean free = limit.start() < 0 || updates < limit.start();
        updates++;
        if (free || allows(offsetNanos)) {
            followedNanos = offsetNanos;
            return Verdict.FOLLOWED;
        }
        if (limit.ignore() >= 0 && ignored >= limit.ignore()) {
            return Verdict.FATAL;
        }
        ignored++;
        return Verdict.IGNORED;
    }

    /** Whether {@code offsetNanos} is within the limit of what was followed, or of what is left of that. */
    boolean allows(double offsetNanos) {
        return limit.start() < 0
                || (offsetNanos >= Math.min(0, followedNanos) - limit.offsetNanos()
                        && offsetNanos <= Math.max(0, followedNanos) + limit.offsetNanos());
    }

    /** The clock was moved: nothing is left to be worked off. */
    void onMoved() {
        followedNanos = 0;
    }
}
