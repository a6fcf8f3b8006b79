package org.noonmark.discipline;

import java.util.List;

/**
 * Five hypotheses on the crystal's restlessness, followed side by side and weighed against each other by how well they foretell the
 * edges (interacting multiple models): a quiet crystal is averaged over minutes, and one whose fan has just started is followed
 * within seconds. What is known is the mean of the five, by their probabilities.
 */
final class ModelBank {
    /** From a crystal in a drawer to one under a fan: random walk of the frequency, ppb per square root of a second. */
    private static final double[] FREQUENCY_WALK = {0.03, 0.12, 0.5, 2, 8};

    /** Walk of the drift, ppb/s per square root of a second. Simulated: between half and double of all ten nothing gains 5 %. */
    private static final double[] DRIFT_WALK = {0.0005, 0.002, 0.008, 0.05, 0.5};

    private static final int MODELS = FREQUENCY_WALK.length;

    /** Chance per second that the crystal becomes one class quieter, or wilder. Simulated: 0.2 to 1 % alike, 2 % is 10 % worse. */
    private static final double CHANGE_PER_SECOND = 0.005;

    private static final double MOST_CHANGE = 0.1;

    /** A hypothesis that has long failed can still come back. */
    private static final double LEAST_PROBABILITY = 1e-6;

    private final CrystalModel[] models = new CrystalModel[MODELS];
    private final CrystalModel[] before = new CrystalModel[MODELS];
    private final double[] probability = new double[MODELS];
    private final double[] probabilityBefore = new double[MODELS];
    private final double[] scratch = new double[CrystalModel.STATES];
    private final double[] mean = new double[CrystalModel.STATES];
    private double gain = 1;

    ModelBank(double frequencyPpb, double frequencySigmaPpb, double poweredSeconds) {
        for (int i = 0; i < MODELS; i++) {
            models[i] =
                    new CrystalModel(FREQUENCY_WALK[i], DRIFT_WALK[i], frequencyPpb, frequencySigmaPpb, poweredSeconds);
            before[i] =
                    new CrystalModel(FREQUENCY_WALK[i], DRIFT_WALK[i], frequencyPpb, frequencySigmaPpb, poweredSeconds);
            probability[i] = 1.0 / MODELS;
        }
        average();
    }

    /** What an earlier run has learned of the temperature's effect. */
    void begin(List<Learned.Term> perDegree) {
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            for (CrystalModel model : models) {
                model.begin(i, perDegree.get(i).ppb(), perDegree.get(i).sigmaPpb());
            }
        }
        average();
    }

    /** Time has passed; long stretches are gone in steps of about a second, at most {@code mostSteps}. */
    void advance(Elapsed elapsed, int mostSteps) {
        int steps = Math.clamp(Math.round(elapsed.seconds()), 1, mostSteps);
        for (int step = 0; step < steps; step++) {
            mix(Math.min(MOST_CHANGE, CHANGE_PER_SECOND * elapsed.seconds() / steps));
            for (CrystalModel model : models) {
                model.advance(elapsed, steps);
            }
        }
        average();
    }

    /** Each hypothesis may have been its neighbour a moment ago: it inherits from there what its neighbour knows. */
    private void mix(double change) {
        for (int i = 0; i < MODELS; i++) {
            before[i].copy(models[i]);
            probabilityBefore[i] = probability[i];
        }
        for (int i = 0; i < MODELS; i++) {
            double below = i > 0 ? change * probabilityBefore[i - 1] : 0;
            double above = i < MODELS - 1 ? change * probabilityBefore[i + 1] : 0;
            int neighbours = (i > 0 ? 1 : 0) + (i < MODELS - 1 ? 1 : 0);
            double stays = (1 - neighbours * change) * probabilityBefore[i];
            double sum = below + stays + above;
            models[i].clear();
            for (int j = Math.max(0, i - 1); j <= Math.min(MODELS - 1, i + 1); j++) {
                models[i].addState(before[j], (j < i ? below : j > i ? above : stays) / sum);
            }
            for (int j = Math.max(0, i - 1); j <= Math.min(MODELS - 1, i + 1); j++) {
                models[i].addCovariance(before[j], (j < i ? below : j > i ? above : stays) / sum);
            }
            probability[i] = sum;
        }
    }

    /** An edge shows {@code offsetNanos} now; {@code noise} weighs it for each hypothesis. */
    void update(double offsetNanos, PulseNoise noise) {
        double total = 0;
        double gains = 0;
        for (int i = 0; i < MODELS; i++) {
            CrystalModel model = models[i];
            double variance = model.offsetVariance();
            noise.weigh(offsetNanos - model.state[CrystalModel.OFFSET], variance, probability[i]);
            model.update(noise.pull(), noise.narrowing(), scratch);
            probability[i] *= noise.likelihood();
            total += probability[i];
            gains += probability[i] * variance / (variance + noise.variance());
        }
        gain = gains / total;
        normalise(total);
        average();
    }

    private void normalise(double total) {
        double sum = 0;
        for (int i = 0; i < MODELS; i++) {
            probability[i] = Math.max(LEAST_PROBABILITY, probability[i] / total);
            sum += probability[i];
        }
        for (int i = 0; i < MODELS; i++) {
            probability[i] /= sum;
        }
    }

    private void average() {
        for (int i = 0; i < CrystalModel.STATES; i++) {
            double sum = 0;
            for (int k = 0; k < MODELS; k++) {
                sum += probability[k] * models[k].state[i];
            }
            mean[i] = sum;
        }
    }

    void restart(double offsetNanos, double variance) {
        for (CrystalModel model : models) {
            model.restart(offsetNanos, variance);
        }
        average();
    }

    /** What was learned of the frequency may be wrong by this, one sigma. */
    void doubtFrequency(double sigmaPpb) {
        for (CrystalModel model : models) {
            model.doubt(CrystalModel.FREQUENCY, sigmaPpb * sigmaPpb);
        }
    }

    /** The clock was moved, so that its offset changed by {@code deltaNanos}. */
    void shiftOffset(double deltaNanos) {
        for (CrystalModel model : models) {
            model.state[CrystalModel.OFFSET] += deltaNanos;
        }
        average();
    }

    /** The frequency is held to be {@code deltaPpb} higher than all hypotheses have it, and not to drift. */
    void shiftFrequency(double deltaPpb) {
        for (CrystalModel model : models) {
            model.state[CrystalModel.FREQUENCY] += deltaPpb;
            model.state[CrystalModel.DRIFT] = 0;
        }
        average();
    }

    /** Drifts are believed as far as they stand out from their doubt. */
    void shrinkDrift() {
        for (CrystalModel model : models) {
            model.shrinkDrift();
        }
        average();
    }

    /** As {@link #driftPpbPerSecond}, after {@link #shrinkDrift}. */
    double shrunkDriftPpbPerSecond() {
        double sum = 0;
        for (int i = 0; i < MODELS; i++) {
            sum += probability[i] * models[i].shrunkDrift();
        }
        return sum;
    }

    /** As {@link #frequencyPpb}, after {@link #shrinkDrift}. */
    double shrunkFrequencyPpb(TemperatureFilter temperature) {
        double sum = 0;
        for (int i = 0; i < MODELS; i++) {
            sum += probability[i] * models[i].shrunkFrequencyPpb(temperature);
        }
        return sum;
    }

    /** No hypothesis may doubt offset and frequency more than this, whatever it thinks of the crystal. */
    void limit(double offsetSigmaNanos, double frequencySigmaPpb) {
        for (CrystalModel model : models) {
            model.limit(CrystalModel.OFFSET, offsetSigmaNanos * offsetSigmaNanos);
            model.limit(CrystalModel.FREQUENCY, frequencySigmaPpb * frequencySigmaPpb);
        }
    }

    double offsetNanos() {
        return mean[CrystalModel.OFFSET];
    }

    /** Over the hypotheses' own doubt and their differences. */
    double offsetVariance() {
        double sum = 0;
        for (int i = 0; i < MODELS; i++) {
            double apart = models[i].state[CrystalModel.OFFSET] - mean[CrystalModel.OFFSET];
            sum += probability[i] * (models[i].offsetVariance() + apart * apart);
        }
        return sum;
    }

    /** Frequency of the crystal as a correction, temperature's part included, without the drift to come. */
    double frequencyPpb(TemperatureFilter temperature) {
        return mean[CrystalModel.FREQUENCY] + temperaturePpb(temperature);
    }

    /** What the temperature does to the frequency now. */
    double temperaturePpb(TemperatureFilter temperature) {
        double sum = 0;
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            sum += ppbPerDegree(i) * temperature.degrees(i);
        }
        return sum;
    }

    double frequencyVariance(TemperatureFilter temperature) {
        double all = frequencyPpb(temperature);
        double sum = 0;
        for (int i = 0; i < MODELS; i++) {
            double apart = models[i].frequencyPpb(temperature) - all;
            sum += probability[i] * (models[i].frequencyVariance(temperature) + apart * apart);
        }
        return sum;
    }

    double driftPpbPerSecond() {
        return mean[CrystalModel.DRIFT];
    }

    /** Of the crystal, less what the temperature explains. */
    double steadyFrequencyPpb() {
        return mean[CrystalModel.FREQUENCY];
    }

    /** One sigma of {@link #ppbPerDegree}, as the hypotheses have it on average. */
    double ppbPerDegreeSigma(int term) {
        double sum = 0;
        for (int i = 0; i < MODELS; i++) {
            int at = CrystalModel.at(CrystalModel.TEMPERATURE + term, CrystalModel.TEMPERATURE + term);
            sum += probability[i] * models[i].covariance[at];
        }
        return Math.sqrt(sum);
    }

    double ppbPerDegree(int term) {
        return mean[CrystalModel.TEMPERATURE + term];
    }

    /** Weight that a clean edge got against the prediction the last time, 0 to 1. */
    double gain() {
        return gain;
    }
}
