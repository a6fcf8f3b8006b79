package org.noonmark.discipline;

import java.util.Arrays;

/**
 * One hypothesis on how restlessly the crystal wanders: a Kalman filter on six numbers. All are told as corrections, so that they are
 * positive when the clock is slow.
 *
 * <ul>
 *   <li>0: offset of the clock, reference minus local, ns
 *   <li>1: frequency, less what the temperature explains, ppb
 *   <li>2: drift of that frequency, ppb/s; it dies away with {@link #DRIFT_SECONDS}
 *   <li>3 to 5: what one degree does, ppb, on each of the {@link TemperatureFilter}'s terms
 * </ul>
 *
 * The hypotheses of a {@link ModelBank} differ in the walk of frequency and drift only.
 */
final class CrystalModel {
    static final int STATES = 3 + TemperatureFilter.TERMS;

    static final int OFFSET = 0;
    static final int FREQUENCY = 1;
    static final int DRIFT = 2;
    static final int TEMPERATURE = 3;

    /** How long a drift lasts: boards warm up, rooms are heated. Simulated: half and double differ by less than 5 %. */
    static final double DRIFT_SECONDS = 300;

    /** White frequency noise of the crystal over one second, ppb. */
    private static final double WHITE_PPB = 0.1;

    /** Drift that a crystal just switched on may have, ppb/s: the board warms by some degrees a minute. */
    private static final double FIRST_DRIFT = 0.5;

    /** Drift of a board that has long been warm, ppb/s. */
    private static final double WARM_DRIFT = 0.01;

    /**
     * A drift that stands out by less is a walk as often as not. Simulated, ten minutes without edges, ratio to the error of who knows the
     * frequency exactly and holds it: a walk of 1 ppb has 1.22 with 1, 1.08 with 2, 1.07 with 2.5 and more; where a room warms and cools by
     * turns it is 0.73, 0.84 and 0.88, with 4 0.98.
     */
    private static final double DRIFT_SIGMAS = 2.5;

    /** Simple crystals change by about 0.1 ppm per degree at most; what is learned lies below. */
    private static final double FIRST_PPB_PER_DEGREE = 40;

    /** What is known of a sensor never seen before. */
    static final Learned.Term UNKNOWN_TERM = new Learned.Term(0, FIRST_PPB_PER_DEGREE);

    /** Learned coefficients never get stuck: they may walk by this, squared, per second. */
    private static final double COEFFICIENT_WALK = 1e-6;

    private final double frequencyWalk; // ppb per square root of a second, squared
    private final double driftWalk; // ppb/s per square root of a second, squared

    /** Packed by rows; symmetric. */
    final double[] covariance = new double[STATES * STATES];

    final double[] state = new double[STATES];

    /** A crystal that has been powered for {@code poweredSeconds}. */
    CrystalModel(
            double frequencyWalkPpb,
            double driftWalkPpb,
            double frequencyPpb,
            double frequencySigmaPpb,
            double poweredSeconds) {
        frequencyWalk = frequencyWalkPpb * frequencyWalkPpb;
        driftWalk = driftWalkPpb * driftWalkPpb;
        state[FREQUENCY] = frequencyPpb;
        covariance[at(FREQUENCY, FREQUENCY)] = frequencySigmaPpb * frequencySigmaPpb;
        double drift = Math.max(WARM_DRIFT, FIRST_DRIFT * Math.exp(-poweredSeconds / DRIFT_SECONDS));
        covariance[at(DRIFT, DRIFT)] = drift * drift;
        for (int i = TEMPERATURE; i < STATES; i++) {
            covariance[at(i, i)] = FIRST_PPB_PER_DEGREE * FIRST_PPB_PER_DEGREE;
        }
    }

    /** What an earlier run has learned of the temperature's effect. */
    void begin(int term, double ppbPerDegree, double sigma) {
        state[TEMPERATURE + term] = ppbPerDegree;
        covariance[at(TEMPERATURE + term, TEMPERATURE + term)] = sigma * sigma;
    }

    static int at(int row, int column) {
        return row * STATES + column;
    }

    /** Lets one {@code parts}-th of {@code elapsed} pass. */
    void advance(Elapsed elapsed, int parts) {
        double seconds = elapsed.seconds() / parts;
        double remaining = Math.exp(-seconds / DRIFT_SECONDS);
        state[OFFSET] +=
                seconds * state[FREQUENCY] + 0.5 * seconds * seconds * state[DRIFT] - elapsed.correctedNanos() / parts;
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            state[OFFSET] += state[TEMPERATURE + i] * elapsed.degreeSeconds(i) / parts;
        }
        state[FREQUENCY] += seconds * state[DRIFT];
        state[DRIFT] *= remaining;
        for (int i = 0; i < STATES; i++) {
            carry(elapsed, parts, remaining, i * STATES, 1); // the transition, from the right: along each row
        }
        for (int i = 0; i < STATES; i++) {
            carry(elapsed, parts, remaining, i, STATES); // and from the left: down each column
        }
        wander(seconds);
    }

    /** Applies the transition to one row or column of the covariance, in place: every entry is read before it is written. */
    private void carry(Elapsed elapsed, int parts, double remaining, int first, int stride) {
        double seconds = elapsed.seconds() / parts;
        double drift = covariance[first + DRIFT * stride];
        double frequency = covariance[first + FREQUENCY * stride];
        double offset = covariance[first] + seconds * frequency + 0.5 * seconds * seconds * drift;
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            offset += covariance[first + (TEMPERATURE + i) * stride] * elapsed.degreeSeconds(i) / parts;
        }
        covariance[first] = offset;
        covariance[first + FREQUENCY * stride] = frequency + seconds * drift;
        covariance[first + DRIFT * stride] = drift * remaining;
    }

    private void wander(double seconds) {
        double walk = frequencyWalk * seconds;
        covariance[at(OFFSET, OFFSET)] += WHITE_PPB * WHITE_PPB * seconds + walk * seconds * seconds / 3;
        covariance[at(OFFSET, FREQUENCY)] += walk * seconds / 2;
        covariance[at(FREQUENCY, OFFSET)] += walk * seconds / 2;
        covariance[at(FREQUENCY, FREQUENCY)] += walk;
        covariance[at(DRIFT, DRIFT)] += driftWalk * seconds;
        for (int i = TEMPERATURE; i < STATES; i++) {
            covariance[at(i, i)] += COEFFICIENT_WALK * seconds;
        }
    }

    /** The drift is held to be what is left of it less its doubt; of one that is no larger, nothing. */
    void shrinkDrift() {
        double shrinking = shrinking();
        for (int i = 0; i < STATES; i++) {
            state[i] += covariance[at(i, DRIFT)] * shrinking;
        }
    }

    /** What the drift is after {@link #shrinkDrift}. */
    double shrunkDrift() {
        return state[DRIFT] + covariance[at(DRIFT, DRIFT)] * shrinking();
    }

    /** What {@link #frequencyPpb} is after {@link #shrinkDrift}. */
    double shrunkFrequencyPpb(TemperatureFilter temperature) {
        double shrinking = shrinking();
        double sum = 0;
        for (int i = FREQUENCY; i < STATES; i++) {
            sum += share(i, temperature) * (state[i] + covariance[at(i, DRIFT)] * shrinking);
        }
        return sum;
    }

    /**
     * By how much each number changes when the drift is believed no further than it stands out, over its covariance with the drift: what edges
     * showed was then the walk of the frequency, and that is where it ended.
     */
    private double shrinking() {
        double doubt = covariance[at(DRIFT, DRIFT)];
        double square = state[DRIFT] * state[DRIFT];
        double least = DRIFT_SIGMAS * DRIFT_SIGMAS * doubt;
        double believed = square <= least ? 0 : state[DRIFT] * (1 - least / square);
        return (believed - state[DRIFT]) / doubt;
    }

    /** Takes in an edge, as {@link PulseNoise} weighed it for this model's prediction. */
    void update(double pull, double narrowing, double[] scratch) {
        for (int i = 0; i < STATES; i++) {
            scratch[i] = covariance[at(i, OFFSET)];
        }
        for (int i = 0; i < STATES; i++) {
            state[i] += scratch[i] * pull;
            for (int j = 0; j < STATES; j++) {
                covariance[at(i, j)] -= scratch[i] * scratch[j] * narrowing;
            }
        }
    }

    /** The {@code i}-th state is not that uncertain: its variance is at most {@code most}; what it has to do with others stays. */
    void limit(int i, double most) {
        double variance = covariance[at(i, i)];
        if (variance > most) {
            double factor = Math.sqrt(most / variance);
            for (int j = 0; j < STATES; j++) {
                covariance[at(i, j)] *= factor;
                covariance[at(j, i)] *= factor;
            }
        }
    }

    /** The offset is known anew, and nothing that was known of it before counts. */
    void restart(double offsetNanos, double variance) {
        for (int i = 0; i < STATES; i++) {
            covariance[at(OFFSET, i)] = 0;
            covariance[at(i, OFFSET)] = 0;
        }
        state[OFFSET] = offsetNanos;
        covariance[at(OFFSET, OFFSET)] = variance;
    }

    /** The {@code i}-th state may be off by {@code variance} more than was thought, whatever the others are. */
    void doubt(int i, double variance) {
        covariance[at(i, i)] += variance;
    }

    double offsetVariance() {
        return covariance[at(OFFSET, OFFSET)];
    }

    /** Frequency with what the temperature does to it now. */
    double frequencyPpb(TemperatureFilter temperature) {
        double sum = state[FREQUENCY];
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            sum += state[TEMPERATURE + i] * temperature.degrees(i);
        }
        return sum;
    }

    double frequencyVariance(TemperatureFilter temperature) {
        double sum = 0;
        for (int i = FREQUENCY; i < STATES; i++) {
            for (int j = FREQUENCY; j < STATES; j++) {
                sum += share(i, temperature) * share(j, temperature) * covariance[at(i, j)];
            }
        }
        return sum;
    }

    /** What the {@code i}-th state adds to the frequency per unit. */
    private static double share(int i, TemperatureFilter temperature) {
        return switch (i) {
            case FREQUENCY -> 1;
            case DRIFT -> 0;
            default -> temperature.degrees(i - TEMPERATURE);
        };
    }

    /** Begins a mixture of models in this one. */
    void clear() {
        Arrays.fill(state, 0);
        Arrays.fill(covariance, 0);
    }

    /** Adds the mean of {@code other} to a mixture. */
    void addState(CrystalModel other, double weight) {
        for (int i = 0; i < STATES; i++) {
            state[i] += weight * other.state[i];
        }
    }

    /** Adds the spread of {@code other} to a mixture whose mean is complete. */
    void addCovariance(CrystalModel other, double weight) {
        for (int i = 0; i < STATES; i++) {
            for (int j = 0; j < STATES; j++) {
                double between = (other.state[i] - state[i]) * (other.state[j] - state[j]);
                covariance[at(i, j)] += weight * (other.covariance[at(i, j)] + between);
            }
        }
    }

    /** Takes over what {@code other} knows; the own restlessness stays. */
    void copy(CrystalModel other) {
        System.arraycopy(other.state, 0, state, 0, STATES);
        System.arraycopy(other.covariance, 0, covariance, 0, STATES * STATES);
    }
}
