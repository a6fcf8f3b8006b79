package org.noonmark.discipline;

/**
 * Running mean and spread of how long after its edge a burst begins to arrive. Robust: a single late burst moves it little. Few
 * labels tell little about the spread, so the estimate starts wide and narrows with what is seen.
 */
final class ArrivalDelay {
    private static final long SECOND = 1_000_000_000L;

    /** Labels after which the oldest begin to be forgotten. Raising it steadies the mean and makes it slower to follow. */
    private static final int WINDOW = 64;

    /**
     * A few delays may lie close together by luck, so the spread that they show is taken times 1 + 8 / labels. Simulated: of 280 000
     * starts with 2 to 200 ms of jitter about every mean, none of the 143 507 that became certain within two minutes was wrong.
     */
    private static final double DOUBT = 8;

    /** From so many labels on one that lies far out is an outlier; before, it may be the truth about the spread. */
    private static final int LABELS_TO_CLIP = 8;

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
        if (labels >= LABELS_TO_CLIP) {
            double clip = CLIP_SIGMAS * sigmaNanos();
            deviation = Math.clamp(deviation, -clip, clip);
        }
        meanNanos += deviation / labels;
        squares = squares * (1 - 1.0 / WINDOW) + deviation * deviation * (1 - 1 / labels);
    }

    /** Takes over what is known of {@code count} labels by another way. */
    void assume(int count, double mean, double sigma) {
        labels = count;
        meanNanos = mean;
        double narrow = sigma / (1 + DOUBT / count);
        squares = narrow * narrow * (count - 1);
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

    /** One sigma, with the doubt of few labels in it; a whole second before two labels have shown any. */
    double sigmaNanos() {
        if (labels < 2) {
            return SECOND;
        }
        return Math.max(SIGMA_FLOOR_NANOS, Math.sqrt(squares / (labels - 1)) * (1 + DOUBT / labels));
    }

    /** Distance of the mean from the nearer of 0 and 1 s, in sigmas; negative outside; 0 before the first label. */
    double marginSigmas() {
        return labels == 0 ? 0 : Math.min(meanNanos, SECOND - meanNanos) / sigmaNanos();
    }

    boolean fits(long delayNanos) {
        return Math.abs(delayNanos - meanNanos) <= Math.max(100e6, CLIP_SIGMAS * sigmaNanos());
    }
}
