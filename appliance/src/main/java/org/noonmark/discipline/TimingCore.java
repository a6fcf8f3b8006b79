package org.noonmark.discipline;

import java.util.Locale;
import java.util.Optional;
import org.noonmark.nmea.LeapNotice;
import org.noonmark.nmea.PulseNotice;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.pps.PpsEdge;

/**
 * The decisions of the timing thread: edges, labels and ticks in, corrections and status out. Pure and for one thread. The caller
 * publishes {@link #status()} after each event <em>before</em> it carries out the correction, so that service is withdrawn before
 * the clock is moved, and tells with {@link #onStepped} and {@link #onSteered} what was really done.
 *
 * <p>Stamps must not lie in the future of the clock: after a step backward those from before it do, and only the caller can tell.
 *
 * <p>A step is asked for only when the state before the event was already one that is not served.
 *
 * <p>A leap second that is known is announced on its day; from shortly before it nothing is served, the clock is moved by a whole
 * second, and proven anew. One that nobody announced looks like a receiver that changes its mind about the second: after eight labels
 * service is withdrawn, the clock set and proven anew.
 */
public final class TimingCore {
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

    private static final String AGREES = "pulses agree with the clock, labels with the count of seconds";

    /** No processor works outside this, degrees Celsius: such a reading is a fault of the sensor. */
    private static final double COLDEST = -60;

    private static final double HOTTEST = 150;

    private final TimingOptions options;
    private final Steering steering;
    private ErrorBudget budget;
    private long edgeDelayNanos;
    private final SyncMachine machine = new SyncMachine();
    private final JumpDetector jumps = new JumpDetector();
    private final Standoff standoff;
    private final PulseQuantisation quantisation = new PulseQuantisation();
    private final EdgeTally edges = new EdgeTally();
    private final Numbering numbering;
    private final LeapWatch leaps;
    private final ClockEstimator clock;
    private ClockStatus status;

    /** Latest moment that the estimator has been brought to; MIN_VALUE before the first event. */
    private long nowNanos = Long.MIN_VALUE;

    private long lastTickNanos = Long.MIN_VALUE;
    private long steppedAtNanos = Long.MIN_VALUE; // stamps from before are of a clock that is no more
    private boolean tracking; // the estimator has seen an edge of the present numbering
    private long edgesSinceNumbered;
    private String distrust = "";

    /**
     * A core that knows nothing yet.
     *
     * @param frequencyInForcePpb correction that the clock runs with now; also the first guess where none was saved
     */
    public TimingCore(TimingOptions options, double frequencyInForcePpb) {
        this.options = options;
        Servo servo = new Servo(
                options.makestep().thresholdNanos(), options.makestep().limit(), options.limits());
        steering = new Steering(servo, frequencyInForcePpb);
        edgeDelayNanos = options.edgeDelay().meanNanos();
        budget = new ErrorBudget(options.edgeDelay().allowanceNanos(), options.maxClockErrorPpb());
        standoff = new Standoff(options.standoffNanos(), options.witnesses());
        numbering = new Numbering(
                new Witnesses(options.witnesses()), options.seconds().labelShiftSeconds());
        leaps = new LeapWatch(options.seconds());
        clock = estimator(options, frequencyInForcePpb);
        status = describe();
    }

    private static ClockEstimator estimator(TimingOptions options, double frequencyInForcePpb) {
        if (options.learned().isPresent()) {
            return new ClockEstimator(options.learned().get());
        }
        boolean saved = options.initialFrequency().sigmaPpb() < TimingOptions.UNKNOWN_FREQUENCY_SIGMA_PPB;
        return new ClockEstimator(
                saved ? options.initialFrequency().ppb() : frequencyInForcePpb,
                options.initialFrequency().sigmaPpb());
    }

    /** What the next run may begin with; empty while too little is known. For rare use: it makes garbage. */
    public Optional<Learned> learned() {
        return machine.state() == SyncState.DISCIPLINED ? clock.learned() : Optional.empty();
    }

    /** An edge was stamped. */
    public Correction onEdge(PpsEdge edge) {
        boolean servedBefore = machine.state().isSynchronised();
        long edgeNanos = edge.stampNanos() - edgeDelayNanos;
        Correction correction = Correction.HOLD;
        if (isInPlace(edgeNanos)) {
            advanceTo(edgeNanos);
            correction = passLeap(servedBefore);
            if (!leaps.isUnderWay()) {
                correction = onPlaced(edgeNanos, servedBefore);
            }
        } else {
            edges.reject();
        }
        status = describe();
        return correction;
    }

    /** The receiver named a second. */
    public Correction onLabel(TimeLabel label) {
        boolean servedBefore = machine.state().isSynchronised();
        Correction correction = Correction.HOLD;
        if (label.leapSecond() && label.trust() != TimeLabel.Trust.RTC && distrust.isEmpty()) {
            leaps.onSecond60(label.utcSeconds());
            correction = passLeap(servedBefore);
        }
        if (label.burstArrivalNanos() >= steppedAtNanos && !leaps.isUnderWay() && distrust.isEmpty()) {
            correction = onWord(numbering.onLabel(label), servedBefore);
        }
        status = describe();
        return correction;
    }

    /** The receiver announced its next pulse: which second it marks, and how far it will lie off that. */
    public Correction onPulseNotice(PulseNotice notice) {
        quantisation.onNotice(notice);
        boolean servedBefore = machine.state().isSynchronised();
        Correction correction = Correction.HOLD;
        if (notice.arrivalNanos() >= steppedAtNanos && !leaps.isUnderWay() && distrust.isEmpty()) {
            correction = onWord(numbering.onPulseNotice(notice), servedBefore);
        }
        status = describe();
        return correction;
    }

    private Correction onWord(Numbering.Word word, boolean servedBefore) {
        switch (word) {
            case Numbering.Word.Numbered(String why) -> {
                return onNumbered(why, servedBefore);
            }
            case Numbering.Word.Withdrawn(String why) -> lose(why);
            case Numbering.Word.Unfixed _ -> checkBacking();
            case Numbering.Word.Ambiguous _ -> machine.onAmbiguous(nowNanos, numbering.missing());
            case Numbering.Word.Nothing _ -> {}
        }
        return Correction.HOLD;
    }

    /** The receiver's word on leap seconds has changed. */
    public void onLeapNotice(LeapNotice notice) {
        leaps.onNotice(notice);
    }

    /**
     * How late edges are stamped has been found out better: {@code meanNanos}, and how far the real delay may lie from that. What was
     * taken for the time until now was off by the difference, which is slewed away.
     */
    public void onEdgeDelay(long meanNanos, long allowanceNanos) {
        clock.onStepped(edgeDelayNanos - meanNanos);
        edgeDelayNanos = meanNanos;
        budget = new ErrorBudget(allowanceNanos, options.maxClockErrorPpb());
        status = describe();
    }

    /**
     * Whether the receiver may be believed: {@code why} not, one plain phrase, or empty. While it is distrusted neither its pulses nor
     * its labels are followed; a clock that was served goes on alone.
     */
    public void onDistrust(String why) {
        distrust = why;
        checkBacking();
        status = describe();
    }

    /** The sensor near the crystal shows {@code celsius} at {@code atNanos}, local clock; NaN and nonsense are passed over. */
    public void onTemperature(double celsius, long atNanos) {
        if (celsius > COLDEST && celsius < HOTTEST) {
            advanceTo(atNanos);
            clock.onTemperature(celsius);
        }
    }

    /** Time has passed: once a second or so, also when nothing else comes. {@code tickNanos} is the local clock. */
    public Correction onTick(long tickNanos) {
        boolean servedBefore = machine.state().isSynchronised();
        if (lastTickNanos != Long.MIN_VALUE && isGap(tickNanos - lastTickNanos)) {
            onLostTrack(tickNanos);
        }
        lastTickNanos = tickNanos;
        advanceTo(tickNanos);
        machine.onTick(nowNanos);
        if (machine.state() == SyncState.COLD && numbering.isCertain()) {
            lose(machine.reason());
        }
        checkBacking();
        checkLimit();
        checkCalendar();
        Correction correction = passLeap(servedBefore);
        if (!(correction instanceof Correction.Step)) {
            correction = onTime(servedBefore);
        }
        status = describe();
        return correction;
    }

    /**
     * The clock was moved by {@code deltaNanos}; {@code atNanos} is what it showed right after. What is to be done next: a slew that
     * was still working off what is now gone must not run on.
     */
    public Correction onStepped(long deltaNanos, long atNanos) {
        steppedAtNanos = atNanos;
        if (leaps.isMove(deltaNanos)) {
            // Clock and seconds have moved together: the offset is what it was.
            leaps.onMoved();
            numbering.onLeap(leaps.leap(), deltaNanos);
        } else {
            clock.onStepped(deltaNanos);
            numbering.onStepped(deltaNanos);
        }
        machine.onStepped(deltaNanos);
        jumps.forget();
        standoff.onStepped(deltaNanos);
        nowNanos = nowNanos == Long.MIN_VALUE ? atNanos : nowNanos + deltaNanos;
        lastTickNanos = atNanos;
        edges.onStepped(deltaNanos);
        advanceTo(atNanos);
        steering.onMoved(atNanos);
        status = describe();
        return steering.anew(clock);
    }

    /** The frequency correction {@code ppbInForce}, as the clock took it on, is in force since {@code atNanos}, local clock. */
    public void onSteered(double ppbInForce, long atNanos) {
        advanceTo(atNanos);
        steering.onSteered(ppbInForce, atNanos);
        status = describe();
    }

    /** The clock works off {@code slewNanos}, as it took them on at {@code atNanos}, by itself. */
    public void onSlewing(long slewNanos, long atNanos) {
        advanceTo(atNanos);
        steering.onSlewing(slewNanos, atNanos);
    }

    /**
     * The clock was moved by {@code movedNanos} to {@code atNanos}, and not by this program: a leap second of the operating system, or
     * someone else, and then nothing that was stamped before says anything now.
     */
    public void onMoved(long movedNanos, long atNanos) {
        if (leaps.isMove(movedNanos)) {
            onStepped(leaps.leap().deltaNanos(), atNanos);
            return;
        }
        numbering.onMoved(movedNanos, atNanos);
        startAnew(atNanos);
    }

    /** As {@link #onMoved}, but nobody knows by how much. */
    private void onLostTrack(long atNanos) {
        numbering.onLostTrack(atNanos);
        startAnew(atNanos);
    }

    private void startAnew(long atNanos) {
        nowNanos = atNanos;
        lastTickNanos = atNanos;
        steering.onMoved(atNanos);
        steppedAtNanos = Long.MIN_VALUE;
        lose("the clock was moved by someone else, or the machine slept");
        status = describe();
    }

    /**
     * Another program has set the clock's frequency, as {@code why} says: it is not known what the clock did since the last tick. What
     * takes it back.
     */
    public Correction onForeignHand(String why) {
        lose(why);
        status = describe();
        return steering.anew(clock);
    }

    /** What is known after the last event. */
    public ClockStatus status() {
        return status;
    }

    private Correction onPlaced(long edgeNanos, boolean servedBefore) {
        if (standoff.isOn() && !isAtTopOfSecond(edgeNanos)) {
            // Nobody is to learn from it, neither the estimator nor the numbering.
            onElsewhere(offsetFromSecond(edgeNanos));
            return Correction.HOLD;
        }
        switch (numbering.onEdge(edgeNanos)) {
            case EdgeLabeller.Naming.Named named -> {
                return onNamed(named.sample(), servedBefore);
            }
            case EdgeLabeller.Naming.OffGrid offGrid -> onElsewhere(offGrid.residueNanos());
            case EdgeLabeller.Naming.Unnamed _ -> {}
        }
        return Correction.HOLD;
    }

    /** Whether an edge is where the clock itself begins a second. */
    private boolean isAtTopOfSecond(long edgeNanos) {
        return Math.abs(offsetFromSecond(edgeNanos) - clock.offsetNanos()) <= agreementNanos();
    }

    /** Reference minus local, where the edge marks the second that is nearest. */
    private static long offsetFromSecond(long edgeNanos) {
        return Math.floorDiv(edgeNanos + 500_000_000L, 1_000_000_000L) * 1_000_000_000L - edgeNanos;
    }

    private Correction onNamed(OffsetSample sample, boolean servedBefore) {
        if (!unfollowed().isEmpty()) {
            edges.reject();
            machine.onDisagreement();
            return Correction.HOLD;
        }
        follow(sample);
        return steering.afterEdge(clock, nowNanos, mayStep(servedBefore), edgesSinceNumbered);
    }

    private boolean mayStep(boolean servedBefore) {
        return !servedBefore && !machine.state().isSynchronised();
    }

    private void follow(OffsetSample sample) {
        double lagSeconds = (nowNanos - sample.edgeNanos()) * SECONDS;
        double stamped = sample.offsetNanos() + lagSeconds * (clock.frequencyPpb() - steering.correctionPpb());
        double offsetNow = stamped + quantisationNanos(sample.utcSeconds(), stamped);
        edgesSinceNumbered++;
        if (!tracking) {
            clock.restart(offsetNow);
            tracking = true;
            edges.use(sample);
            return;
        }
        boolean agrees = Math.abs(offsetNow) <= agreementNanos();
        if (clock.update(offsetNow) > 0.5) {
            edges.reject();
            machine.onDisagreement();
            if (jumps.isJump(sample.offsetNanos())) {
                onJump(sample);
            }
            return;
        }
        edges.use(sample);
        if (agrees) {
            jumps.forget();
            standoff.end();
            boolean near = Math.abs(clock.offsetNanos()) <= provenOffsetNanos();
            machine.onAgreement(nowNanos, near && numbering.isConfirmed(), numbering.refusal(nowNanos));
            if (machine.state() == SyncState.DISCIPLINED) {
                numbering.onServed();
            }
        } else {
            machine.onDisagreement();
            // One that is late by so much may have waited; six in a row at the same place have not.
            if (machine.state().isSynchronised() && jumps.isJump(sample.offsetNanos())) {
                onJump(sample);
            }
        }
    }

    /** What the receiver's word on the pulse adds to the offset that its edge shows. */
    private double quantisationNanos(long utcSeconds, double offsetNanos) {
        double late = quantisation.announcedNanos(utcSeconds);
        if (tracking) {
            quantisation.onEdge(offsetNanos - clock.offsetNanos(), clock.innovationSigmaNanos(), late);
        }
        return quantisation.isApplied() && !Double.isNaN(late) ? late : 0;
    }

    /** Edges that agree among themselves and not with the clock: a clock that was served goes on alone; else, and after that, service ends. */
    private void onJump(OffsetSample sample) {
        String moved = String.format(
                Locale.ROOT, "the pulses and the clock moved apart by %.6f s", sample.offsetNanos() * SECONDS);
        if (isBelievedAgainst(sample.offsetNanos(), moved)) {
            return;
        }
        standoff.end();
        clock.restart((double) sample.offsetNanos());
        jumps.forget();
        edgesSinceNumbered = 0;
        machine.onNumbered(nowNanos, moved);
    }

    private boolean isBelievedAgainst(long offsetNanos, String moved) {
        long sinceEdgeNanos = nowNanos - edges.referenceNanos();
        if (!machine.state().isSynchronised() || !standoff.believesClock(offsetNanos, nowNanos, sinceEdgeNanos)) {
            return false;
        }
        machine.onUnbacked(nowNanos, moved + "; they are not followed while they stay there");
        return true;
    }

    /** An edge that lies elsewhere in the second than the edges before. */
    private void onElsewhere(long offsetNanos) {
        edges.reject();
        machine.onDisagreement();
        if (!distrust.isEmpty() || !jumps.isJump(offsetNanos)) {
            return;
        }
        String moved =
                String.format(Locale.ROOT, "the pulses moved by %.6f s within the second", -offsetNanos * SECONDS);
        if (!isBelievedAgainst(offsetNanos, moved)) {
            lose(moved);
        }
    }

    private Correction onNumbered(String why, boolean servedBefore) {
        machine.onNumbered(nowNanos, why);
        tracking = false;
        edgesSinceNumbered = 0;
        jumps.forget();
        long bornNanos = nowNanos;
        for (OffsetSample sample : numbering.recentSamples()) {
            if (!steering.isAfter(sample.edgeNanos())) {
                bornNanos = catchUp(sample, bornNanos);
            }
        }
        if (!tracking) {
            return Correction.HOLD;
        }
        clock.advance((nowNanos - bornNanos) * SECONDS, steering.correctionPpb());
        return servedBefore ? Correction.HOLD : steering.afterEdge(clock, nowNanos, mayStep(false), edgesSinceNumbered);
    }

    /** Feeds an edge from before the numbering; returns the moment that the estimator stands at. */
    private long catchUp(OffsetSample sample, long standsAtNanos) {
        if (tracking) {
            clock.advance((sample.edgeNanos() - standsAtNanos) * SECONDS, steering.correctionPpb());
            clock.update((double) sample.offsetNanos());
        } else {
            clock.restart((double) sample.offsetNanos());
            tracking = true;
        }
        edges.use(sample);
        return sample.edgeNanos();
    }

    private void checkBacking() {
        String missing = unfollowed();
        if (!missing.isEmpty()) {
            machine.onUnbacked(nowNanos, missing);
        }
    }

    /** Why pulses are not followed now; empty when they are. */
    private String unfollowed() {
        return distrust.isEmpty() ? numbering.unbacked(nowNanos) : "the receiver is distrusted: " + distrust;
    }

    private void checkLimit() {
        if (machine.state().isSynchronised() && boundNanos() + Math.abs(clock.offsetNanos()) > limitNanos()) {
            lose(String.format(
                    Locale.ROOT, "the error may have grown beyond the limit of %.3f ms", limitNanos() * 1e-6));
        }
    }

    /** What other clocks and the calendar say. */
    private void checkCalendar() {
        machine.onObjection(nowNanos, numbering.objection(nowNanos));
        if (numbering.isCertain() && !numbering.isProven() && leaps.isCountConfirmed(nowNanos)) {
            numbering.onLeapCountConfirmed();
        }
        leaps.onTick(
                nowNanos,
                numbering.witnessedLeapDirection(nowNanos),
                machine.state().isSynchronised());
    }

    /** What a leap second calls for at this moment; while one is under way, edges and labels are not used. */
    private Correction passLeap(boolean servedBefore) {
        if (!numbering.isCertain()) {
            leaps.end();
            return Correction.HOLD;
        }
        switch (leaps.at(nowNanos)) {
            case BEGIN ->
                machine.onLeapComing(
                        nowNanos,
                        String.format(
                                Locale.ROOT,
                                "a leap second is being %s (%s)",
                                leaps.leap().direction() > 0 ? "inserted" : "deleted",
                                leaps.leap().source()));
            case MOVE -> {
                if (!servedBefore) {
                    return new Correction.Step(leaps.leap().deltaNanos());
                }
            }
            case END -> {
                if (!leaps.isOver()) {
                    numbering.onLeap(leaps.leap(), 0);
                }
                leaps.end();
                machine.onLeapPassed(nowNanos);
            }
            case NONE, WAIT -> {}
        }
        return Correction.HOLD;
    }

    /** Pulses that scatter by milliseconds make a poor clock, not a wrong one: it is served with the error that it has. */
    private double limitNanos() {
        return Math.max((double) options.holdoverLimitNanos(), LIMIT_SIGMAS * clock.jitterNanos());
    }

    private Correction onTime(boolean servedBefore) {
        if (machine.state() == SyncState.COLD || (machine.state() == SyncState.REFUSED && !tracking)) {
            return steering.plain(clock);
        }
        return tracking
                ? steering.withoutEdge(clock, nowNanos, mayStep(servedBefore), edgesSinceNumbered)
                : Correction.HOLD;
    }

    private void lose(String why) {
        machine.onLost(nowNanos, why);
        leaps.end();
        numbering.withdraw();
        jumps.forget();
        standoff.end();
        tracking = false;
        edgesSinceNumbered = 0;
    }

    private boolean isInPlace(long edgeNanos) {
        if (edgeNanos < steppedAtNanos) {
            return false;
        }
        if (nowNanos == Long.MIN_VALUE) {
            return true;
        }
        boolean stale = edgeNanos < nowNanos - LATEST_NANOS || steering.isAfter(edgeNanos);
        boolean ahead = lastTickNanos != Long.MIN_VALUE && edgeNanos > lastTickNanos + AHEAD_NANOS;
        return !stale && !ahead;
    }

    private static boolean isGap(long sinceTickNanos) {
        return sinceTickNanos > TICK_GAP_NANOS || sinceTickNanos < -LATEST_NANOS;
    }

    private void advanceTo(long atNanos) {
        if (nowNanos == Long.MIN_VALUE) {
            nowNanos = atNanos;
        } else if (atNanos > nowNanos) {
            while (nowNanos < atNanos) {
                long untilNanos = Math.min(atNanos, steering.steadyUntilNanos());
                clock.advance((untilNanos - nowNanos) * SECONDS, steering.correctionPpb());
                nowNanos = untilNanos;
                steering.onTime(nowNanos);
            }
        }
    }

    /** Where pulses jitter by more than that, a clock cannot be told to be nearer. */
    private double provenOffsetNanos() {
        return Math.max(PROVEN_OFFSET_NANOS, clock.jitterNanos());
    }

    private double agreementNanos() {
        return budget.boundNanos(clock, nowNanos - edges.referenceNanos()) + AGREEMENT_SIGMAS * clock.jitterNanos();
    }

    /**
     * What pulses and clock may have moved apart is part of it, whoever moved. Above the limit of what is served it was not the clock: no
     * crystal moves as far from one second to the next.
     */
    private long boundNanos() {
        long suspected = jumps.suspectedNanos();
        return budget.boundNanos(clock, nowNanos - edges.referenceNanos())
                + (suspected <= limitNanos() / 2 ? suspected : 0);
    }

    private ClockStatus describe() {
        boolean started = nowNanos != Long.MIN_VALUE;
        return new ClockStatus(
                machine.state(),
                why(),
                machine.sinceNanos(),
                started ? nowNanos : 0,
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
                numbering.labelling(),
                leaps.status());
    }

    private String why() {
        if (!distrust.isEmpty() && !machine.state().isSynchronised()) {
            return unfollowed();
        }
        return switch (machine.state()) {
            case COLD ->
                machine.reason().isEmpty() ? numbering.missing() : machine.reason() + ": " + numbering.missing();
            case LABELLED -> machine.reason() + "; the clock is set and held against the next pulses";
            case REFUSED -> numbering.isCertain() ? machine.reason() : numbering.missing();
            case DISCIPLINED ->
                switch (quantisation.worth()) {
                    case TRIED, UNSEEN -> AGREES;
                    case HELPS -> AGREES + "; the receiver's word on each pulse's grain is used";
                    case HARMS ->
                        AGREES + "; the receiver's word on each pulse's grain (TIM-TP) does not fit, and is not used";
                };
            case HOLDOVER -> machine.reason() + "; the clock runs on its learned frequency";
        };
    }
}
