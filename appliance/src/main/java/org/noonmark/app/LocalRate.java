package org.noonmark.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.noonmark.sources.Moment;

/** How fast the served clock runs of late against one that nobody steers. Used by one thread. */
final class LocalRate {
    private static final long SPAN_NANOS = 16_000_000_000L;
    private static final long APART_NANOS = 1_000_000_000L;
    /** Twice what the kernel allows; beyond, the clock was stepped. */
    private static final double MOST = 2_000e-6;

    private final Deque<Moment> moments = new ArrayDeque<>();

    /** Time has passed. */
    void on(Moment now) {
        Moment last = moments.peekLast();
        if (last != null && now.rawNanos() - last.rawNanos() < APART_NANOS) {
            return;
        }
        if (last != null && Math.abs(rate(last, now)) > MOST) {
            moments.clear();
        }
        moments.addLast(now);
        while (now.rawNanos() - moments.getFirst().rawNanos() > SPAN_NANOS) {
            moments.removeFirst();
        }
    }

    /** Parts in 10^9, positive when the served clock is faster; 0 while it is not known. */
    double ppb() {
        return moments.size() < 2 ? 0 : rate(moments.getFirst(), moments.getLast()) * 1e9;
    }

    private static double rate(Moment from, Moment to) {
        double raw = to.rawNanos() - from.rawNanos();
        return (to.localNanos() - from.localNanos() - raw) / raw;
    }
}
