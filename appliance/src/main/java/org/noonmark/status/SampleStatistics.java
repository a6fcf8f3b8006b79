package org.noonmark.status;

/**
 * What the latest samples of one source say, as measured: corrections made to the clock meanwhile are not taken out again. Offsets are
 * reference minus local.
 *
 * @param samples samples that the figures stand on
 * @param runs runs of residuals with the same sign about the fitted line
 * @param spanSeconds from the oldest to the newest
 * @param frequencyPpb slope of the fitted line; positive: the reference gains on the clock
 * @param skewPpb one-sigma uncertainty of that slope
 * @param offsetNanos the fitted line at the newest sample
 * @param deviationNanos standard deviation about the line
 * @param reach the last eight seconds, newest in the lowest bit: 1 where a sample came
 * @param lastNanos local clock at the newest sample; 0 before the first
 * @param lastOffsetNanos the newest sample
 */
public record SampleStatistics(
        int samples,
        int runs,
        double spanSeconds,
        double frequencyPpb,
        double skewPpb,
        double offsetNanos,
        double deviationNanos,
        int reach,
        long lastNanos,
        double lastOffsetNanos) {
    /** No sample yet. */
    public static final SampleStatistics NONE = new SampleStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
