package org.noonmark.discipline;

/**
 * Tracks phase and frequency of the clock from the offsets of edges. Time passes by {@link #advance}, with the correction that was
 * really in force. Used by one thread.
 */
interface ClockEstimator {
    /**
     * How an edge fitted.
     *
     * @param innovationNanos measured minus expected offset
     * @param junkShare probability that the edge is no pulse of the receiver at all
     */
    record Fit(double innovationNanos, double junkShare) {}

    /** The clock advanced by {@code localSeconds} under the correction {@code correctionPpb}. */
    void advance(double localSeconds, double correctionPpb);

    /** An edge shows {@code offsetNanos} now. */
    Fit update(double offsetNanos);

    /** The offset is {@code offsetNanos} now, as one edge says, and nothing of the phase before counts; the frequency is kept. */
    void restart(double offsetNanos);

    /** The clock was moved by {@code deltaNanos}. */
    void onStepped(long deltaNanos);

    /** Reference minus local now. */
    double offsetNanos();

    double offsetSigmaNanos();

    /** By how much the last edges lay off their predictions, either sign: what the sigma does not know while the filter lags. */
    double biasNanos();

    /** The correction that would make the clock run true; positive: the crystal is slow. */
    double frequencyPpb();

    double frequencySigmaPpb();

    /** Weight that a clean edge gets against the prediction, 0 to 1; small when pulses are noisier than the crystal. */
    double gain();

    /** One sigma of a clean edge's jitter, as learned. */
    double jitterNanos();
}
