package org.noonmark.discipline;

import java.util.Arrays;

/**
 * How edges are stamped wrongly, learned while they come: most are clean (Gaussian), some late by an interrupt's wait (two one-sided
 * exponentials, short and long), a few are no pulses at all (uniform over the second). An edge is not accepted or refused but
 * weighted by what it probably is, so that late ones do not pull the clock behind.
 */
final class PulseNoise {
    private static final int CLEAN = 0;
    private static final int SHORT = 1;
    private static final int LONG = 2;
    private static final int JUNK = 3;

    private static final double FIRST_JITTER_NANOS = 500;
    private static final double LEAST_VARIANCE = 9; // 3 ns: no stamp of software is better
    private static final double JUNK_DENSITY = 1e-9; // per nanosecond of a second

    /** Edges that pass before anything is learned: the predictions themselves are still settling. */
    private static final int SETTLING_EDGES = 5;

    /** Half of the edges seen, and some, count: where the first guess was far off it must not linger for hours. */
    private static final double FIRST_MEMORY_EDGES = 30;

    private static final double MEMORY_EDGES = 2_000;

    /** What no kind of edge falls below, so that it can still come back. By kind: clean, short delay, long delay, junk. */
    private static final double[] LEAST_SHARE = {0.5, 0.002, 0.0005, 0.0002};

    /** Mean delays as first guessed, and the range in which they are learned, which keeps the two kinds apart; sigmas of the jitter. */
    private static final double SHORT_SIGMAS = 3;

    private static final double LEAST_SHORT_SIGMAS = 2.5;
    private static final double MOST_SHORT_SIGMAS = 12;

    private static final double LONG_SIGMAS = 25;
    private static final double LEAST_LONG_SIGMAS = 15;
    private static final double MOST_LONG_SIGMAS = 300;

    /** A late edge was late by at least this share of its kind's mean; the estimate of an edge that is hardly late would be negative. */
    private static final double LEAST_DELAY = 0.3;

    /** Of a kind rarer than this an edge teaches no more of its delay: a few of them would throw it about. */
    private static final double LEAST_LEARNING_SHARE = 0.005;

    private double variance = FIRST_JITTER_NANOS * FIRST_JITTER_NANOS;
    private final double[] share = {0.93, 0.05, 0.018, 0.002};
    private final double[] meanDelay = {0, SHORT_SIGMAS * FIRST_JITTER_NANOS, LONG_SIGMAS * FIRST_JITTER_NANOS, 0};
    private long edges;

    private final double[] weight = new double[4]; // what the edge probably is, to the prediction weighed last
    private double likelihood;
    private double pull;
    private double narrowing;

    // Over all predictions of one edge, by their probabilities:
    private double totalLikelihood;
    private final double[] probably = new double[4];
    private double squareSum;
    private final double[] delaySum = new double[4];

    /** An earlier run has seen edges with a jitter of {@code sigmaNanos}. */
    void begin(double sigmaNanos) {
        reopen(sigmaNanos);
    }

    /** Pulses turn out to scatter by {@code sigmaNanos}, far from what was learned: learns anew from there. */
    void reopen(double sigmaNanos) {
        variance = Math.max(LEAST_VARIANCE, sigmaNanos * sigmaNanos);
        double sigma = Math.sqrt(variance);
        meanDelay[SHORT] = SHORT_SIGMAS * sigma;
        meanDelay[LONG] = LONG_SIGMAS * sigma;
        edges = 0;
    }

    /** A new edge comes. */
    void onEdge() {
        totalLikelihood = 0;
        squareSum = 0;
        Arrays.fill(probably, 0);
        Arrays.fill(delaySum, 0);
    }

    /**
     * Weighs the edge against one prediction, from which its offset differs by {@code innovationNanos}.
     *
     * @param predictedVariance of that prediction
     * @param probability of that prediction beside the others
     */
    void weigh(double innovationNanos, double predictedVariance, double probability) {
        double total = predictedVariance + variance;
        double lateness = -innovationNanos; // a late stamp makes the clock look fast
        weight[CLEAN] = share[CLEAN] * gaussian(lateness, total);
        weight[SHORT] = share[SHORT] * delayed(lateness, total, meanDelay[SHORT]);
        weight[LONG] = share[LONG] * delayed(lateness, total, meanDelay[LONG]);
        weight[JUNK] = share[JUNK] * JUNK_DENSITY;
        likelihood = weight[CLEAN] + weight[SHORT] + weight[LONG] + weight[JUNK];
        double first = 0;
        double second = 0;
        double inverse = 0;
        for (int i = CLEAN; i <= LONG; i++) {
            weight[i] /= likelihood;
            double spread = total + meanDelay[i] * meanDelay[i];
            double shift = (innovationNanos + meanDelay[i]) / spread;
            first += weight[i] * shift;
            second += weight[i] * shift * shift;
            inverse += weight[i] / spread;
        }
        weight[JUNK] /= likelihood;
        pull = first;
        narrowing = inverse - second + first * first;
        account(innovationNanos, predictedVariance, probability * likelihood);
    }

    private void account(double innovationNanos, double predictedVariance, double importance) {
        double total = predictedVariance + variance;
        totalLikelihood += importance;
        for (int i = CLEAN; i <= JUNK; i++) {
            probably[i] += importance * weight[i];
        }
        double residual = innovationNanos * variance / total;
        squareSum += importance * weight[CLEAN] * (residual * residual + predictedVariance * variance / total);
        for (int i = SHORT; i <= LONG; i++) {
            double delay = Math.max(LEAST_DELAY * meanDelay[i], -innovationNanos - total / meanDelay[i]);
            delaySum[i] += importance * weight[i] * delay;
        }
    }

    /** After {@link #weigh}: how well the prediction foretold the edge, as a density. */
    double likelihood() {
        return likelihood;
    }

    /** After {@link #weigh}: the state moves by its covariance with the offset times this. */
    double pull() {
        return pull;
    }

    /** After {@link #weigh}: the covariance loses the outer product of its offset column times this. */
    double narrowing() {
        return narrowing;
    }

    /** Probability that the edge was neither late nor junk, over all predictions. */
    double cleanShare() {
        return probably[CLEAN] / totalLikelihood;
    }

    /** Probability that the edge was no pulse at all, over all predictions. */
    double junkShare() {
        return probably[JUNK] / totalLikelihood;
    }

    /** Of a clean edge's stamp. */
    double variance() {
        return variance;
    }

    /** Learns from the edge, once all predictions have weighed it: one step of expectation-maximisation that forgets slowly. */
    void learn() {
        if (++edges <= SETTLING_EDGES) {
            return;
        }
        double rate = 1 / Math.min(0.5 * edges + FIRST_MEMORY_EDGES, MEMORY_EDGES);
        double excess = squareSum / totalLikelihood - cleanShare() * variance;
        variance = Math.max(LEAST_VARIANCE, variance + rate * excess / Math.max(LEAST_SHARE[CLEAN], share[CLEAN]));
        double sum = 0;
        for (int i = CLEAN; i <= JUNK; i++) {
            share[i] = Math.max(LEAST_SHARE[i], share[i] + rate * (probably[i] / totalLikelihood - share[i]));
            sum += share[i];
        }
        for (int i = CLEAN; i <= JUNK; i++) {
            share[i] /= sum;
        }
        double sigma = Math.sqrt(variance);
        meanDelay[SHORT] = Math.clamp(learnedDelay(SHORT, rate), LEAST_SHORT_SIGMAS * sigma, MOST_SHORT_SIGMAS * sigma);
        meanDelay[LONG] = Math.clamp(learnedDelay(LONG, rate), LEAST_LONG_SIGMAS * sigma, MOST_LONG_SIGMAS * sigma);
    }

    private double learnedDelay(int kind, double rate) {
        double excess = (delaySum[kind] - probably[kind] * meanDelay[kind]) / totalLikelihood;
        return meanDelay[kind] + rate * excess / Math.max(share[kind], LEAST_LEARNING_SHARE);
    }

    private static double gaussian(double deviation, double variance) {
        return Math.exp(-0.5 * deviation * deviation / variance) / Math.sqrt(2 * Math.PI * variance);
    }

    /** Density of a Gaussian plus an exponential of mean {@code mean}. */
    private static double delayed(double deviation, double variance, double mean) {
        double sigma = Math.sqrt(variance);
        double a = (sigma / mean - deviation / sigma) / Math.sqrt(2);
        if (a > 5) { // erfc(a) by its asymptote: exp and erfc alone would overflow and underflow
            return gaussian(deviation, variance) * sigma / (a * mean * Math.sqrt(2)) * (1 - 0.5 / (a * a));
        }
        return Math.exp(0.5 * variance / (mean * mean) - deviation / mean) * complementaryError(a) / (2 * mean);
    }

    /** erfc: power series of erf near zero, continued fraction beyond (Abramowitz and Stegun 7.1.5 and 7.1.14). */
    static double complementaryError(double x) {
        if (x < 0) {
            return 2 - complementaryError(-x);
        }
        if (x > 2.5) {
            double fraction = x;
            for (int n = 30; n > 0; n--) {
                fraction = x + 0.5 * n / fraction;
            }
            return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * sum; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 1 - 2 / Math.sqrt(Math.PI) * sum;
    }
}
