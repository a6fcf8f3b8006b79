package org.noonmark.discipline;

import java.util.BitSet;

/**
 * How much of GPS's slow pages a receiver can have heard. They come in turn, in 25 frames of 30 s; one subframe of 6 s among them has the
 * leap count (IS-GPS-200, 20.3.3.5.1.6, subframe 4 page 18). When that comes only the receiver knows, so every second of the cycle must
 * have begun a subframe that was heard whole. What a gap in the fix has taken away comes again 12.5 minutes later.
 */
final class AlmanacCycle {
    /** 25 frames of 30 s. */
    static final int SECONDS = 750;

    /** A subframe, and a second for a label that tells late of its fix. */
    private static final int SUBFRAME_SECONDS = 7;

    /** Labels get lost on the line; without power for longer than this a receiver lost more than labels. */
    private static final long SILENCE_NANOS = 10_000_000_000L;

    private static final double SECOND = 1e9;

    /** Seconds of the cycle that have begun a subframe heard whole. */
    private final BitSet heard = new BitSet(SECONDS);

    private long baseNanos;
    private long runNanos; // since when there has been a fix without a break
    private long lastNanos;
    private boolean running;
    private boolean begun;

    /** The receiver has a fix at {@code nowNanos}, local clock. */
    void onFix(long nowNanos) {
        if (!begun) {
            begun = true;
            baseNanos = nowNanos;
        }
        if (!running || nowNanos - lastNanos > SILENCE_NANOS) {
            running = true;
            runNanos = nowNanos;
            lastNanos = nowNanos;
        }
        long from = Math.max(secondOf(runNanos), secondOf(lastNanos) - SUBFRAME_SECONDS);
        for (long second = from; second + SUBFRAME_SECONDS <= secondOf(nowNanos); second++) {
            heard.set((int) Math.floorMod(second, (long) SECONDS));
        }
        lastNanos = nowNanos;
    }

    /** The receiver has none. */
    void onUnfixed() {
        running = false;
    }

    /** Whether the leap count must have come. */
    boolean isWhole() {
        return heard.cardinality() == SECONDS;
    }

    /** With a fix from {@code nowNanos} on: how many seconds until {@link #isWhole}. */
    int secondsLeft(long nowNanos) {
        if (isWhole()) {
            return 0;
        }
        long next = begun ? secondOf(nowNanos) - (running ? SUBFRAME_SECONDS - 1 : 0) : 0;
        int ahead = SECONDS - 1;
        while (heard.get((int) Math.floorMod(next + ahead, (long) SECONDS))) {
            ahead--;
        }
        return ahead + 1 + (running ? 0 : SUBFRAME_SECONDS);
    }

    /** The clock was moved by {@code deltaNanos}. */
    void onStepped(long deltaNanos) {
        baseNanos += deltaNanos;
        runNanos += deltaNanos;
        lastNanos += deltaNanos;
    }

    /** It is another receiver, or has lost its memory. */
    void forget() {
        heard.clear();
        running = false;
        begun = false;
    }

    private long secondOf(long nanos) {
        return (long) Math.floor((nanos - baseNanos) / SECOND);
    }
}
