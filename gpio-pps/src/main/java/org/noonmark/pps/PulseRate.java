package org.noonmark.pps;

/** Finds how often pulses come from the intervals between them: the same rate must show in some intervals one after the other. */
final class PulseRate {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Receivers pulse up to this often, unless they make a frequency. */
    private static final int MOST_HERTZ = 20;

    /** An interval is of a rate when it is within a fiftieth of it: late interrupts of a busy board, a clock 500 ppm off. */
    private static final int TOLERANCE_DIVISOR = 50;

    private static final int PROOF = 2;

    /** One stray edge in the middle of a second makes two intervals of 2 Hz. */
    private static final int PROOF_OF_TWO_HERTZ = 4;

    private int candidateHertz;
    private int agreeing;

    /** Takes the time in which {@code edges} pulses came, nanoseconds, both positive. */
    void onInterval(long nanos, long edges) {
        int hertz = hertzOf(nanos / edges);
        agreeing = hertz == candidateHertz ? agreeing + 1 : 1;
        candidateHertz = hertz;
    }

    void reset() {
        candidateHertz = 0;
        agreeing = 0;
    }

    /** Pulses per second, or 0 while it is not known: too few intervals, irregular ones, or a rate that is no whole number up to 20. */
    int hertz() {
        return agreeing >= (candidateHertz == 2 ? PROOF_OF_TWO_HERTZ : PROOF) ? candidateHertz : 0;
    }

    private static int hertzOf(long nanos) {
        long hertz = nanos <= 0 ? 0 : Math.round((double) NANOS_PER_SECOND / nanos);
        if (hertz < 1 || hertz > MOST_HERTZ) {
            return 0;
        }
        long period = NANOS_PER_SECOND / hertz;
        return Math.abs(nanos - period) <= period / TOLERANCE_DIVISOR ? (int) hertz : 0;
    }
}
