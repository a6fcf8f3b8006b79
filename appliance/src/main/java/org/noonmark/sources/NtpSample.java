package org.noonmark.sources;

/**
 * What one exchange with a server has measured; stamps and offset in terms of the moment when it was made.
 *
 * @param rawNanos raw time in the middle between request and answer
 * @param offsetNanos reference minus local clock then
 * @param referenceMinusRawNanos reference minus raw time then
 * @param delayNanos round trip without the server's own time, at least the precision of both clocks
 * @param dispersionNanos how far precision and frequency may have spoilt it
 * @param rootDelayNanos round trip to the reference clock, this one included
 * @param rootDispersionNanos dispersion from the reference clock to here
 */
public record NtpSample(
        long rawNanos,
        long offsetNanos,
        long referenceMinusRawNanos,
        double delayNanos,
        double dispersionNanos,
        double rootDelayNanos,
        double rootDispersionNanos) {
    /** Bound of the offset's error. */
    public double rootDistanceNanos() {
        return rootDelayNanos / 2 + rootDispersionNanos;
    }

    /** Bound of the error that this exchange alone has made. */
    double distanceNanos() {
        return delayNanos / 2 + dispersionNanos;
    }
}
