package org.noonmark.pps;

/**
 * Finds the edges that come once a second among others: those with an edge one and two seconds before, and half a second of silence.
 * So a contact that bounces, or both edges of a pulse told as one kind, do not hide the beginning of the pulse.
 */
final class BeatSeeker {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long SILENCE_NANOS = NANOS_PER_SECOND / 2;

    /** Of the last seconds; of a line with more edges than this nothing is found. */
    private static final int REMEMBERED = 64;

    private final long toleranceNanos;
    private final long[] stamps = new long[REMEMBERED];
    private int count;

    BeatSeeker(long toleranceNanos) {
        this.toleranceNanos = toleranceNanos;
    }

    /** Takes the next edge; whether it is one of a beat. */
    boolean onEdge(long stampNanos) {
        boolean silent = count == 0 || stampNanos - stamps[(count - 1) % REMEMBERED] >= SILENCE_NANOS;
        boolean beats = silent && hasEdge(stampNanos - NANOS_PER_SECOND) && hasEdge(stampNanos - 2 * NANOS_PER_SECOND);
        stamps[count % REMEMBERED] = stampNanos;
        count++;
        return beats;
    }

    void onStepped(long deltaNanos) {
        for (int i = 0; i < REMEMBERED; i++) {
            stamps[i] += deltaNanos;
        }
    }

    void reset() {
        count = 0;
    }

    private boolean hasEdge(long nearNanos) {
        for (int i = Math.max(0, count - REMEMBERED); i < count; i++) {
            if (Math.abs(stamps[i % REMEMBERED] - nearNanos) <= toleranceNanos) {
                return true;
            }
        }
        return false;
    }
}
