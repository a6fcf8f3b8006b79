package org.noonmark.pps;

/** Finds how often pulses come from the intervals between them: the same rate must show in two intervals one after the other. */
final class PulseRate {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int[] KNOWN_HERTZ = {1, 5, 10};

    /** An interval is of a rate when it is within a fiftieth of it: late interrupts of a busy board, a clock 500 ppm off. */
    private static final int TOLERANCE_DIVISOR = 50;

    private static final int PROOF = 2;

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

    /** Pulses per second, or 0 while it is not known: too few intervals, irregular ones, or a rate of none we know. */
    int hertz() {
        return agreeing >= PROOF ? candidateHertz : 0;
    }

    private static int hertzOf(long nanos) {
        for (int hertz : KNOWN_HERTZ) {
            long period = NANOS_PER_SECOND / hertz;
            if (Math.abs(nanos - period) <= period / TOLERANCE_DIVISOR) {
                return hertz;
            }
        }
        return 0;
    }
}
