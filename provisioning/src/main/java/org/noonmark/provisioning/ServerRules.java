package org.noonmark.provisioning;

/**
 * When servers are believed, for all of them.
 *
 * @param maxDistanceNanos root distance beyond which one is not used
 * @param maxJitterNanos scatter beyond which one is not used
 * @param minSources so many must agree
 * @param stratumWeightNanos what each stratum counts as distance
 * @param reselectNanos distance by which another must be better to take the place of the best
 * @param refreshSeconds names are looked up again after so long
 */
public record ServerRules(
        long maxDistanceNanos,
        long maxJitterNanos,
        int minSources,
        long stratumWeightNanos,
        long reselectNanos,
        long refreshSeconds) {}
