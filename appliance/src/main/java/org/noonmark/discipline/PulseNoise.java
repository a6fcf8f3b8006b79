package org.noonmark.discipline;

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
    private static final double MEMORY_EDGES = 2_000;
    private static final double[] LEAST_SHARE = {0.5, 0.002, 0.0005, 0.0002};

    private double variance = FIRST_JITTER_NANOS * FIRST_JITTER_NANOS;
    private final double[] share = {0.93, 0.05, 0.018, 0.002};
    private final double[] meanDelay = {0, 3 * FIRST_JITTER_NANOS, 25 * FIRST_JITTER_NANOS, 0};
    private long edges;

    private final double[] weight = new double[4];
    private double innovation;
    private double predictedVariance;
    private double likelihood;
    private double pull;
    private double narrowing;

    /** Weighs an edge whose offset differs from the prediction by {@code innovationNanos}, the prediction's variance given. */
    void weigh(double innovationNanos, double predictionVariance) {
        innovation = innovationNanos;
        predictedVariance = predictionVariance;
        double total = predictionVariance + variance;
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
    }

    /** After {@link #weigh}: the state moves by its covariance with the phase times this. */
    double pull() {
        return pull;
    }

    /** After {@link #weigh}: the covariance loses the outer product of its phase column times this. */
    double narrowing() {
        return narrowing;
    }

    double cleanShare() {
        return weight[CLEAN];
    }

    double junkShare() {
        return weight[JUNK];
    }

    double variance() {
        return variance;
    }

    /** Learns from the edge weighed last: one step of expectation-maximisation that forgets slowly. */
    void learn() {
        if (++edges <= 5) {
            return; // the prediction itself is still settling
        }
        double rate = 1 / Math.min(edges + 60.0, MEMORY_EDGES);
        double total = predictedVariance + variance;
        double residual = innovation * variance / total;
        double expected = residual * residual + predictedVariance * variance / total;
        variance += rate * weight[CLEAN] * (expected - variance) / Math.max(0.5, share[CLEAN]);
        variance = Math.max(LEAST_VARIANCE, variance);
        double sum = 0;
        for (int i = CLEAN; i <= JUNK; i++) {
            share[i] = Math.max(LEAST_SHARE[i], share[i] + rate * (weight[i] - share[i]));
            sum += share[i];
        }
        for (int i = CLEAN; i <= JUNK; i++) {
            share[i] /= sum;
        }
        double sigma = Math.sqrt(variance);
        meanDelay[SHORT] = Math.clamp(learnedDelay(SHORT, rate, total), 2.5 * sigma, 12 * sigma);
        meanDelay[LONG] = Math.clamp(learnedDelay(LONG, rate, total), 15 * sigma, 300 * sigma);
    }

    private double learnedDelay(int kind, double rate, double total) {
        double mean = meanDelay[kind];
        double delay = Math.max(0.3 * mean, -innovation - total / mean);
        return mean + rate * weight[kind] * (delay - mean) / Math.max(share[kind], 0.005);
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
