package org.noonmark.discipline;

/**
 * Running mean and spread of how long after its edge a burst begins to arrive. Robust: a single late burst moves it little. Few
 * labels tell little about the spread, so the estimate starts wide and narrows with what is seen.
 */
final class ArrivalDelay {
    private static final long SECOND = 1_000_000_000L;

    /** Labels after which the oldest begin to be forgotten. Raising it steadies the mean and makes it slower to follow. */
    private static final int WINDOW = 64;

    /** Spread believed before anything is seen, and the number of labels that belief is worth. */
    private static final double PRIOR_SIGMA_NANOS = 40e6;

    private static final double PRIOR_LABELS = 2;

    /** Serial drivers and schedulers deliver no better than this, whatever a short run of luck says. */
    private static final double SIGMA_FLOOR_NANOS = 10e6;

    private static final double CLIP_SIGMAS = 4;

    private double labels;
    private double meanNanos;
    private double squares;

    void add(long delayNanos) {
        labels = Math.min(labels + 1, WINDOW);
        double deviation = delayNanos - meanNanos;
        if (labels == 1) {
            meanNanos = delayNanos;
            return;
        }
        double clip = CLIP_SIGMAS * sigmaNanos();
        deviation = Math.clamp(deviation, -clip, clip);
        meanNanos += deviation / labels;
        squares = squares * (1 - 1.0 / WINDOW) + deviation * deviation * (1 - 1 / labels);
    }

    void forget() {
        labels = 0;
        meanNanos = 0;
        squares = 0;
    }

    /** Labels that the mean rests on. */
    double labels() {
        return labels;
    }

    double meanNanos() {
        return meanNanos;
    }

    double sigmaNanos() {
        double variance = (PRIOR_LABELS * PRIOR_SIGMA_NANOS * PRIOR_SIGMA_NANOS + squares)
                / (PRIOR_LABELS + Math.max(0, labels - 1));
        return Math.max(SIGMA_FLOOR_NANOS, Math.sqrt(variance));
    }

    /** Distance of the mean from the nearer of 0 and 1 s, in sigmas; negative outside; 0 before the first label. */
    double marginSigmas() {
        return labels == 0 ? 0 : Math.min(meanNanos, SECOND - meanNanos) / sigmaNanos();
    }

    boolean fits(long delayNanos) {
        return Math.abs(delayNanos - meanNanos) <= Math.max(100e6, CLIP_SIGMAS * sigmaNanos());
    }
}
