package org.noonmark.discipline;

import java.util.Arrays;

/**
 * By how much the first pulses jitter, seen without any model: in the differences of the differences of three pulses in a row neither offset nor
 * frequency is left. {@link PulseNoise} takes minutes to come down from a first guess that is far too large, and until then the clock is
 * sluggish; but learning any faster it would take the slope of a frequency that is not yet known for jitter.
 */
final class EarlyJitter {
    private static final int TRIPLES = 31;

    /** Pulses closer together or further apart than this are not one second apart. */
    private static final double MOST_SECONDS_OFF = 0.1;

    /** Half of a Gaussian lies within this many sigmas; and three pulses have 1, 4 and 1 times the variance of one. */
    private static final double HALF_WIDTH = 0.6745 * Math.sqrt(6);

    private final double[] triples = new double[TRIPLES]; // absolute, nanoseconds
    private int count;
    private double lastNanos; // offset at the last pulse
    private double stepNanos; // its change from the one before, had nobody corrected the clock
    private int inARow;

    /**
     * A pulse came {@code sinceSeconds} after the one before and shows {@code offsetNanos}; in between the clock was corrected by {@code
     * correctedNanos}. Whether {@link #sigmaNanos} is known since.
     */
    boolean onEdge(double offsetNanos, double sinceSeconds, double correctedNanos) {
        if (count == TRIPLES) {
            return false;
        }
        boolean next = inARow > 0 && Math.abs(sinceSeconds - 1) < MOST_SECONDS_OFF;
        double step = offsetNanos + correctedNanos - lastNanos;
        if (next && inARow > 1) {
            triples[count++] = Math.abs(step - stepNanos);
        }
        inARow = next ? Math.min(2, inARow + 1) : 1;
        stepNanos = step;
        lastNanos = offsetNanos;
        return count == TRIPLES;
    }

    /** The clock was moved: pulses before and after say nothing of each other. */
    void onStepped() {
        inARow = 0;
    }

    /** One sigma of a pulse's jitter, whatever the few late ones are. */
    double sigmaNanos() {
        Arrays.sort(triples);
        return triples[TRIPLES / 2] / HALF_WIDTH;
    }
}
