package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.FixListener;
import org.noonmark.nmea.GpsEra;
import org.noonmark.nmea.LeapNotice;
import org.noonmark.nmea.PulseNotice;
import org.noonmark.nmea.ReceiverDecoder;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.nmea.TimeLabel.Trust;
import org.noonmark.pps.EdgeGuard;
import org.noonmark.pps.EdgeVerdict;
import org.noonmark.pps.PpsEdge;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.PulseModel;
import org.noonmark.sim.ReceiverScript;
import org.noonmark.sim.SimulatedClock;
import org.noonmark.sim.SimulatedWitness;

/**
 * A day (or an hour) of one simulated machine: crystal, pulses, labels and the timing core, in the order of true time. The invariants
 * are checked before every event: the true error lies within what is advertised, the clock is not stepped while it is served, nothing
 * is served without a certain label.
 */
final class SimulatedDay {
    static final long SECOND = 1_000_000_000L;

    /** 2026-05-28: a day like any other, POSIX count. */
    static final long START = 1_780_000_000L;

    /** The bound without the allowance for a constant delay, for pulses that have none. */
    static final TimingOptions SHARP = TimingOptions.DEFAULTS.with(it -> it.edgeDelay(0, 0));

    /** What the receiver says about the second that began; null for silence. */
    record Spoken(long delayNanos, int errorSeconds, Trust trust) {}

    private record Event(long trueNanos, Runnable happening) {}

    static final LongFunction<@Nullable Spoken> ALWAYS_RIGHT = _ -> new Spoken(150_000_000, 0, Trust.UTC_PROVEN);

    private static final long REACTION_NANOS = 1_000_000;

    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::trueNanos));
    private final long startSecond;
    private final PulseModel pulses;
    private long trueNanos;
    private long sequence;
    private long checkedNanos;
    private boolean served;

    final SimulatedClock clock;
    final TimingCore core;
    final SimulatedWitness server;

    /** The other clock that is heard, such as {@link #server}; null for none. */
    @Nullable Witness witness;

    LongFunction<@Nullable Spoken> labels = ALWAYS_RIGHT;
    LongPredicate pulsesLost = _ -> false;

    /** What speaks, byte by byte, in place of {@link #labels}; null for none. */
    @Nullable ReceiverScript receiver;

    /** In which seconds the receiver's word on its pulses is heard. */
    LongPredicate noticesHeard = _ -> true;

    /** Of the receiver's dates. */
    LocalDate eraFloor = LocalDate.of(2026, 1, 1);

    /** How far the receiver's pulse of a second is moved, nanoseconds. */
    LongUnaryOperator pulseShiftNanos = _ -> 0;

    /** Told to the core before each second: why the receiver is distrusted. */
    LongFunction<String> distrust = _ -> "";

    /** How late the core is told of an edge, a label or a tick, nanoseconds. */
    LongSupplier tardinessNanos = () -> 0;

    /** The k-th second's edge is followed by another so much later; 0: it is not. */
    LongUnaryOperator bounceNanos = _ -> 0;

    /** What edges pass in the daemon before the core sees them; null: nothing. */
    @Nullable EdgeGuard guard;

    /** What the sensor near the crystal shows in the k-th second; null: there is none. */
    @Nullable LongToDoubleFunction celsius;

    /** The leap second that UTC has, whoever knows of it; null for none. */
    @Nullable LeapSecond leap;

    /** Whether the clock's system moves it over a leap second when it was told to. */
    boolean systemPassesLeaps;

    final List<SyncState> history = new ArrayList<>(List.of(SyncState.COLD));
    final List<Long> steps = new ArrayList<>();
    final List<Correction.Refuse> refusals = new ArrayList<>();
    long firstServedSecond = -1;
    long checks;
    long violations;
    double worstShareOfBound;
    long servedWrongSecondNanos;

    long firstLabelledSecond = -1;

    /** Of the receiver's line; 0 where it is not known. */
    long nanosPerByte;

    private @Nullable ReceiverDecoder decoder;
    private long heardTo;
    private double squares;
    private long counted;
    private long countFrom = Long.MAX_VALUE;

    SimulatedDay(
            long startSecond,
            long initialErrorNanos,
            Oscillator crystal,
            PulseModel.Noise noise,
            TimingOptions options,
            long seed) {
        this.startSecond = startSecond;
        trueNanos = startSecond * SECOND;
        clock = new SimulatedClock(() -> trueNanos, () -> trueNanos, crystal, initialErrorNanos);
        pulses = new PulseModel(clock, noise, seed);
        server = SimulatedWitness.ofServer(clock, () -> trueNanos + leapNanos());
        core = new TimingCore(options.with(it -> it.witnesses(List.of(this::heardWitness))), 0);
    }

    /** From {@link #START} on, with a crystal that wanders so. */
    static SimulatedDay of(
            long initialErrorNanos,
            Oscillator.Wander wander,
            PulseModel.Noise noise,
            TimingOptions options,
            long seed) {
        return new SimulatedDay(START, initialErrorNanos, Oscillator.wandering(wander, seed), noise, options, seed);
    }

    /** A clock that is right, a quiet crystal and a busy machine. */
    static SimulatedDay usual(TimingOptions options, long seed) {
        return of(0, Oscillator.Wander.QUIET, PulseModel.Noise.BUSY, options, seed);
    }

    private Witness.@Nullable Testimony heardWitness() {
        return witness == null ? null : witness.testimony();
    }

    /** A label stream with a Gaussian delay. */
    static LongFunction<@Nullable Spoken> delayed(double meanNanos, double sigmaNanos, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return _ -> new Spoken(Math.round(meanNanos + sigmaNanos * random.nextGaussian()), 0, Trust.UTC_PROVEN);
    }

    /** Runs the seconds from {@code from} (inclusive) to {@code to} (exclusive), counted from the start. */
    SimulatedDay run(long from, long to) {
        for (long k = from; k < to; k++) {
            plan(k);
            long end = (startSecond + k + 1) * SECOND;
            while (!events.isEmpty() && events.element().trueNanos < end) {
                Event event = events.remove();
                trueNanos = Math.max(trueNanos, event.trueNanos);
                check(k);
                event.happening.run();
                note(k);
            }
        }
        return this;
    }

    /** Nobody hears of edges, labels and ticks for {@code seconds} more; what was last said goes on being served. */
    SimulatedDay stall(long seconds) {
        long end = Math.ceilDiv(trueNanos, SECOND) + seconds;
        events.clear();
        for (long second = Math.ceilDiv(trueNanos, SECOND); second < end; second++) {
            for (int tenth = 0; tenth < 10; tenth++) {
                trueNanos = second * SECOND + tenth * (SECOND / 10);
                check(second - startSecond);
            }
        }
        return this;
    }

    /** Counts the RMS error from second {@code from} on. */
    SimulatedDay countFrom(long from) {
        countFrom = from;
        return this;
    }

    double rmsNanos() {
        return Math.sqrt(squares / counted);
    }

    void assertHonest(String what) {
        double share = (double) violations / Math.max(1, checks);
        String figures = String.format(
                Locale.ROOT,
                "%s: %d of %d checks beyond the bound, worst %.2f",
                what,
                violations,
                checks,
                worstShareOfBound);
        assertTrue(share <= 1e-4, figures);
        assertTrue(worstShareOfBound <= 2, figures);
    }

    private void plan(long k) {
        long second = (startSecond + k) * SECOND;
        core.onDistrust(distrust.apply(k));
        events.add(new Event(second, () -> emit(k)));
        if (celsius != null) {
            double shown = celsius.applyAsDouble(k);
            events.add(new Event(second + 940_000_000, () -> core.onTemperature(shown, clock.nanos())));
        }
        events.add(
                new Event(second + 950_000_000 + tardinessNanos.getAsLong(), () -> apply(core.onTick(clock.nanos()))));
        if (systemPassesLeaps && leap != null && second == leap.dueNanos()) {
            events.add(new Event(second, this::leapBySystem));
        }
        for (heardTo = Math.max(heardTo, k); heardTo < k + 2; heardTo++) {
            hear(heardTo); // a burst may begin before its second
        }
        Spoken spoken = receiver == null ? labels.apply(k) : null;
        if (spoken != null) {
            boolean second60 = leap != null && leap.direction() > 0 && startSecond + k == leap.atUnixSeconds();
            long leapt = second60 ? 0 : leapNanosAt(second) / SECOND;
            long named = startSecond + k + leapt + spoken.errorSeconds;
            // The label is complete a little after its first byte.
            long arrival = second + spoken.delayNanos;
            events.add(new Event(Math.max(trueNanos, arrival) + 40_000_000 + tardinessNanos.getAsLong(), () -> {
                long firstByte = clock.nanosAt(arrival);
                apply(core.onLabel(new TimeLabel(named, second60, firstByte, spoken.trust, "RMC")));
            }));
        }
    }

    /** The bytes that the receiver sends about its {@code k}-th second, through the daemon's own decoder. */
    private void hear(long k) {
        if (receiver == null) {
            return;
        }
        ReceiverDecoder ear = decoder == null ? new ReceiverDecoder(new GpsEra(eraFloor), new Ear()) : decoder;
        decoder = ear;
        ear.setNanosPerByte(nanosPerByte);
        for (ReceiverScript.Chunk chunk : receiver.chunks(startSecond + k)) {
            long arrival = Math.max(trueNanos, chunk.dueNanos());
            events.add(new Event(
                    arrival, () -> ear.accept(chunk.bytes(), 0, chunk.bytes().length, clock.nanosAt(arrival))));
        }
    }

    private final class Ear implements FixListener {
        @Override
        public void onLabel(TimeLabel label) {
            if (label.burstArrivalNanos() <= clock.nanos()) {
                apply(core.onLabel(label));
            }
        }

        @Override
        public void onPulse(PulseNotice pulse) {
            long k = Math.floorDiv(trueNanos, SECOND) - startSecond;
            if (noticesHeard.test(k) && pulse.arrivalNanos() <= clock.nanos()) {
                apply(core.onPulseNotice(pulse));
            }
        }

        @Override
        public void onLeap(LeapNotice leap) {
            core.onLeapNotice(leap);
        }
    }

    private void leapBySystem() {
        if (core.status().leap().leftToSystem() && leap != null) {
            clock.step(leap.deltaNanos());
            core.onMoved(leap.deltaNanos(), clock.nanos());
        }
    }

    /** UTC, as POSIX counts it, minus the world's even time: the clock must show the 59th second twice, or never. */
    private long leapNanosAt(long atTrueNanos) {
        return leap == null || atTrueNanos < leap.dueNanos() ? 0 : leap.deltaNanos();
    }

    private long leapNanos() {
        return leapNanosAt(trueNanos);
    }

    private double errorNanos() {
        return clock.errorNanosAt(trueNanos) - leapNanos();
    }

    private void emit(long k) {
        if (k >= countFrom) {
            double error = errorNanos();
            squares += error * error;
            counted++;
        }
        if (pulsesLost.test(k)) {
            return;
        }
        for (PulseModel.Stamp stamp : pulses.edgesOf(startSecond + k)) {
            emitAt(stamp.trueNanos() + pulseShiftNanos.applyAsLong(k));
            long bounce = bounceNanos.applyAsLong(k);
            if (bounce > 0) {
                emitAt(stamp.trueNanos() + bounce);
            }
        }
    }

    private void emitAt(long edgeNanos) {
        events.add(new Event(edgeNanos + REACTION_NANOS + tardinessNanos.getAsLong(), () -> {
            // The frequency may have changed since the edge was planned: only now is its reading final.
            long stampNanos = clock.nanosAt(edgeNanos);
            PpsEdge edge = new PpsEdge(stampNanos, sequence++, PpsEdge.Polarity.ASSERT);
            if (guard == null || guard.check(edge, trueNanos) == EdgeVerdict.ACCEPTED) {
                apply(core.onEdge(edge));
            }
        }));
    }

    private void apply(Correction correction) {
        switch (correction) {
            case Correction.Step step -> {
                assertFalse(served, () -> "stepped by " + step.deltaNanos() + " ns while serving");
                assertFalse(core.status().state().isSynchronised(), "a step is asked for in a state that is served");
                clock.step(step.deltaNanos());
                steps.add(step.deltaNanos());
                if (guard != null) {
                    guard.onStepped(step.deltaNanos());
                }
                apply(core.onStepped(step.deltaNanos(), clock.nanos()));
            }
            case Correction.Steer steer -> core.onSteered(clock.setFrequencyPpb(steer.frequencyPpb()), clock.nanos());
            case Correction.Slew slew -> {
                core.onSteered(clock.setFrequencyPpb(slew.frequencyPpb()), clock.nanos());
                core.onSlewing(clock.slew(slew.nanos()), clock.nanos());
            }
            case Correction.Refuse refuse -> {
                refusals.add(refuse);
                core.onSteered(clock.setFrequencyPpb(refuse.frequencyPpb()), clock.nanos());
            }
            case Correction.Hold _ -> {}
        }
    }

    private void check(long k) {
        ClockStatus status = core.status();
        served = status.state().isSynchronised();
        if (!served) {
            checkedNanos = trueNanos;
            return;
        }
        assertTrue(status.labelling().certain(), "served without a certain label");
        if (firstServedSecond < 0) {
            firstServedSecond = k;
        }
        long local = clock.nanosAt(trueNanos);
        double age = Math.max(0, local - status.updatedNanos());
        double advertised = status.errorBoundNanos()
                + Math.abs(status.residualOffsetNanos())
                + age * (status.errorGrowthPpb() * 1e-9);
        double error = Math.abs(errorNanos());
        if (error > 400_000_000) {
            servedWrongSecondNanos += trueNanos - checkedNanos;
            checkedNanos = trueNanos;
            return; // a wrong second is counted apart: no bound can contain it
        }
        checkedNanos = trueNanos;
        checks++;
        worstShareOfBound = Math.max(worstShareOfBound, error / advertised);
        if (error > advertised) {
            violations++;
        }
    }

    private void note(long k) {
        SyncState state = core.status().state();
        if (state != history.getLast()) {
            history.add(state);
        }
        if (core.status().labelling().certain() && firstLabelledSecond < 0) {
            firstLabelledSecond = k;
        }
        if (state.isSynchronised() && firstServedSecond < 0) {
            firstServedSecond = k;
        }
    }
}
