package org.noonmark.discipline;

/**
 * Bound of the clock's true error, over and above the estimated offset itself.
 *
 * @param edgeDelayAllowanceNanos what is unknown of the edge's constant delay
 * @param maxClockErrorPpb how far the crystal may leave its estimated frequency, while nothing better is known of it
 */
record ErrorBudget(long edgeDelayAllowanceNanos, double maxClockErrorPpb) {
    /** Sigmas in the bound: one violation in 1.7 million for a Gaussian; the estimator's errors have fatter tails. */
    private static final double PHASE_SIGMAS = 5;

    /** The mean of the innovations follows the lag of the filter late: reckon with twice of it. */
    private static final double BIASES = 2;

    private static final double FREQUENCY_SIGMAS = 4;

    /** Of what forecasts of this length have missed on this machine so far. */
    private static final double HOLDOVER_SIGMAS = 4;

    /** The shortest horizon at which forecasts are held against the truth. */
    private static final double FORECAST_SECONDS = 600;

    /**
     * Late interrupts do not average out: whoever is late by a millisecond now and then may be late by as much always. Of the
     * edges' jitter, as learned.
     */
    private static final double JITTER_SIGMAS = 3;

    /** Rounding of stamps and of the frequency that the clock takes on. */
    private static final double QUANTISATION_NANOS = 50;

    /** The bound {@code sinceEdgeNanos} after the last edge used. */
    long boundNanos(ClockEstimator clock, long sinceEdgeNanos) {
        double delay = Math.max((double) edgeDelayAllowanceNanos, JITTER_SIGMAS * clock.jitterNanos());
        double phase = PHASE_SIGMAS * clock.offsetSigmaNanos() + BIASES * clock.biasNanos();
        double unseen = unseenNanos(clock, Math.max(0, sinceEdgeNanos) * 1e-9);
        return (long) Math.ceil(delay + QUANTISATION_NANOS + phase + unseen);
    }

    private double unseenNanos(ClockEstimator clock, double seconds) {
        double missed = clock.holdoverSigmaNanos();
        double doubt = FREQUENCY_SIGMAS * clock.frequencySigmaPpb();
        // The frequency's error at the last edge is part of what forecasts were seen to miss, or comes on top by
        // chance.
        return Double.isNaN(missed)
                ? seconds * (maxClockErrorPpb + doubt)
                : Math.hypot(HOLDOVER_SIGMAS * missed, Math.min(seconds, FORECAST_SECONDS) * doubt);
    }

    /** How fast the bound grows: wander of the crystal, doubt about its frequency, and what of the set one is for a second only. */
    double growthPpb(ClockEstimator clock, double lastingPpb) {
        double slew = Math.abs(clock.frequencyPpb() - lastingPpb);
        return maxClockErrorPpb + FREQUENCY_SIGMAS * clock.frequencySigmaPpb() + slew;
    }
}
