package org.noonmark.sources;

import java.util.Arrays;

/** chrony's {@code maxdelayquant}: answers whose round trip is not among the shortest, by the last ones measured, are left out. */
final class DelayQuantile {
    /** After a change of the way that makes it longer, so many polls later at most answers are used again; more, and the share is kept better. */
    private static final int REMEMBERED = 32;

    private static final int LEAST = 8;

    private final double share;
    private final double[] delays = new double[REMEMBERED];
    private int count;
    private int next;

    /** @param share of all round trips that is used, 0 to 1 */
    DelayQuantile(double share) {
        this.share = share;
    }

    /** What was measured says nothing of the way to come. */
    void forget() {
        count = 0;
        next = 0;
    }

    /** Counts a round trip; whether it is short enough. */
    boolean accepts(double delayNanos) {
        delays[next] = delayNanos;
        next = (next + 1) % REMEMBERED;
        count = Math.min(count + 1, REMEMBERED);
        if (count < LEAST) {
            return true;
        }
        double[] sorted = Arrays.copyOf(delays, count);
        Arrays.sort(sorted);
        return delayNanos <= sorted[(int) Math.floor(share * (count - 1))];
    }
}
