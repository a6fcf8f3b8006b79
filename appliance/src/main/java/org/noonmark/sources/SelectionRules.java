package org.noonmark.sources;

/**
 * The owner's rules for all sources, as chrony.conf(5) has them.
 *
 * @param maxDistanceNanos root distance beyond which a source is not used
 * @param maxJitterNanos scatter beyond which it is not used
 * @param minSources so many must agree
 * @param stratumWeightNanos what each stratum counts as distance
 * @param reselectNanos distance by which another must be better to take the place of the best
 * @param combineLimit those within so many times the best one's distance make one time with it
 * @param orphanStratum servers from this stratum on have lost their reference; 0: nothing is known of that
 */
public record SelectionRules(
        long maxDistanceNanos,
        long maxJitterNanos,
        int minSources,
        long stratumWeightNanos,
        long reselectNanos,
        double combineLimit,
        int orphanStratum) {
    /** chrony's. */
    public static final SelectionRules DEFAULTS =
            new SelectionRules(3_000_000_000L, 1_000_000_000L, 1, 1_000_000L, 100_000L, 3, 0);
}
