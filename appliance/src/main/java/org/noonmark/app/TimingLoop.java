package org.noonmark.app;

import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.CoreEvent;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.discipline.SyncState;
import org.noonmark.discipline.TimingCore;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.sources.Lead;
import org.noonmark.sources.Moment;
import org.noonmark.sources.Takeover;
import org.noonmark.sources.TypedTimes;
import org.noonmark.time.SteerableClock;
import org.noonmark.time.Thermometer;
import org.tinylog.Logger;

/**
 * The timing thread: takes events in order, lets {@link TimingCore} decide, publishes what is served, then moves the clock. It alone
 * writes the clock and the served variables.
 */
final class TimingLoop implements Runnable, ManualCommands.Hand {
    /** What others have found out about receiver and pulses; asked on each tick. */
    interface Findings {
        /** Why the receiver is not to be believed; empty when it is. */
        String distrust();

        /** The owner's table of leap seconds. */
        Optional<LeapSecondsList> leapSeconds();

        /** How late edges are stamped, once that was measured. */
        Optional<TimingOptions.EdgeDelay> edgeDelay();

        /** The time of other sources, as one that can be followed; null while they agree on nothing. */
        @Nullable Lead lead();

        /** This instant on the clock and on one that nobody steers. */
        Moment moment();
    }

    /** Hears what the thread does, on the thread. */
    interface Listener {
        /** After each event: the clock's account, and what is served from now on. */
        void onMoment(ClockStatus status, SystemVariables system);

        /** The clock is about to be corrected by so much, at once or slowly. */
        default void onCorrection(long nanos) {}

        /** The clock was moved by {@code deltaNanos}: stamps from before it are void. */
        void onStepped(long deltaNanos);

        /** Before {@link #onStepped}: somebody else moved the clock, or it passed a leap second, or the machine slept. */
        void onMovedByOthers();

        /** Time for rare work: about once a second. */
        void onTick(ClockStatus status);

        /** The last word: the pulses call for what the owner forbids, and nothing is steered or served any more. */
        void onGivenUp();
    }

    private static final long TICK_NANOS = 1_000_000_000L;
    private static final long LEAP_NANOS = 1_000_000_000L;
    /** What a clock may drift in the seconds until an unannounced leap second is believed. */
    private static final long LEAP_ALLOWANCE_NANOS = 10_000_000L;
    /** MAXDISP of RFC 5905, figure 5: what an error that nobody knows is told as. */
    private static final long UNKNOWN_ERROR_NANOS = 16_000_000_000L;

    private final TimingCore core;
    private final Journal journal;
    private final SteerableClock clock;
    private final Thermometer thermometer;
    private final LongSupplier monotonicNanos;
    private final Inbox inbox;
    private final Optional<PulseTrain> pulses;
    private final ServedTime servedTime;
    private final Takeover takeover;
    private final Findings findings;
    private final Listener listener;
    private final StepWatch watch = new StepWatch();
    private volatile SystemVariables system;
    private @Nullable SyncState lastState;
    private final LogPace refusals = new LogPace();
    private boolean givenUp;
    private String toldDistrust = "";
    private String toldLeader = "";
    private TimingOptions.@Nullable EdgeDelay toldDelay;
    private Optional<LeapSecondsList> toldLeapSeconds;

    TimingLoop(
            TimingCore core,
            Journal journal,
            SteerableClock clock,
            Thermometer thermometer,
            LongSupplier monotonicNanos,
            Inbox inbox,
            Optional<PulseTrain> pulses,
            ServedTime servedTime,
            Takeover takeover,
            Findings findings,
            Listener listener) {
        this.core = core;
        this.journal = journal;
        this.clock = clock;
        this.thermometer = thermometer;
        this.monotonicNanos = monotonicNanos;
        this.inbox = inbox;
        this.pulses = pulses;
        this.servedTime = servedTime;
        this.takeover = takeover;
        this.findings = findings;
        this.listener = listener;
        this.toldLeapSeconds = findings.leapSeconds(); // the core was made with it
        this.system = servedTime.of(core.status());
    }

    /** What is served now. Any thread may read. */
    SystemVariables system() {
        return system;
    }

    @Override
    public void run() {
        long nextTick = monotonicNanos.getAsLong();
        try {
            while (!givenUp && !Thread.currentThread().isInterrupted()) {
                TimingEvent event = inbox.poll(nextTick - monotonicNanos.getAsLong());
                boolean isVoid = isMovedByOthers(); // then the event was stamped by the clock that is no more
                if (event != null && !isVoid) {
                    publishAndCarryOut(decide(event));
                }
                if (!givenUp && monotonicNanos.getAsLong() >= nextTick) {
                    nextTick = monotonicNanos.getAsLong() + TICK_NANOS;
                    tellFindings();
                    tell(new CoreEvent.Temperature(thermometer.celsius(), clock.nanos()));
                    publishAndCarryOut(orFollowServers(tell(new CoreEvent.Tick(clock.nanos()))));
                    checkForeignHand();
                    tick();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
    }

    private Correction decide(TimingEvent event) {
        return switch (event) {
            case TimingEvent.Edge e
            when isPast(e.edge().stampNanos()) && pulses.orElseThrow().accepts(e.edge(), e.monotonicNanos()) ->
                tell(new CoreEvent.Edge(e.edge()));
            case TimingEvent.Label e when isPast(e.label().burstArrivalNanos()) -> tell(new CoreEvent.Label(e.label()));
            case TimingEvent.Notice e when isPast(e.notice().arrivalNanos()) -> tell(new CoreEvent.Notice(e.notice()));
            case TimingEvent.Edge _, TimingEvent.Label _, TimingEvent.Notice _ -> Correction.HOLD;
            case TimingEvent.Leap e -> tell(new CoreEvent.Leap(e.notice()));
            case TimingEvent.Asked e -> {
                e.deed().run();
                yield Correction.HOLD;
            }
        };
    }

    @Override
    public Moment moment() {
        return findings.moment();
    }

    @Override
    public double ratePpb() {
        return takeover.ratePpb(clock.frequencyPpb());
    }

    @Override
    public double frequencyPpb() {
        return clock.frequencyPpb();
    }

    /** Whatever measures the time does it better than a hand. */
    @Override
    public String refusal(long deltaNanos) {
        ClockStatus status = core.status();
        if (status.state() == SyncState.REFUSED) {
            return "there are a receiver's pulses that are not believed: 'noonmark status' says why; without them a hand is";
        }
        if (status.state() != SyncState.COLD) {
            return "the receiver tells the time (" + status.state().name().toLowerCase(Locale.ROOT) + ")";
        }
        if (takeover.hasLead()) {
            return "other sources tell the time: 'noonmark sources' shows which";
        }
        return takeover.allows(deltaNanos) ? "" : "'maxchange' forbids to move the clock so far";
    }

    @Override
    public boolean set(TypedTimes.Estimate estimate) {
        if (estimate.fastNanos() != 0 && !step(-estimate.fastNanos(), true)) {
            return false;
        }
        estimate.slope().ifPresent(slope -> {
            double wantedPpb = takeover.hold(slope, clock.frequencyPpb());
            tell(new CoreEvent.Steered(clock.setFrequencyPpb(wantedPpb), clock.nanos()));
        });
        servedTime.onSetByHand(clock.nanos(), TypedTimes.ERROR_NANOS, estimate.skew() * 1e9);
        publish(core.status());
        return true;
    }

    private void tellFindings() {
        String distrust = findings.distrust();
        if (!distrust.equals(toldDistrust)) {
            toldDistrust = distrust;
            tell(new CoreEvent.Distrust(distrust));
        }
        Optional<LeapSecondsList> leapSeconds = findings.leapSeconds();
        if (!leapSeconds.equals(toldLeapSeconds)) {
            toldLeapSeconds = leapSeconds;
            tell(new CoreEvent.LeapSeconds(leapSeconds));
        }
        TimingOptions.EdgeDelay delay = findings.edgeDelay().orElse(toldDelay);
        if (delay != null && !delay.equals(toldDelay)) {
            toldDelay = delay;
            tell(new CoreEvent.Delay(delay.meanNanos(), delay.allowanceNanos()));
        }
    }

    private Correction tell(CoreEvent event) {
        Correction correction = event.applyTo(core);
        journal.note(event, correction);
        return correction;
    }

    /** While nothing else is known of the time, the clock follows the sources that agree. */
    private Correction orFollowServers(Correction own) {
        ClockStatus status = core.status();
        boolean steers = status.state() == SyncState.COLD && !(own instanceof Correction.Step);
        Correction theirs = takeover.onTick(
                findings.moment(),
                clock.frequencyPpb(),
                new Takeover.Own(
                        status.state().isSynchronised(),
                        status.errorBoundNanos() + Math.abs(status.residualOffsetNanos()),
                        steers,
                        status.leap().direction()),
                findings.lead());
        // The core would go back to what it knew at the start.
        return steers && takeover.isInCharge() ? theirs : own;
    }

    /** A stamp from the future was taken before the clock was stepped back, and has come late. */
    private boolean isPast(long stampNanos) {
        return stampNanos - clock.nanos() <= 0;
    }

    /** What is served follows the state before the clock follows the correction: the order of these two lines is the promise. */
    private void publishAndCarryOut(Correction correction) {
        publish(core.status());
        carryOut(correction);
    }

    private void publish(ClockStatus status) {
        if (status.state() != lastState) {
            lastState = status.state();
            Logger.info("clock {}: {}", status.state().name().toLowerCase(Locale.ROOT), status.why());
        }
        system = servedTime.of(status, takeover.served(), takeover.isWithheld());
        tellLeader();
        listener.onMoment(status, system);
    }

    private void tellLeader() {
        String leader =
                system.isFromServers() ? takeover.followed().map(Lead::name).orElse(toldLeader) : "";
        if (!leader.equals(toldLeader)) {
            if (leader.isEmpty()) {
                Logger.info("the time is no longer served after other sources");
            } else {
                Logger.info(
                        "the time is served after other sources at stratum {}, the best is {}",
                        system.stratum(),
                        leader);
            }
            toldLeader = leader;
        }
    }

    private void carryOut(Correction correction) {
        switch (correction) {
            case Correction.Hold _ -> {}
            case Correction.Steer steer ->
                tell(new CoreEvent.Steered(clock.setFrequencyPpb(steer.frequencyPpb()), clock.nanos()));
            case Correction.Slew slew -> {
                listener.onCorrection(slew.nanos());
                tell(new CoreEvent.Steered(clock.setFrequencyPpb(slew.frequencyPpb()), clock.nanos()));
                tell(new CoreEvent.Slewing(clock.slew(slew.nanos()), clock.nanos()));
            }
            case Correction.Refuse refuse -> refuse(refuse);
            case Correction.Step step -> step(step.deltaNanos(), false);
        }
    }

    private void refuse(Correction.Refuse refuse) {
        if (refuse.last()) {
            Logger.error(
                    "{}: Noonmark ends; check receiver and clock, then start it again, or change the line 'maxchange'",
                    refuse.why());
        } else if (refusals.mayTell(monotonicNanos.getAsLong())) {
            Logger.warn("{}: it is ignored", refuse.why());
        }
        tell(new CoreEvent.Steered(clock.setFrequencyPpb(refuse.frequencyPpb()), clock.nanos()));
        if (refuse.last()) {
            withdraw();
            givenUp = true;
            listener.onGivenUp();
        }
    }

    /** Whether it was moved. */
    private boolean step(long deltaNanos, boolean byHand) {
        // A local reference was served until now, perhaps.
        withdraw();
        listener.onCorrection(deltaNanos);
        try {
            clock.step(deltaNanos);
        } catch (RuntimeException e) {
            // Nothing was moved, and nothing is served that calls for it.
            if (refusals.mayTell(monotonicNanos.getAsLong())) {
                Logger.error(e, "the clock cannot be stepped by {} s: nothing is served", deltaNanos * 1e-9);
            }
            takeover.onStepped();
            return false;
        }
        Logger.info(() -> String.format(Locale.ROOT, "clock stepped by %+.9f s", deltaNanos * 1e-9));
        // Announced or not: UTC went on by another second than the clock that nobody steers.
        boolean leap = !byHand && Math.abs(Math.abs((double) deltaNanos) - LEAP_NANOS) < LEAP_ALLOWANCE_NANOS;
        Correction next = tell(new CoreEvent.Stepped(deltaNanos, clock.nanos()));
        if (leap) {
            listener.onMovedByOthers();
        }
        onStepped(deltaNanos);
        carryOut(next);
        return true;
    }

    /** Another program, the kernel's own leap second, or a sleep of the machine has moved the clock: nothing is proven any more. */
    private boolean isMovedByOthers() {
        long before = monotonicNanos.getAsLong();
        long now = clock.nanos();
        long movedNanos = watch.movedNanos(before, now, monotonicNanos.getAsLong());
        if (movedNanos == 0) {
            return false;
        }
        withdraw();
        if (isSystemsLeap(movedNanos)) {
            Logger.info("the operating system has moved the clock over the leap second");
        } else {
            Logger.warn(() -> String.format(
                    Locale.ROOT,
                    "the clock was moved by %+.9f s, not by this program: it is set and proven anew",
                    movedNanos * 1e-9));
        }
        tell(new CoreEvent.Moved(movedNanos, now));
        listener.onMovedByOthers();
        onStepped(movedNanos);
        return true;
    }

    private boolean isSystemsLeap(long movedNanos) {
        ClockStatus.Leap leap = core.status().leap();
        return leap.leftToSystem() && Math.round(movedNanos * 1e-9) == -leap.direction();
    }

    /** Whoever did it. */
    private void onStepped(long deltaNanos) {
        watch.forget();
        takeover.onStepped();
        // What waits was stamped by the clock that is no more.
        inbox.clear();
        pulses.ifPresent(train -> train.onStepped(deltaNanos));
        listener.onStepped(deltaNanos);
        publish(core.status());
    }

    private void checkForeignHand() {
        String found = clock.foreignHand();
        if (!found.isEmpty()) {
            Logger.warn(found);
            Correction takesBack = tell(new CoreEvent.ForeignHand(found));
            withdraw();
            publishAndCarryOut(takesBack);
        }
    }

    private void tick() {
        ClockStatus status = core.status();
        SystemVariables now = system;
        // What a hand has set is not copied to the real-time clock, which would vouch for it after the next start.
        boolean synchronised = now.isSynchronised() && !servedTime.isByHand();
        long boundNanos = synchronised ? now.rootDistanceNanos(clock.nanos()) : UNKNOWN_ERROR_NANOS;
        clock.publishQuality(synchronised, boundNanos, (long) Math.abs(status.residualOffsetNanos()));
        clock.publishLeap(
                status.leap().leftToSystem() ? status.leap().direction() : 0,
                status.leap().taiMinusUtcSeconds());
        listener.onTick(status);
    }

    /** Nobody is told anything of the clock until it is proven again. */
    private void withdraw() {
        system = SystemVariables.unsynchronised(system.precision());
        servedTime.onMoved();
    }

    /** The daemon ends: nobody steers any more, so the machine must not believe that its clock is watched. */
    private void end() {
        withdraw();
        ClockStatus status = core.status();
        // What the last edge called for would run on for ever: the crystal's correction stays alone. A slew ends by
        // itself.
        if (status.residualFrequencyPpb() != 0) {
            clock.setFrequencyPpb(core.crystalPpb());
        }
        clock.publishLeap(0, 0);
        clock.publishQuality(false, UNKNOWN_ERROR_NANOS, UNKNOWN_ERROR_NANOS);
        journal.close();
    }
}
