package org.noonmark.discipline;

import java.util.List;
import java.util.Optional;
import org.noonmark.nmea.PulseNotice;

/**
 * Phase and frequency: what named edges say of the clock, what is being done about it, how far it may be off. Composes
 * {@link ClockEstimator}, {@link Steering} and what goes with them, and keeps them at one moment of the local clock; knows nothing of
 * whole seconds and of service. For one thread.
 */
final class PhaseTracker {
    /** What an edge said. */
    enum Verdict {
        /** The first of the present numbering: the clock's offset begins with it. */
        FIRST,
        /** Not credible; it changed nothing. */
        REFUSED,
        /** Used, but further off than the clock may be. */
        STRANGE,
        /** Used, and where the clock expects it. */
        AGREES
    }

    private static final double SECONDS = 1e-9;

    /** An event may be this late without spoiling the order of things: half of a pulse period would be too late to act on. */
    private static final long LATEST_NANOS = 2_000_000_000L;

    /** Ticks come every second: an edge this far ahead of the last one bears a wrong stamp. */
    private static final long AHEAD_NANOS = 5_000_000_000L;

    /** Ticks further apart than this, or backwards: the machine slept, or someone else moved the clock. */
    private static final long TICK_GAP_NANOS = 30_000_000_000L;

    /** A clock that is being slewed towards its edges is not served while it is further off than this. */
    private static final double PROVEN_OFFSET_NANOS = 100_000;

    /** An edge agrees with the clock within its bound plus this many sigmas of the edges' own jitter. */
    private static final double AGREEMENT_SIGMAS = 10;

    /** The limit of what is served, in sigmas of the edges' jitter where that is more than the limit for holdover. */
    private static final double LIMIT_SIGMAS = 30;

    /** No processor works outside this, degrees Celsius: such a reading is a fault of the sensor. */
    private static final double COLDEST = -60;

    private static final double HOTTEST = 150;

    /** After such a gap the next edges are the return from an outage, so many of them. */
    private static final long OUTAGE_NANOS = 20_000_000_000L;

    private static final int EDGES_TO_RETURN = 3;

    private final TimingOptions options;
    private final ClockEstimator clock;
    private final Steering steering;
    private final JumpDetector jumps = new JumpDetector();
    private final PulseQuantisation quantisation = new PulseQuantisation();
    private final EdgeTally edges = new EdgeTally();
    private ErrorBudget budget;
    private long edgeDelayNanos;

    /** Latest moment that the estimator has been brought to; MIN_VALUE before the first event. */
    private long nowNanos = Long.MIN_VALUE;

    private long lastTickNanos = Long.MIN_VALUE;
    private long steppedAtNanos = Long.MIN_VALUE; // stamps from before are of a clock that is no more
    private boolean tracking; // the estimator has seen an edge of the present numbering
    private long edgesSinceNumbered;
    private long outageBoundNanos; // at the end of the last outage
    private int edgesToReturn; // from it
    private long draggedNanos; // how far the pulses have run away that are not followed

    /**
     * A tracker that has seen nothing yet.
     *
     * @param frequencyInForcePpb correction that the clock runs with now; also the first guess where none was saved
     */
    PhaseTracker(TimingOptions options, double frequencyInForcePpb) {
        this.options = options;
        Servo servo = new Servo(
                options.makestep().thresholdNanos(), options.makestep().limit(), options.limits());
        steering = new Steering(servo, frequencyInForcePpb);
        edgeDelayNanos = options.edgeDelay().meanNanos();
        budget = new ErrorBudget(options.edgeDelay().allowanceNanos(), options.maxClockErrorPpb());
        clock = estimator(options, frequencyInForcePpb);
        options.perDegree().ifPresent(clock::beginWarmth);
    }

    private static ClockEstimator estimator(TimingOptions options, double frequencyInForcePpb) {
        if (options.learned().isPresent()) {
            return new ClockEstimator(options.learned().get(), options.poweredSeconds());
        }
        boolean saved = options.initialFrequency().sigmaPpb() < TimingOptions.UNKNOWN_FREQUENCY_SIGMA_PPB;
        return new ClockEstimator(
                saved ? options.initialFrequency().ppb() : frequencyInForcePpb,
                options.initialFrequency().sigmaPpb(),
                options.poweredSeconds());
    }

    // --- time ---

    /** The moment at which everything here stands, local clock; MIN_VALUE before the first event. */
    long nowNanos() {
        return nowNanos;
    }

    /** Brings everything to {@code atNanos}; nothing when that lies in the past. */
    void advanceTo(long atNanos) {
        if (nowNanos == Long.MIN_VALUE) {
            nowNanos = atNanos;
        }
        while (nowNanos < atNanos) {
            long untilNanos = Math.min(atNanos, steering.steadyUntilNanos());
            clock.advance((untilNanos - nowNanos) * SECONDS, steering.correctionPpb());
            nowNanos = untilNanos;
            steering.onTime(nowNanos);
        }
    }

    /** A tick at {@code tickNanos}; whether it comes so long after the last one, or before it, that the clock's track is lost. */
    boolean losesTrack(long tickNanos) {
        long sinceTickNanos = tickNanos - lastTickNanos;
        return lastTickNanos != Long.MIN_VALUE && (sinceTickNanos > TICK_GAP_NANOS || sinceTickNanos < -LATEST_NANOS);
    }

    void onTick(long tickNanos) {
        lastTickNanos = tickNanos;
        advanceTo(tickNanos);
    }

    /** The clock was moved by {@code deltaNanos} to {@code atNanos}; {@code bySecond}: the seconds were moved with it, it is as far off as before. */
    void onStepped(long deltaNanos, long atNanos, boolean bySecond) {
        steppedAtNanos = atNanos;
        if (!bySecond) {
            clock.onStepped(deltaNanos);
        }
        jumps.forget();
        nowNanos = nowNanos == Long.MIN_VALUE ? atNanos : nowNanos + deltaNanos;
        lastTickNanos = atNanos;
        edges.onStepped(deltaNanos);
        advanceTo(atNanos);
        steering.onMoved(atNanos);
    }

    /** It is {@code atNanos} now, and nothing is known of how the clock came there. */
    void onLostTrack(long atNanos) {
        nowNanos = atNanos;
        lastTickNanos = atNanos;
        steering.onMoved(atNanos);
        steppedAtNanos = Long.MIN_VALUE;
    }

    /** Whether a stamp is of a clock that is no more. */
    boolean isVoid(long stampNanos) {
        return stampNanos < steppedAtNanos;
    }

    // --- edges ---

    /** When the pulse of an edge with this stamp was. */
    long pulseNanos(long stampNanos) {
        return stampNanos - edgeDelayNanos;
    }

    /** Whether an edge fits into the order of things: not of another clock, not too late to act on, not from the future. */
    boolean isInPlace(long edgeNanos) {
        if (isVoid(edgeNanos)) {
            return false;
        }
        if (nowNanos == Long.MIN_VALUE) {
            return true;
        }
        boolean stale = edgeNanos < nowNanos - LATEST_NANOS || steering.isAfter(edgeNanos);
        boolean ahead = lastTickNanos != Long.MIN_VALUE && edgeNanos > lastTickNanos + AHEAD_NANOS;
        return !stale && !ahead;
    }

    /** Whether an edge is where the clock itself begins a second. */
    boolean isAtTopOfSecond(long edgeNanos) {
        return Math.abs(offsetFromSecond(edgeNanos) - clock.offsetNanos()) <= agreementNanos();
    }

    /** Reference minus local, where the edge marks the second that is nearest. */
    static long offsetFromSecond(long edgeNanos) {
        return Math.floorDiv(edgeNanos + 500_000_000L, 1_000_000_000L) * 1_000_000_000L - edgeNanos;
    }

    /** Learns from a named edge. */
    Verdict follow(OffsetSample sample) {
        double lagSeconds = (nowNanos - sample.edgeNanos()) * SECONDS;
        double stamped = sample.offsetNanos() + lagSeconds * (clock.frequencyPpb() - steering.correctionPpb());
        double offsetNow = stamped + quantisationNanos(sample.utcSeconds(), stamped);
        edgesSinceNumbered++;
        draggedNanos = 0;
        if (!tracking) {
            clock.restart(offsetNow);
            tracking = true;
            edges.use(sample);
            return Verdict.FIRST;
        }
        boolean agrees = Math.abs(offsetNow) <= agreementNanos();
        long sinceEdgeNanos = sinceEdgeNanos();
        long boundNanos = budget.boundNanos(clock, sinceEdgeNanos);
        if (clock.update(offsetNow) > 0.5) {
            edges.reject();
            return Verdict.REFUSED;
        }
        edges.use(sample);
        edgesToReturn = sinceEdgeNanos > OUTAGE_NANOS ? EDGES_TO_RETURN : Math.max(0, edgesToReturn - 1);
        outageBoundNanos = edgesToReturn == EDGES_TO_RETURN ? boundNanos : outageBoundNanos;
        return agrees ? Verdict.AGREES : Verdict.STRANGE;
    }

    /** What the receiver's word on the pulse adds to the offset that its edge shows. */
    private double quantisationNanos(long utcSeconds, double offsetNanos) {
        double late = quantisation.announcedNanos(utcSeconds);
        if (tracking) {
            quantisation.onEdge(offsetNanos - clock.offsetNanos(), clock.innovationSigmaNanos(), late);
        }
        return quantisation.isApplied() && !Double.isNaN(late) ? late : 0;
    }

    /** An edge that is not used. */
    void reject() {
        edges.reject();
    }

    /** Whether the pulses leave the clock as no crystal does; see {@link PulseDrag}. */
    boolean runsAway() {
        return clock.runsAway();
    }

    /** How far they have gone: reference minus local. */
    double awayNanos() {
        return clock.awayNanos();
    }

    /** The clock is believed, as it ran before. */
    void takeBack() {
        clock.takeBack();
    }

    /** An edge that is not followed lies {@code offsetNanos} off: should it be right after all, so far off is the clock. */
    void onDragged(long offsetNanos) {
        edges.reject();
        draggedNanos = offsetNanos;
    }

    /** How far off the clock is by the last edge that was not followed; 0 when there was none. */
    long draggedNanos() {
        return draggedNanos;
    }

    /**
     * The pulses that ran away, and are not followed since {@code sinceNanos}, were right: such is this crystal. As long as what was told
     * of the error has contained them the clock goes to where they are; it is not as certain of its frequency any more.
     */
    void believePulses(long sinceNanos) {
        double apartPpb = draggedNanos / ((nowNanos - sinceNanos) * SECONDS);
        clock.allowRunning(apartPpb);
        if (ifClocks(Math.abs(draggedNanos)) != 0) {
            clock.doubtFrequency(Math.abs(apartPpb));
            clock.restart((double) draggedNanos);
        }
    }

    /** One more edge in the same strange place: whether that are enough for a jump. */
    boolean isJump(long offsetNanos) {
        return jumps.isJump(offsetNanos);
    }

    void forgetJumps() {
        jumps.forget();
    }

    /** The clock is as far off as this edge says; its frequency stays. */
    void restart(OffsetSample sample) {
        clock.restart((double) sample.offsetNanos());
        jumps.forget();
        edgesSinceNumbered = 0;
    }

    /** Begins anew with the edges that a new numbering has named, oldest first; whether there was one. */
    boolean renumber(List<OffsetSample> samples) {
        forget();
        long standsAtNanos = nowNanos;
        for (OffsetSample sample : samples) {
            if (!steering.isAfter(sample.edgeNanos())) {
                catchUp(sample, standsAtNanos);
                standsAtNanos = sample.edgeNanos();
            }
        }
        if (tracking) {
            clock.advance((nowNanos - standsAtNanos) * SECONDS, steering.correctionPpb());
        }
        return tracking;
    }

    private void catchUp(OffsetSample sample, long standsAtNanos) {
        if (tracking) {
            clock.advance((sample.edgeNanos() - standsAtNanos) * SECONDS, steering.correctionPpb());
            clock.update((double) sample.offsetNanos());
        } else {
            clock.restart((double) sample.offsetNanos());
            tracking = true;
        }
        edges.use(sample);
    }

    /** What edges say of the offset counts no more; the frequency stays. */
    void forget() {
        jumps.forget();
        tracking = false;
        edgesSinceNumbered = 0;
        edgesToReturn = 0;
        draggedNanos = 0;
    }

    // --- what else is told ---

    void onPulseNotice(PulseNotice notice) {
        quantisation.onNotice(notice);
    }

    void onEdgeDelay(long meanNanos, long allowanceNanos) {
        clock.onStepped(edgeDelayNanos - meanNanos);
        edgeDelayNanos = meanNanos;
        budget = new ErrorBudget(allowanceNanos, options.maxClockErrorPpb());
    }

    void onTemperature(double celsius, long atNanos) {
        if (celsius > COLDEST && celsius < HOTTEST) {
            advanceTo(atNanos);
            clock.onTemperature(celsius);
        }
    }

    void onSteered(double ppbInForce, long atNanos) {
        advanceTo(atNanos);
        steering.onSteered(ppbInForce, atNanos);
    }

    void onSlewing(long slewNanos, long atNanos) {
        advanceTo(atNanos);
        steering.onSlewing(slewNanos, atNanos);
    }

    // --- what is to be done ---

    /** An edge was used; a step only when {@code mayStep}. */
    Correction afterEdge(boolean mayStep) {
        return steering.afterEdge(clock, nowNanos, mayStep, edgesSinceNumbered);
    }

    /** Time has passed, with an edge or without. */
    Correction onTime(boolean mayStep) {
        return tracking ? steering.withoutEdge(clock, nowNanos, mayStep, edgesSinceNumbered) : Correction.HOLD;
    }

    /** The crystal's own correction, and no slew. */
    Correction plain() {
        return steering.plain(clock);
    }

    /** The crystal's own correction, ppb. */
    double crystalPpb() {
        return steering.anew(clock).frequencyPpb();
    }

    /** As {@link #plain}, whatever seems to be in force. */
    Correction anew() {
        return steering.anew(clock);
    }

    // --- what is known ---

    boolean isTracking() {
        return tracking;
    }

    /** See {@link TimingCore#learned}. */
    Optional<Learned> learned() {
        return clock.learned();
    }

    /** Reference minus local, nanoseconds. */
    double offsetNanos() {
        return clock.offsetNanos();
    }

    /** Where pulses jitter by more than the limit for it, a clock cannot be told to be nearer. */
    boolean isNear() {
        return Math.abs(clock.offsetNanos()) <= Math.max(PROVEN_OFFSET_NANOS, clock.jitterNanos());
    }

    /** Time since the last edge that was used. */
    long sinceEdgeNanos() {
        return nowNanos - edges.referenceNanos();
    }

    PulseQuantisation.Worth worthOfNotices() {
        return quantisation.worth();
    }

    /** Pulses that scatter by milliseconds make a poor clock, not a wrong one: it is served with the error that it has. */
    double limitNanos() {
        return Math.max((double) options.holdoverLimitNanos(), LIMIT_SIGMAS * clock.jitterNanos());
    }

    private double agreementNanos() {
        return budget.boundNanos(clock, sinceEdgeNanos()) + AGREEMENT_SIGMAS * clock.jitterNanos();
    }

    /**
     * How far the clock may be off, besides its offset. What pulses and clock may have moved apart is part of it, whoever moved. Above the
     * limit of what is served it was not the clock: no crystal moves as far from one second to the next.
     */
    long boundNanos() {
        return Math.max(budget.boundNanos(clock, sinceEdgeNanos()), returnBoundNanos())
                + ifClocks(Math.abs(draggedNanos))
                + ifClocks(jumps.suspectedNanos());
    }

    /** What pulses and clock have moved apart, where the clock can have done it. */
    private long ifClocks(long apartNanos) {
        return apartNanos <= limitNanos() / 2 ? apartNanos : 0;
    }

    /** The first edge after an outage is believed almost wholly, and may have waited: what was known without it goes on being told. */
    private long returnBoundNanos() {
        double most = limitNanos() - Math.abs(clock.offsetNanos());
        return edgesToReturn > 0 ? Math.min(outageBoundNanos, (long) Math.max(0, most)) : 0;
    }

    ClockStatus status(
            SyncState state, String why, long sinceNanos, ClockStatus.Labelling labelling, ClockStatus.Leap leap) {
        return new ClockStatus(
                state,
                why,
                sinceNanos,
                nowNanos == Long.MIN_VALUE ? 0 : nowNanos,
                edges.referenceNanos(),
                edges.lastOffsetNanos(),
                tracking ? clock.offsetNanos() : 0,
                edges.rmsOffsetNanos(),
                clock.frequencyPpb(),
                clock.frequencyPpb() - steering.lastingPpb(),
                clock.frequencySigmaPpb(),
                boundNanos(),
                budget.growthPpb(clock, steering.lastingPpb()),
                edges.intervalSeconds(),
                edges.used(),
                edges.rejected(),
                labelling,
                leap);
    }
}
