package org.noonmark.discipline;

/** Whether the receiver stands behind its pulses: one without a fix lets them drift, and they must not be followed then. */
final class LabelBacking {
    /** A second without backing is nothing; a receiver that free-runs drifts up to 2 us/s from its last fix. */
    private static final long TIMEOUT_NANOS = 10_000_000_000L;

    private static final int UNFIXED_LABELS = 3;

    private long lastNanos;
    private int unfixed;

    /** A label with a fix behind it arrived. */
    void onLabel(long arrivalNanos) {
        lastNanos = arrivalNanos;
        unfixed = 0;
    }

    /** A label said that there is no fix. */
    void onUnfixed() {
        unfixed++;
    }

    void onStepped(long deltaNanos) {
        lastNanos += deltaNanos;
    }

    /** What was heard before says nothing of the clock as it is now. */
    void onMoved(long atNanos) {
        lastNanos = atNanos;
    }

    /** Why the pulses are not followed at {@code nowNanos}; empty when they are. */
    String missing(long nowNanos) {
        if (unfixed >= UNFIXED_LABELS) {
            return "the receiver has lost its fix; its pulses are not followed";
        }
        return nowNanos - lastNanos < TIMEOUT_NANOS
                ? ""
                : "no valid time label for 10 s; the pulses alone are not followed";
    }
}
