package org.noonmark.discipline;

/**
 * Learns what the last hours tell of the time to come, for one horizon: how far the mean frequency of that time will lie off a plain mean
 * of the past, as a weighted sum of how far the means of two minutes to eight hours ago lie off it, and what the models say. A heating
 * that switches, a day that warms up, a crystal that returns to where it was: each shows in these weights. Ridge regression; the weights
 * begin at zero, where the plain mean is believed.
 */
final class PastPattern {
    /** Windows of the past lie between these, minutes ago. */
    private static final int[] EDGES = {0, 2, 5, 10, 20, 30, 45, 60, 90, 120, 240, 480};

    /** One for each window, one for the models. */
    private static final int FEATURES = EDGES.length;

    /** What happened is forgotten over two days. */
    private static final double KEEPING = 1 - 1.0 / 2_880;

    /** One sigma of the weights before anything was learned: a line through two points is extrapolated with weights of about one. */
    private static final double FIRST_SIGMA = 1;

    /** Weights are found anew, and kept for later trials, once in so many minutes. */
    private static final int RENEWAL_MINUTES = 10;

    /** No less noise than this: the solution stays well conditioned, ppb squared. */
    private static final double LEAST_NOISE = 1e-3;

    private final int horizonMinutes;
    private final double[] information = new double[FEATURES * FEATURES];
    private final double[] pull = new double[FEATURES];
    private final double[] root = new double[FEATURES * FEATURES];
    private final double[] weights = new double[FEATURES];
    private final double[][] weightsThen; // by renewal, modulo their number
    private final double[] features = new double[FEATURES];
    private long samples;

    /** {@code keptMinutes}: how far back forecasts are asked for. */
    PastPattern(int horizonMinutes, int keptMinutes) {
        this.horizonMinutes = horizonMinutes;
        weightsThen = new double[keptMinutes / RENEWAL_MINUTES + 2][FEATURES];
    }

    /** The past as seen from {@code moment}: how far its parts, and what the models say ({@code modelPpb}), lie off {@code meanPpb}. */
    void look(FrequencyBook book, double moment, boolean warm, double meanPpb, double modelPpb) {
        features[FEATURES - 1] = modelPpb - meanPpb;
        for (int i = 0; i < FEATURES - 1; i++) {
            // A window that the book does not have, or not whole, says nothing.
            features[i] = book.isUnbrokenSince(moment - EDGES[i + 1])
                    ? book.meanPpb(moment - EDGES[i + 1], moment - EDGES[i], warm) - meanPpb
                    : 0;
        }
    }

    /** After {@link #look}: how far the frequency will lie off the plain mean, ppb, by what is known now. */
    double forecastPpb() {
        return forecastPpb(weights);
    }

    /** As {@link #forecastPpb()}, by what was known at {@code minute}. */
    double forecastPpbThen(int minute) {
        return forecastPpb(weightsThen[renewal(minute)]);
    }

    private double forecastPpb(double[] by) {
        double ppb = 0;
        for (int i = 0; i < FEATURES; i++) {
            ppb += by[i] * features[i];
        }
        return ppb;
    }

    /** After {@link #look} at a moment one horizon ago: the frequency lay {@code missedPpb} off the plain mean. */
    void learn(double missedPpb) {
        samples++;
        // Minute by minute the same horizon is told again, moved by a minute: together they are worth one.
        double worth = 1.0 / horizonMinutes;
        for (int i = 0; i < FEATURES; i++) {
            pull[i] = KEEPING * pull[i] + worth * features[i] * missedPpb;
            for (int j = 0; j <= i; j++) {
                int at = i * FEATURES + j;
                information[at] = KEEPING * information[at] + worth * features[i] * features[j];
            }
        }
    }

    /** Minutes learned from. */
    long samples() {
        return samples;
    }

    /** The {@code minute}-th minute is full; {@code noise}: mean square of what forecasts miss, ppb squared. */
    void renew(int minute, double noise) {
        if (minute % RENEWAL_MINUTES == 0 && samples > 0) {
            solve(Math.max(LEAST_NOISE, noise) / (FIRST_SIGMA * FIRST_SIGMA));
        }
        System.arraycopy(weights, 0, weightsThen[renewal(minute)], 0, FEATURES);
    }

    private int renewal(int minute) {
        return minute / RENEWAL_MINUTES % weightsThen.length;
    }

    /** Weights from the information, by Cholesky's root. */
    private void solve(double ridge) {
        for (int i = 0; i < FEATURES; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = information[i * FEATURES + j] + (i == j ? ridge : 0);
                for (int k = 0; k < j; k++) {
                    sum -= root[i * FEATURES + k] * root[j * FEATURES + k];
                }
                root[i * FEATURES + j] = i == j ? Math.sqrt(sum) : sum / root[j * FEATURES + j];
            }
        }
        System.arraycopy(pull, 0, weights, 0, FEATURES);
        for (int i = 0; i < FEATURES; i++) {
            for (int k = 0; k < i; k++) {
                weights[i] -= root[i * FEATURES + k] * weights[k];
            }
            weights[i] /= root[i * FEATURES + i];
        }
        for (int i = FEATURES - 1; i >= 0; i--) {
            for (int k = i + 1; k < FEATURES; k++) {
                weights[i] -= root[k * FEATURES + i] * weights[k];
            }
            weights[i] /= root[i * FEATURES + i];
        }
    }
}
