package org.noonmark.discipline;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an operator may decide about the discipline.
 *
 * @param makestep when an offset is stepped away rather than slewed
 * @param maxClockErrorPpb how much the crystal may change behind our back (chrony's maxclockerror); the growth of the error bound
 * @param limits how far frequency and slews may go
 * @param edgeDelay how late edges are stamped
 * @param initialFrequency what is known of the crystal from an earlier run
 * @param poweredSeconds for how long the crystal has been powered: one just switched on warms up, and drifts
 * @param learned the whole of that, where it was kept; then {@code initialFrequency} does not count
 * @param perDegree what the owner knows of the effect of the temperature that is told; empty: nothing
 * @param holdoverLimitNanos bound of the error above which time is no longer served
 * @param standoffNanos how long a clock that was served is believed against pulses that moved
 * @param witnesses other clocks that may contradict the receiver
 * @param seconds how the seconds are counted
 */
public record TimingOptions(
        Makestep makestep,
        double maxClockErrorPpb,
        Limits limits,
        EdgeDelay edgeDelay,
        InitialFrequency initialFrequency,
        double poweredSeconds,
        Optional<Learned> learned,
        Optional<Learned.Term> perDegree,
        long holdoverLimitNanos,
        long standoffNanos,
        List<Witness> witnesses,
        Seconds seconds) {

    /**
     * How far frequency and slews may go, ppb.
     *
     * @param maxSlewPpb put on top of the crystal's correction to work off an offset (chrony's maxslewrate); the clock's own slews have
     *     500 ppm at most
     * @param maxDriftPpb largest correction of the crystal (maxdrift)
     * @param maxUpdateSkewPpb a frequency less certain than that is not taken over (maxupdateskew)
     * @param maxChange how large a change of the time is followed at all
     */
    public record Limits(double maxSlewPpb, double maxDriftPpb, double maxUpdateSkewPpb, MaxChange maxChange) {
        /** 500 ppm; what a kernel's clock can do; chrony's 1000 ppm; any change. */
        public static final Limits DEFAULTS = new Limits(500_000, 100_000_000, 1_000_000);

        /** Limits with {@link MaxChange#ANY}. */
        public Limits(double maxSlewPpb, double maxDriftPpb, double maxUpdateSkewPpb) {
            this(maxSlewPpb, maxDriftPpb, maxUpdateSkewPpb, MaxChange.ANY);
        }

        public Limits withMaxChange(MaxChange limit) {
            return new Limits(maxSlewPpb, maxDriftPpb, maxUpdateSkewPpb, limit);
        }
    }

    /**
     * How large a change of the time is followed (chrony's maxchange).
     *
     * @param offsetNanos a pulse that brings the offset further than this from what it was is not followed
     * @param start how many first pulses may bring any offset; negative: all
     * @param ignore how many later ones are ignored, before one more ends the program; negative: all
     */
    public record MaxChange(long offsetNanos, int start, int ignore) {
        /** Any change is followed. */
        public static final MaxChange ANY = new MaxChange(0, -1, -1);
    }

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

    /**
     * How the seconds are counted.
     *
     * @param labelShiftSeconds from the second that a label names to the one of the last pulse before it: 0, or what the owner knows of
     *     a receiver that speaks of the pulse before that (1) or of the next one (-1)
     * @param labelShiftKnown whether the owner has said so; else 0 is assumed
     * @param leapMode how the clock passes a leap second
     * @param systemLeaps whether the clock does that by itself when it is told to
     * @param leapSeconds the owner's list; empty when there is none that can be believed
     * @param clockVouches whether what the clock shows at the start goes back to something else than a receiver's unproven labels
     */
    public record Seconds(
            int labelShiftSeconds,
            boolean labelShiftKnown,
            LeapMode leapMode,
            boolean systemLeaps,
            Optional<LeapSecondsList> leapSeconds,
            boolean clockVouches) {
        /** Labels speak of the last pulse; the daemon moves the clock over leap seconds, of which only the receiver tells. */
        public static final Seconds DEFAULTS = new Seconds(0, false, LeapMode.STEP, false, Optional.empty(), true);

        /** The owner's word. */
        public Seconds withLabelShift(int seconds) {
            return new Seconds(seconds, true, leapMode, systemLeaps, leapSeconds, clockVouches);
        }

        public Seconds withLeapMode(LeapMode mode, boolean bySystem) {
            return new Seconds(labelShiftSeconds, labelShiftKnown, mode, bySystem, leapSeconds, clockVouches);
        }

        public Seconds withLeapSeconds(Optional<LeapSecondsList> list) {
            return new Seconds(labelShiftSeconds, labelShiftKnown, leapMode, systemLeaps, list, clockVouches);
        }

        public Seconds withClockVouching(boolean vouches) {
            return new Seconds(labelShiftSeconds, labelShiftKnown, leapMode, systemLeaps, leapSeconds, vouches);
        }
    }

    /** Uncertainty of a crystal never seen before, ppb: data sheets of boards promise 50 to 100 ppm over everything. */
    public static final double UNKNOWN_FREQUENCY_SIGMA_PPB = 50_000;

    /** Uncertainty of a frequency that was saved by an earlier run, ppb: another temperature, some ageing. */
    public static final double SAVED_FREQUENCY_SIGMA_PPB = 1_000;

    /**
     * Just switched on; steps above 100 us within the first 8 edges; 1 ppm; slews up to 500 ppm; no delay known and 25 us allowed for it (pps-gpio on
     * boards of the Pi family: 5 to 20 us); served up to 10 ms.
     */
    public static final TimingOptions DEFAULTS = new TimingOptions(
            new Makestep(100_000, 8),
            1_000,
            Limits.DEFAULTS,
            new EdgeDelay(0, 25_000),
            new InitialFrequency(0, UNKNOWN_FREQUENCY_SIGMA_PPB),
            0,
            Optional.empty(),
            Optional.empty(),
            10_000_000,
            600_000_000_000L,
            List.of(),
            Seconds.DEFAULTS);

    public TimingOptions {
        witnesses = List.copyOf(witnesses);
    }

    /** These options with some of them changed: {@code options.with(it -> it.edgeDelay(0, 0))}. */
    public TimingOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finish();
    }

    /** Options while they are being changed. */
    public static final class Draft {
        private Makestep makestep;
        private double maxClockErrorPpb;
        private Limits limits;
        private EdgeDelay edgeDelay;
        private InitialFrequency initialFrequency;
        private double poweredSeconds;
        private Optional<Learned> learned;
        private Optional<Learned.Term> perDegree;
        private long holdoverLimitNanos;
        private long standoffNanos;
        private List<Witness> witnesses;
        private Seconds seconds;

        private Draft(TimingOptions from) {
            makestep = from.makestep;
            maxClockErrorPpb = from.maxClockErrorPpb;
            limits = from.limits;
            edgeDelay = from.edgeDelay;
            initialFrequency = from.initialFrequency;
            poweredSeconds = from.poweredSeconds;
            learned = from.learned;
            perDegree = from.perDegree;
            holdoverLimitNanos = from.holdoverLimitNanos;
            standoffNanos = from.standoffNanos;
            witnesses = from.witnesses;
            seconds = from.seconds;
        }

        private TimingOptions finish() {
            return new TimingOptions(
                    makestep,
                    maxClockErrorPpb,
                    limits,
                    edgeDelay,
                    initialFrequency,
                    poweredSeconds,
                    learned,
                    perDegree,
                    holdoverLimitNanos,
                    standoffNanos,
                    witnesses,
                    seconds);
        }

        public Draft makestep(long thresholdNanos, int limit) {
            makestep = new Makestep(thresholdNanos, limit);
            return this;
        }

        public Draft maxClockErrorPpb(double ppb) {
            maxClockErrorPpb = ppb;
            return this;
        }

        public Draft limits(Limits chosen) {
            limits = chosen;
            return this;
        }

        public Draft edgeDelay(long meanNanos, long allowanceNanos) {
            edgeDelay = new EdgeDelay(meanNanos, allowanceNanos);
            return this;
        }

        public Draft initialFrequency(double ppb, double sigmaPpb) {
            initialFrequency = new InitialFrequency(ppb, sigmaPpb);
            return this;
        }

        public Draft poweredSeconds(double seconds) {
            poweredSeconds = seconds;
            return this;
        }

        public Draft learned(Optional<Learned> before) {
            learned = before;
            return this;
        }

        public Draft perDegree(Optional<Learned.Term> known) {
            perDegree = known;
            return this;
        }

        public Draft holdoverLimitNanos(long limitNanos) {
            holdoverLimitNanos = limitNanos;
            return this;
        }

        public Draft standoffNanos(long patienceNanos) {
            standoffNanos = patienceNanos;
            return this;
        }

        public Draft witnesses(List<Witness> heard) {
            witnesses = heard;
            return this;
        }

        public Draft seconds(Seconds counted) {
            seconds = counted;
            return this;
        }
    }
}
