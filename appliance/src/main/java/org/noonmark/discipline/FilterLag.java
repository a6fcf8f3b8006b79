package org.noonmark.discipline;

/**
 * How far the last edges lay off their predictions on the same side. The models' own doubt knows chance only; when the crystal has
 * just changed its rate they lag, and this shows by how much.
 */
final class FilterLag {
    /** What a crystal may gain in a few seconds when its rate changes; edges further off are strays, or a jump. */
    private static final double NEAR_NANOS = 50_000;

    /** Innovations over which a bias shows, and what a single one may add to it. */
    private static final int EDGES = 8;

    private static final double MOST_SIGMAS = 5;

    private double bias;
    private double lastInnovationNanos;
    private int oddInARow;
    private long edges;

    /** An edge lay {@code innovationNanos} off; {@code sigma} was expected; {@code cleanShare}: how probably it was a good one. */
    void onEdge(double innovationNanos, double sigma, double cleanShare) {
        boolean near = Math.abs(innovationNanos) < NEAR_NANOS;
        oddInARow = near && cleanShare < 0.5 ? oddInARow + 1 : 0;
        lastInnovationNanos = innovationNanos;
        if (near && edges++ > EDGES) {
            bias += (Math.clamp(innovationNanos, -MOST_SIGMAS * sigma, MOST_SIGMAS * sigma) - bias) / EDGES;
        }
    }

    void forget() {
        bias = 0;
        oddInARow = 0;
    }

    /** Unsigned; two odd edges in a row are no longer taken for chance. */
    double nanos() {
        return oddInARow < 2 ? Math.abs(bias) : Math.max(Math.abs(bias), Math.abs(lastInnovationNanos));
    }
}
