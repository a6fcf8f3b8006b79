package org.noonmark.discipline;

/**
 * What the timing core knows, after one event. Immutable; written by the timing thread, read by anyone.
 *
 * @param state where the clock stands
 * @param why one plain sentence: the reason of the state and, where something is missing, the cure
 * @param stateSinceNanos local clock when the state was entered
 * @param updatedNanos local clock at which the figures below hold: the event that made this status
 * @param referenceNanos local clock at the last edge that was used; 0 before the first
 * @param lastOffsetNanos offset of the last edge used, before its correction; reference minus local
 * @param residualOffsetNanos estimate of what is still to be corrected at {@code updatedNanos}; reference minus local
 * @param rmsOffsetNanos long-term RMS of the last offsets
 * @param frequencyPpb frequency correction that the crystal needs, as estimated; positive: its oscillator is slow
 * @param residualFrequencyPpb that, less the correction set; a slew that the clock works off by itself is not part of it
 * @param skewPpb one-sigma uncertainty of the frequency
 * @param errorBoundNanos bound of the true error at {@code updatedNanos}, without residual offset and clock precision
 * @param errorGrowthPpb how fast that bound grows from there
 * @param updateIntervalSeconds time between the last two edges used
 * @param edgesUsed edges that reached the estimator
 * @param edgesRejected edges refused as outliers or out of place
 * @param labelling how the seconds are numbered
 * @param leap what is known of leap seconds
 */
public record ClockStatus(
        SyncState state,
        String why,
        long stateSinceNanos,
        long updatedNanos,
        long referenceNanos,
        long lastOffsetNanos,
        double residualOffsetNanos,
        double rmsOffsetNanos,
        double frequencyPpb,
        double residualFrequencyPpb,
        double skewPpb,
        long errorBoundNanos,
        double errorGrowthPpb,
        double updateIntervalSeconds,
        long edgesUsed,
        long edgesRejected,
        Labelling labelling,
        Leap leap) {

    /**
     * Who numbers the seconds, and how surely.
     *
     * @param source the message that names the seconds, such as {@code RMC}; empty when none does
     * @param certain whether edges are named now
     * @param delayNanos mean arrival of the burst's first byte after its edge
     * @param delaySigmaNanos its spread, one sigma
     * @param marginSigmas distance of the mean from the nearer edge of the whole second, in sigmas; below 4 no edge is named
     * @param agreeing labels in a row that agree with the present numbering
     * @param labels labels seen
     * @param labelsRejected labels refused (no fix, ambiguous, disagreeing)
     * @param proof on what grounds the seconds are UTC, to follow "UTC is proven: "; empty while they are not proven
     * @param confirmation what else than the labels says that edges have the right second and not the one beside it; empty where that is
     *     assumed, because a sentence begins 0 to 1 s after its pulse
     */
    public record Labelling(
            String source,
            boolean certain,
            double delayNanos,
            double delaySigmaNanos,
            double marginSigmas,
            int agreeing,
            long labels,
            long labelsRejected,
            String proof,
            String confirmation) {
        /** Nothing heard yet. */
        public static final Labelling NONE = new Labelling("", false, 0, 0, 0, 0, 0, 0, "", "");
    }

    /**
     * What is known of leap seconds.
     *
     * @param direction of the one that ends the present UTC day: +1 inserted, -1 deleted, 0 none
     * @param atUnixSeconds the midnight that the next known one comes before; 0 when none is known
     * @param source who says so; empty when none is known
     * @param leftToSystem whether the operating system is to move the clock over it
     * @param taiMinusUtcSeconds 37 since 2017; 0 while nobody knows
     * @param alarm one sentence for the owner when sources contradict each other; empty else
     */
    public record Leap(
            int direction,
            long atUnixSeconds,
            String source,
            boolean leftToSystem,
            int taiMinusUtcSeconds,
            String alarm) {
        /** Nothing known. */
        public static final Leap NONE = new Leap(0, 0, "", false, 0, "");
    }
}
