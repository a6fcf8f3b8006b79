package org.noonmark.discipline;

import java.util.Arrays;

/**
 * Notices pulses that scatter far more than was learned of them: through a USB converter, or on a board that is kept from its
 * interrupts. Edge by edge each of them looks like junk, and nothing would ever be learned from them. A real move of the pulses is
 * told apart by its edges' agreeing among themselves ({@link JumpDetector}).
 */
final class PulseScatter {
    private static final int EDGES = 8;

    /** Strays are few: this many of the last eight are no strays. */
    private static final int MANY = 5;

    /** Edges closer together than this agree, and are a move. */
    private static final double LEAST_SIGMA_NANOS = 50_000;

    /** Half of a Gaussian lies within this many sigmas. */
    private static final double HALF_WIDTH = 0.6745;

    private final double[] innovations = new double[EDGES];
    private final boolean[] junk = new boolean[EDGES];
    private final double[] sorted = new double[EDGES];
    private int seen;

    /** An edge lay {@code innovationNanos} off its prediction. */
    void onEdge(double innovationNanos, boolean isJunk) {
        innovations[seen % EDGES] = innovationNanos;
        junk[seen % EDGES] = isJunk;
        seen++;
    }

    /** One sigma of the last edges about their own middle, when most of them were taken for junk and scatter; else NaN. */
    double sigmaNanos() {
        int many = 0;
        for (boolean each : junk) {
            many += each ? 1 : 0;
        }
        if (seen < EDGES || many < MANY) {
            return Double.NaN;
        }
        double middle = middleNanos();
        for (int i = 0; i < EDGES; i++) {
            sorted[i] = Math.abs(innovations[i] - middle);
        }
        Arrays.sort(sorted);
        double sigma = median() / HALF_WIDTH;
        return sigma > LEAST_SIGMA_NANOS ? sigma : Double.NaN;
    }

    /** The median of how far the last edges lay off their predictions. */
    double middleNanos() {
        System.arraycopy(innovations, 0, sorted, 0, EDGES);
        Arrays.sort(sorted);
        return median();
    }

    void forget() {
        seen = 0;
        Arrays.fill(junk, false);
    }

    private double median() {
        return (sorted[EDGES / 2 - 1] + sorted[EDGES / 2]) / 2;
    }
}
