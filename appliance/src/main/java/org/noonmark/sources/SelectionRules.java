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
 * @param authenticated how servers that show who they are and others are weighed
 * @param orphanStratum servers from this stratum on have lost their reference; 0: nothing is known of that
 */
public record SelectionRules(
        long maxDistanceNanos,
        long maxJitterNanos,
        int minSources,
        long stratumWeightNanos,
        long reselectNanos,
        double combineLimit,
        Authenticated authenticated,
        int orphanStratum) {
    /** As chrony's {@code authselectmode}. */
    public enum Authenticated {
        /** Others are only watched. */
        REQUIRE,
        /** Others are only watched where there are such. */
        PREFER,
        /** Where there are both, those are trusted, and one of them is required. */
        MIX,
        /** All are alike. */
        IGNORE
    }

    /** chrony's. */
    public static final SelectionRules DEFAULTS =
            new SelectionRules(3_000_000_000L, 1_000_000_000L, 1, 1_000_000L, 100_000L, 3, Authenticated.MIX, 0);
}
