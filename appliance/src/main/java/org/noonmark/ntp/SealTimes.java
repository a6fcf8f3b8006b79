package org.noonmark.ntp;

/**
 * How long it takes to seal answers: their transmit timestamp is among what is sealed, so it has to be that much ahead of the clock. For
 * each kind of answer the median of what was measured, approached in small steps, so that a pause of the machine moves it by no more
 * than one. For one thread.
 */
public final class SealTimes {
    /** A step is this part of the present value. */
    private static final int STEP_SHIFT = 5;
    /** Nothing takes longer; what was measured longer is not the sealing. */
    private static final int MOST_NANOS = 200_000;

    private final int[] nanos = new int[NtsAuthenticator.KINDS];

    /** Nanoseconds that one answer of that kind will take; 0 when none was measured. */
    public int expect(int kind) {
        return nanos[kind];
    }

    /** So long it took. */
    public void onMeasured(int kind, long tookNanos) {
        int now = nanos[kind];
        if (tookNanos <= 0 || tookNanos > MOST_NANOS) {
            return;
        }
        if (now == 0) {
            nanos[kind] = (int) tookNanos;
        } else {
            int step = (now >> STEP_SHIFT) + 1;
            nanos[kind] = tookNanos > now ? now + step : Math.max(1, now - step);
        }
    }
}
