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
    private final PhaseTracker phase;
    private final Numbering numbering;
    private final LeapWatch leaps;
    private final SyncMachine machine = new SyncMachine();
    private final PulseQuarrel quarrel;
    private final StateReason reason;
    private ClockStatus status;
    private String distrust = "";

    /**
     * A core that knows nothing yet.
     *
     * @param frequencyInForcePpb correction that the clock runs with now; also the first guess where none was saved
     */
    public TimingCore(TimingOptions options, double frequencyInForcePpb) {
        phase = new PhaseTracker(options, frequencyInForcePpb);
        numbering = new Numbering(new Witnesses(options.witnesses()), options.seconds());
        leaps = new LeapWatch(options.seconds());
        quarrel = new PulseQuarrel(phase, machine, options.standoffNanos(), options.witnesses());
        reason = new StateReason(machine, numbering, phase);
        status = describe();
    }

    /** What the next run may begin with; empty while too little is known. For rare use: it makes garbage. */
    public Optional<Learned> learned() {
        return machine.state() == SyncState.DISCIPLINED ? phase.learned() : Optional.empty();
    }

    /** An edge was stamped. */
    public Correction onEdge(PpsEdge edge) {
        boolean servedBefore = machine.state().isSynchronised();
        long edgeNanos = phase.pulseNanos(edge.stampNanos());
        Correction correction = Correction.HOLD;
        if (phase.isInPlace(edgeNanos)) {
            phase.advanceTo(edgeNanos);
            correction = passLeap(servedBefore);
            if (!leaps.isUnderWay()) {
                correction = onPlaced(edgeNanos, servedBefore);
            }
        } else {
            phase.reject();
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
        if (!phase.isVoid(label.burstArrivalNanos()) && !leaps.isUnderWay() && distrust.isEmpty()) {
            correction = onWord(numbering.onLabel(label), servedBefore);
        }
        status = describe();
        return correction;
    }

    /** The receiver announced its next pulse: which second it marks, and how far it will lie off that. */
    public Correction onPulseNotice(PulseNotice notice) {
        phase.onPulseNotice(notice);
        boolean servedBefore = machine.state().isSynchronised();
        Correction correction = Correction.HOLD;
        if (!phase.isVoid(notice.arrivalNanos()) && !leaps.isUnderWay() && distrust.isEmpty()) {
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
            case Numbering.Word.Ambiguous _ -> machine.onAmbiguous(phase.nowNanos(), numbering.missing());
            case Numbering.Word.Nothing _ -> {}
        }
        return Correction.HOLD;
    }

    /** The owner's table of leap seconds has been read anew; empty when there is none any more that can be believed. */
    public void onLeapSeconds(Optional<LeapSecondsList> list) {
        leaps.onList(list);
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
        phase.onEdgeDelay(meanNanos, allowanceNanos);
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
        phase.onTemperature(celsius, atNanos);
    }

    /** Time has passed: once a second or so, also when nothing else comes. {@code tickNanos} is the local clock. */
    public Correction onTick(long tickNanos) {
        boolean servedBefore = machine.state().isSynchronised();
        if (phase.losesTrack(tickNanos)) {
            onLostTrack(tickNanos);
        }
        phase.onTick(tickNanos);
        machine.onTick(phase.nowNanos());
        if (machine.state() == SyncState.COLD && numbering.isCertain()) {
            lose(machine.reason());
        }
        quarrel.onTick();
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
        boolean bySecond = leaps.isMove(deltaNanos);
        if (bySecond) {
            leaps.onMoved();
            numbering.onLeap(leaps.leap(), deltaNanos);
        } else {
            numbering.onStepped(deltaNanos);
        }
        phase.onStepped(deltaNanos, atNanos, bySecond);
        machine.onStepped(deltaNanos);
        quarrel.onStepped(deltaNanos);
        status = describe();
        return phase.anew();
    }

    /** The frequency correction {@code ppbInForce}, as the clock took it on, is in force since {@code atNanos}, local clock. */
    public void onSteered(double ppbInForce, long atNanos) {
        phase.onSteered(ppbInForce, atNanos);
        status = describe();
    }

    /** The clock works off {@code slewNanos}, as it took them on at {@code atNanos}, by itself. */
    public void onSlewing(long slewNanos, long atNanos) {
        phase.onSlewing(slewNanos, atNanos);
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
        phase.onLostTrack(atNanos);
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
        return phase.anew();
    }

    /** What the clock is to be left with when nobody steers it any more, ppb: the crystal's correction within the owner's limits. */
    public double crystalPpb() {
        return phase.crystalPpb();
    }

    /** What is known after the last event. */
    public ClockStatus status() {
        return status;
    }

    private Correction onPlaced(long edgeNanos, boolean servedBefore) {
        if (quarrel.haveJumped() && !phase.isAtTopOfSecond(edgeNanos)) {
            // Nobody is to learn from it, neither the estimator nor the numbering.
            onElsewhere(PhaseTracker.offsetFromSecond(edgeNanos));
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

    private Correction onNamed(OffsetSample sample, boolean servedBefore) {
        if (!unfollowed().isEmpty()) {
            if (quarrel.runaway().isEmpty()) {
                phase.reject();
            } else {
                phase.onDragged(sample.offsetNanos());
            }
            machine.onDisagreement();
            return Correction.HOLD;
        }
        follow(sample);
        if (phase.runsAway() && machine.state().isSynchronised()) {
            quarrel.onRunningAway();
            return phase.anew();
        }
        return afterEdge(mayStep(servedBefore));
    }

    private Correction afterEdge(boolean mayStep) {
        Correction correction = phase.afterEdge(mayStep);
        if (correction instanceof Correction.Refuse refuse) {
            machine.onRefused(phase.nowNanos(), refuse.why());
        }
        return correction;
    }

    private boolean mayStep(boolean servedBefore) {
        return !servedBefore && !machine.state().isSynchronised();
    }

    private void follow(OffsetSample sample) {
        switch (phase.follow(sample)) {
            case FIRST -> {}
            case AGREES -> {
                phase.forgetJumps();
                quarrel.endJump();
                machine.onAgreement(
                        phase.nowNanos(),
                        phase.isNear() && numbering.isConfirmed(),
                        numbering.refusal(phase.nowNanos()));
                if (machine.state() == SyncState.DISCIPLINED) {
                    numbering.onServed();
                }
            }
            case REFUSED -> {
                machine.onDisagreement();
                jump(sample);
            }
            case STRANGE -> {
                machine.onDisagreement();
                // One that is late by so much may have waited; six in a row at the same place have not.
                if (machine.state().isSynchronised()) {
                    jump(sample);
                }
            }
        }
    }

    /** Edges that agree among themselves and not with the clock: a clock that was served goes on alone; else, and after that, service ends. */
    private void jump(OffsetSample sample) {
        if (!phase.isJump(sample.offsetNanos())) {
            return;
        }
        String moved = String.format(
                Locale.ROOT, "the pulses and the clock moved apart by %.6f s", sample.offsetNanos() * 1e-9);
        if (quarrel.believesClock(sample.offsetNanos(), moved)) {
            return;
        }
        quarrel.endJump();
        phase.restart(sample);
        machine.onNumbered(phase.nowNanos(), moved);
    }

    /** An edge that lies elsewhere in the second than the edges before. */
    private void onElsewhere(long offsetNanos) {
        phase.reject();
        machine.onDisagreement();
        if (!distrust.isEmpty() || !quarrel.runaway().isEmpty() || !phase.isJump(offsetNanos)) {
            return;
        }
        String moved = String.format(Locale.ROOT, "the pulses moved by %.6f s within the second", -offsetNanos * 1e-9);
        if (!quarrel.believesClock(offsetNanos, moved)) {
            lose(moved);
        }
    }

    private Correction onNumbered(String why, boolean servedBefore) {
        machine.onNumbered(phase.nowNanos(), why);
        boolean tracking = phase.renumber(numbering.recentSamples());
        return servedBefore || !tracking ? Correction.HOLD : afterEdge(mayStep(false));
    }

    private void checkBacking() {
        String missing = unfollowed();
        if (!missing.isEmpty()) {
            machine.onUnbacked(phase.nowNanos(), missing);
        }
    }

    /** Why pulses are not followed now; empty when they are. */
    private String unfollowed() {
        if (!distrust.isEmpty()) {
            return "the receiver is distrusted: " + distrust;
        }
        return quarrel.runaway().isEmpty() ? numbering.unbacked(phase.nowNanos()) : quarrel.runaway();
    }

    private void checkLimit() {
        double limitNanos = phase.limitNanos();
        if (machine.state().isSynchronised() && phase.boundNanos() + Math.abs(phase.offsetNanos()) > limitNanos) {
            lose(String.format(Locale.ROOT, "the error may have grown beyond the limit of %.3f ms", limitNanos * 1e-6));
        }
    }

    /** What other clocks and the calendar say. */
    private void checkCalendar() {
        machine.onObjection(phase.nowNanos(), numbering.objection(phase.nowNanos()));
        if (numbering.isCertain() && !numbering.isProven() && leaps.isCountConfirmed(phase.nowNanos())) {
            numbering.onLeapCountConfirmed();
        }
        leaps.onTick(
                phase.nowNanos(),
                numbering.witnessedLeapDirection(phase.nowNanos()),
                machine.state().isSynchronised());
    }

    /** What a leap second calls for at this moment; while one is under way, edges and labels are not used. */
    private Correction passLeap(boolean servedBefore) {
        if (!numbering.isCertain()) {
            leaps.end();
            return Correction.HOLD;
        }
        switch (leaps.at(phase.nowNanos())) {
            case BEGIN ->
                machine.onLeapComing(
                        phase.nowNanos(),
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
                machine.onLeapPassed(phase.nowNanos());
            }
            case NONE, WAIT -> {}
        }
        return Correction.HOLD;
    }

    private Correction onTime(boolean servedBefore) {
        if (machine.state() == SyncState.COLD || (machine.state() == SyncState.REFUSED && !phase.isTracking())) {
            return phase.plain();
        }
        return phase.onTime(mayStep(servedBefore));
    }

    private void lose(String why) {
        machine.onLost(phase.nowNanos(), why);
        leaps.end();
        numbering.withdraw();
        quarrel.end();
        phase.forget();
    }

    private ClockStatus describe() {
        return phase.status(machine.state(), why(), machine.sinceNanos(), numbering.labelling(), leaps.status());
    }

    private String why() {
        return distrust.isEmpty() || machine.state().isSynchronised() ? reason.tell() : unfollowed();
    }
}
