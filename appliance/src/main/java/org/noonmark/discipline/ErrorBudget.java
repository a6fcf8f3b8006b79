package org.noonmark.discipline;

/**
 * Bound of the clock's true error, over and above the estimated offset itself.
 *
 * @param edgeDelayAllowanceNanos what is unknown of the edge's constant delay
 * @param maxClockErrorPpb how far the crystal may leave its estimated frequency
 */
record ErrorBudget(long edgeDelayAllowanceNanos, double maxClockErrorPpb) {
    /** Sigmas in the bound: one violation in 1.7 million for a Gaussian; the estimator's errors have fatter tails. */
    private static final double PHASE_SIGMAS = 5;

    /** The mean of the innovations follows the lag of the filter late: reckon with twice of it. */
    private static final double BIASES = 2;

    private static final double FREQUENCY_SIGMAS = 4;

    /** Rounding of stamps and of the frequency that the clock takes on. */
    private static final double QUANTISATION_NANOS = 50;

    /** The bound {@code sinceEdgeNanos} after the last edge used. */
    long boundNanos(ClockEstimator clock, long sinceEdgeNanos) {
        double unseen = Math.max(0, sinceEdgeNanos) * (maxClockErrorPpb * 1e-9);
        double phase = PHASE_SIGMAS * clock.offsetSigmaNanos() + BIASES * Math.abs(clock.biasNanos());
        double bound = edgeDelayAllowanceNanos + QUANTISATION_NANOS + phase + unseen;
        return (long) Math.ceil(bound);
    }

    /** How fast the bound grows: wander of the crystal, doubt about its frequency, and a slew that nobody ends. */
    double growthPpb(ClockEstimator clock, double correctionPpb) {
        double slew = Math.abs(clock.frequencyPpb() - correctionPpb);
        return maxClockErrorPpb + FREQUENCY_SIGMAS * clock.frequencySigmaPpb() + slew;
    }
}
