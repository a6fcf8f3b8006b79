package org.noonmark.discipline;

import java.util.List;

/**
 * What an operator may decide about the discipline.
 *
 * @param makestepThresholdNanos an offset larger than this is stepped away, while not serving; a smaller one is slewed
 * @param makestepLimit only within this many edges after the seconds got their name is a step allowed; 0: never, negative: always.
 *     Whatever it says, the clock is never stepped while serving.
 * @param maxClockErrorPpb how much the crystal may change behind our back (chrony's maxclockerror); the growth of the error bound
 * @param maxSlewPpb largest frequency put on top of the crystal's correction to work off an offset
 * @param edgeDelayNanos how late an edge is stamped on average: antenna cable, receiver and interrupt; taken off every stamp
 * @param edgeDelayAllowanceNanos how far the real delay may lie from that; always part of the error bound
 * @param initialFrequencyPpb correction known from an earlier run (driftfile); positive: the crystal is slow
 * @param initialFrequencySigmaPpb its uncertainty; large when nothing is known
 * @param holdoverLimitNanos bound of the error above which time is no longer served
 * @param witnesses other clocks that may contradict the receiver
 */
public record TimingOptions(
        long makestepThresholdNanos,
        int makestepLimit,
        double maxClockErrorPpb,
        double maxSlewPpb,
        long edgeDelayNanos,
        long edgeDelayAllowanceNanos,
        double initialFrequencyPpb,
        double initialFrequencySigmaPpb,
        long holdoverLimitNanos,
        List<Witness> witnesses) {

    /** Uncertainty of a crystal never seen before, ppb: data sheets of boards promise 50 to 100 ppm over everything. */
    public static final double UNKNOWN_FREQUENCY_SIGMA_PPB = 50_000;

    /** Uncertainty of a frequency that was saved by an earlier run, ppb: another temperature, some ageing. */
    public static final double SAVED_FREQUENCY_SIGMA_PPB = 1_000;

    /**
     * Steps above 100 us within the first 8 edges; 1 ppm; slews up to 500 ppm; no delay known and 25 us allowed for it (pps-gpio on
     * boards of the Pi family: 5 to 20 us); served up to 10 ms.
     */
    public static final TimingOptions DEFAULTS = new TimingOptions(
            100_000, 8, 1_000, 500_000, 0, 25_000, 0, UNKNOWN_FREQUENCY_SIGMA_PPB, 10_000_000, List.of());

    public TimingOptions {
        witnesses = List.copyOf(witnesses);
    }

    public TimingOptions withMakestep(long thresholdNanos, int limit) {
        return new TimingOptions(
                thresholdNanos,
                limit,
                maxClockErrorPpb,
                maxSlewPpb,
                edgeDelayNanos,
                edgeDelayAllowanceNanos,
                initialFrequencyPpb,
                initialFrequencySigmaPpb,
                holdoverLimitNanos,
                witnesses);
    }

    public TimingOptions withMaxClockErrorPpb(double ppb) {
        return new TimingOptions(
                makestepThresholdNanos,
                makestepLimit,
                ppb,
                maxSlewPpb,
                edgeDelayNanos,
                edgeDelayAllowanceNanos,
                initialFrequencyPpb,
                initialFrequencySigmaPpb,
                holdoverLimitNanos,
                witnesses);
    }

    public TimingOptions withEdgeDelay(long delayNanos, long allowanceNanos) {
        return new TimingOptions(
                makestepThresholdNanos,
                makestepLimit,
                maxClockErrorPpb,
                maxSlewPpb,
                delayNanos,
                allowanceNanos,
                initialFrequencyPpb,
                initialFrequencySigmaPpb,
                holdoverLimitNanos,
                witnesses);
    }

    public TimingOptions withInitialFrequency(double ppb, double sigmaPpb) {
        return new TimingOptions(
                makestepThresholdNanos,
                makestepLimit,
                maxClockErrorPpb,
                maxSlewPpb,
                edgeDelayNanos,
                edgeDelayAllowanceNanos,
                ppb,
                sigmaPpb,
                holdoverLimitNanos,
                witnesses);
    }

    public TimingOptions withHoldoverLimitNanos(long limitNanos) {
        return new TimingOptions(
                makestepThresholdNanos,
                makestepLimit,
                maxClockErrorPpb,
                maxSlewPpb,
                edgeDelayNanos,
                edgeDelayAllowanceNanos,
                initialFrequencyPpb,
                initialFrequencySigmaPpb,
                limitNanos,
                witnesses);
    }

    public TimingOptions withWitnesses(List<Witness> heard) {
        return new TimingOptions(
                makestepThresholdNanos,
                makestepLimit,
                maxClockErrorPpb,
                maxSlewPpb,
                edgeDelayNanos,
                edgeDelayAllowanceNanos,
                initialFrequencyPpb,
                initialFrequencySigmaPpb,
                holdoverLimitNanos,
                heard);
    }
}
