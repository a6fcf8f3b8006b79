package org.noonmark.sources;

/**
 * The time of the servers that agree, as one that can be followed. Immutable.
 *
 * @param name of the best of them
 * @param referenceId what one that follows calls its reference: the best one's address
 * @param stratum of the best one
 * @param leapDirection what most of them announce for the end of this UTC day: +1, -1, or 0
 * @param leapAnnounced whether any of them announces a leap second
 * @param weighty whether it may overrule what was proven before: two agree, or one that shows who it is
 * @param referenceMinusRawNanos their time against raw time, when {@code atRawNanos}
 * @param atRawNanos raw time of the decision
 * @param slope how fast their time runs against raw time, as a share
 * @param skew how far that may be off, as a share
 * @param rootDelayNanos round trip to the best one's reference clock
 * @param rootDispersionNanos what may be wrong besides half of that, when {@code atRawNanos}
 * @param newestRawNanos raw time of the best one's newest sample
 */
public record Lead(
        String name,
        int referenceId,
        int stratum,
        int leapDirection,
        boolean leapAnnounced,
        boolean weighty,
        long referenceMinusRawNanos,
        long atRawNanos,
        double slope,
        double skew,
        long rootDelayNanos,
        long rootDispersionNanos,
        long newestRawNanos) {

    /** Their time minus the local clock. */
    long offsetNanos(Moment now) {
        return referenceMinusRawNanos(now.rawNanos()) - (now.localNanos() - now.rawNanos());
    }

    /** Their time against raw time at another moment. */
    long referenceMinusRawNanos(long rawNanos) {
        return referenceMinusRawNanos + Math.round((rawNanos - atRawNanos) * slope);
    }
}
