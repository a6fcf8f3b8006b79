package org.noonmark.sources;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How the local clock ran of late against raw time, so that its stamps are told in raw time, and the other way round, at the rate that it
 * had then: a stamp a second old would else be off by as much as the crystal errs in a second. Used by one thread.
 */
final class LocalTrack {
    /** As old as a reading may be that anybody uses, and as many moments as that takes. */
    private static final long SPAN_NANOS = 64_000_000_000L;

    private static final long APART_NANOS = 500_000_000L;

    private final Deque<Moment> moments = new ArrayDeque<>();
    private @Nullable ClockStep step;

    /** Time has passed. */
    void on(Moment now) {
        Moment last = moments.peekLast();
        if (last != null && now.rawNanos() - last.rawNanos() < APART_NANOS) {
            return;
        }
        moments.addLast(now);
        while (now.rawNanos() - moments.getFirst().rawNanos() > SPAN_NANOS) {
            moments.removeFirst();
        }
    }

    /** The clock was moved: it tells nothing of the time before. */
    void onStepped(ClockStep moved) {
        step = moved;
        moments.clear();
        moments.addLast(moved.after());
    }

    /**
     * Whether a stamp that was heard of at {@code heard} may be from before the last step: then it was taken by a clock that is no more.
     *
     * @param mostAgeNanos older no stamp is
     */
    boolean isBeforeStep(long stampNanos, Moment heard, long mostAgeNanos) {
        ClockStep last = step;
        if (last == null) {
            return false;
        }
        long since = heard.rawNanos() - last.after().rawNanos();
        // Set back, the clock shows for a while what it has shown before.
        return since <= 0
                || stampNanos <= last.after().localNanos()
                || (stampNanos <= last.beforeLocalNanos() && since <= mostAgeNanos);
    }

    /** The raw time of a stamp that was heard of at {@code heard}. */
    long rawOf(long stampNanos, Moment heard) {
        Moment later = heard;
        for (Moment earlier : moments.reversed()) {
            if (earlier.rawNanos() < later.rawNanos()) {
                if (earlier.localNanos() <= stampNanos) {
                    return between(earlier, later, stampNanos);
                }
                later = earlier;
            }
        }
        return heard.rawOf(stampNanos) + beyondNanos(heard, stampNanos);
    }

    /** What the local clock showed at a raw time that was not long ago. */
    long localOf(long rawNanos, Moment now) {
        Moment later = now;
        for (Moment earlier : moments.reversed()) {
            if (earlier.rawNanos() < later.rawNanos()) {
                if (earlier.rawNanos() <= rawNanos) {
                    double share = (double) (rawNanos - earlier.rawNanos()) / (later.rawNanos() - earlier.rawNanos());
                    return earlier.localNanos() + Math.round(share * (later.localNanos() - earlier.localNanos()));
                }
                later = earlier;
            }
        }
        long plain = now.localNanos() - (now.rawNanos() - rawNanos);
        return plain - beyondNanos(now, plain);
    }

    private static long between(Moment earlier, Moment later, long stampNanos) {
        double span = Math.max(1, later.localNanos() - earlier.localNanos());
        double share = (stampNanos - earlier.localNanos()) / span;
        return earlier.rawNanos() + Math.round(share * (later.rawNanos() - earlier.rawNanos()));
    }

    /** Before all that is known, at the rate since: how much later the stamp was than a clock at raw time's pace has it. */
    private long beyondNanos(Moment now, long stampNanos) {
        Moment first = moments.peekFirst();
        if (first == null || now.rawNanos() - first.rawNanos() < APART_NANOS) {
            return 0;
        }
        double raw = now.rawNanos() - first.rawNanos();
        double rate = (now.localNanos() - first.localNanos() - raw) / raw;
        return Math.round((now.localNanos() - stampNanos) * rate);
    }
}
