package org.noonmark.discipline;

/** What is told of the edges: how many, how far off, when the last one came. */
final class EdgeTally {
    /** Edges over which the long-term RMS of the offsets is taken. */
    private static final long RMS_EDGES = 64;

    private static final double SECONDS = 1e-9;

    private long referenceNanos;
    private long lastOffsetNanos;
    private double meanSquareOffset;
    private long offsetsSeen; // since the last step
    private double intervalSeconds;
    private long used;
    private long rejected;

    void use(OffsetSample sample) {
        intervalSeconds = used == 0 ? 0 : (sample.edgeNanos() - referenceNanos) * SECONDS;
        referenceNanos = sample.edgeNanos();
        lastOffsetNanos = sample.offsetNanos();
        used++;
        offsetsSeen++;
        double weight = 1.0 / Math.min(RMS_EDGES, offsetsSeen);
        meanSquareOffset += weight * ((double) lastOffsetNanos * lastOffsetNanos - meanSquareOffset);
    }

    void reject() {
        rejected++;
    }

    void onStepped(long deltaNanos) {
        meanSquareOffset = 0;
        offsetsSeen = 0;
        referenceNanos += deltaNanos;
    }

    /** Local clock at the last edge used; 0 before the first. */
    long referenceNanos() {
        return used == 0 ? 0 : referenceNanos;
    }

    long lastOffsetNanos() {
        return lastOffsetNanos;
    }

    double rmsOffsetNanos() {
        return Math.sqrt(meanSquareOffset);
    }

    double intervalSeconds() {
        return intervalSeconds;
    }

    long used() {
        return used;
    }

    long rejected() {
        return rejected;
    }
}
