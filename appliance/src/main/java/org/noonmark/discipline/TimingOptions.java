package org.noonmark.discipline;

import java.util.List;

/**
 * What an operator may decide about the discipline.
 *
 * @param makestep when an offset is stepped away rather than slewed
 * @param maxClockErrorPpb how much the crystal may change behind our back (chrony's maxclockerror); the growth of the error bound
 * @param maxSlewPpb largest frequency put on top of the crystal's correction to work off an offset
 * @param edgeDelay how late edges are stamped
 * @param initialFrequency what is known of the crystal from an earlier run
 * @param holdoverLimitNanos bound of the error above which time is no longer served
 * @param witnesses other clocks that may contradict the receiver
 */
public record TimingOptions(
        Makestep makestep,
        double maxClockErrorPpb,
        double maxSlewPpb,
        EdgeDelay edgeDelay,
        InitialFrequency initialFrequency,
        long holdoverLimitNanos,
        List<Witness> witnesses) {

    /**
     * When to step. Whatever it says, the clock is never stepped while serving.
     *
     * @param thresholdNanos an offset larger than this is stepped away; a smaller one is slewed
     * @param limit only within this many edges after the seconds got their name; 0: never, negative: always
     */
    public record Makestep(long thresholdNanos, int limit) {}

    /**
     * How late an edge is stamped: antenna cable, receiver and interrupt.
     *
     * @param meanNanos on average; taken off every stamp
     * @param allowanceNanos how far the real delay may lie from that; always part of the error bound
     */
    public record EdgeDelay(long meanNanos, long allowanceNanos) {}

    /**
     * A frequency correction to begin with (driftfile).
     *
     * @param ppb positive: the crystal is slow
     * @param sigmaPpb its uncertainty; large when nothing is known
     */
    public record InitialFrequency(double ppb, double sigmaPpb) {}

    /** Uncertainty of a crystal never seen before, ppb: data sheets of boards promise 50 to 100 ppm over everything. */
    public static final double UNKNOWN_FREQUENCY_SIGMA_PPB = 50_000;

    /** Uncertainty of a frequency that was saved by an earlier run, ppb: another temperature, some ageing. */
    public static final double SAVED_FREQUENCY_SIGMA_PPB = 1_000;

    /**
     * Steps above 100 us within the first 8 edges; 1 ppm; slews up to 500 ppm; no delay known and 25 us allowed for it (pps-gpio on
     * boards of the Pi family: 5 to 20 us); served up to 10 ms.
     */
    public static final TimingOptions DEFAULTS = new TimingOptions(
            new Makestep(100_000, 8),
            1_000,
            500_000,
            new EdgeDelay(0, 25_000),
            new InitialFrequency(0, UNKNOWN_FREQUENCY_SIGMA_PPB),
            10_000_000,
            List.of());

    public TimingOptions {
        witnesses = List.copyOf(witnesses);
    }

    public TimingOptions withMakestep(long thresholdNanos, int limit) {
        return new TimingOptions(
                new Makestep(thresholdNanos, limit),
                maxClockErrorPpb,
                maxSlewPpb,
                edgeDelay,
                initialFrequency,
                holdoverLimitNanos,
                witnesses);
    }

    public TimingOptions withMaxClockErrorPpb(double ppb) {
        return new TimingOptions(makestep, ppb, maxSlewPpb, edgeDelay, initialFrequency, holdoverLimitNanos, witnesses);
    }

    public TimingOptions withEdgeDelay(long meanNanos, long allowanceNanos) {
        return new TimingOptions(
                makestep,
                maxClockErrorPpb,
                maxSlewPpb,
                new EdgeDelay(meanNanos, allowanceNanos),
                initialFrequency,
                holdoverLimitNanos,
                witnesses);
    }

    public TimingOptions withInitialFrequency(double ppb, double sigmaPpb) {
        return new TimingOptions(
                makestep,
                maxClockErrorPpb,
                maxSlewPpb,
                edgeDelay,
                new InitialFrequency(ppb, sigmaPpb),
                holdoverLimitNanos,
                witnesses);
    }

    public TimingOptions withHoldoverLimitNanos(long limitNanos) {
        return new TimingOptions(
                makestep, maxClockErrorPpb, maxSlewPpb, edgeDelay, initialFrequency, limitNanos, witnesses);
    }

    public TimingOptions withWitnesses(List<Witness> heard) {
        return new TimingOptions(
                makestep, maxClockErrorPpb, maxSlewPpb, edgeDelay, initialFrequency, holdoverLimitNanos, heard);
    }
}
