package org.noonmark.app;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.SyncState;
import org.noonmark.discipline.TimingCore;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.pps.PpsEdge;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.SimulatedClock;
import org.noonmark.sources.AgreedTime;
import org.noonmark.sources.Association;
import org.noonmark.sources.LocalClock;
import org.noonmark.sources.Moment;
import org.noonmark.sources.NtsKeys;
import org.noonmark.sources.Outside;
import org.noonmark.sources.SelectionRules;
import org.noonmark.sources.SourceAddress;
import org.noonmark.sources.SourceConfig;
import org.noonmark.sources.SourceOptions;
import org.noonmark.sources.Sources;
import org.noonmark.sources.SourcesStatus;
import org.noonmark.sources.Takeover;
import org.noonmark.status.Snapshots;
import org.noonmark.status.StatusSnapshot;
import org.noonmark.status.StatusText;
import org.noonmark.time.NtpShort;
import org.noonmark.time.NtpTime;

/**
 * A day of one machine with a receiver and servers over a network: the timing core, the client and what is served, put together as the timing
 * thread does, with a crystal that wanders. Receiver and servers may lie. What is served is held against the truth once a second.
 */
final class WitnessedDay implements Outside {
    static final long SECOND = 1_000_000_000L;
    static final long HOUR = 3_600;
    static final long DAY = 86_400;

    /** 2026-05-28, POSIX count. */
    private static final long START = 1_780_000_000L;

    private static final int PRECISION = -24;
    private static final int GPS = 0x4750_5300;
    private static final double MAX_CLOCK_ERROR_PPB = 1_000;
    private static final long PULSE_SIGMA_NANOS = 500;
    private static final SourceAddress HERE = SourceAddress.of(new byte[] {10, 0, 0, 99}, "10.0.0.99");

    /** A server: {@code errorNanos} in the k-th second, over a path of that round trip. */
    record Server(SourceAddress address, LongUnaryOperator errorNanos, long delayNanos) {}

    private record Arrival(long atNanos, Association to, long request, ByteBuffer packet) {}

    /**
     * What was served so far.
     *
     * @param worstNanos largest error
     * @param worstShare largest share of what was told of the error; above 1 it was told too small
     * @param receiverSeconds by the receiver, at stratum 1
     * @param serverSeconds by servers
     * @param lastSeconds the last second in which anything was
     */
    record Served(long worstNanos, double worstShare, long receiverSeconds, long serverSeconds, long lastSeconds) {}

    /** How far the receiver's pulses and labels are late in the k-th second. */
    LongUnaryOperator receiverErrorNanos = _ -> 0;

    LongPredicate sky = _ -> true;

    private final List<Server> servers = new ArrayList<>();
    private final SplittableRandom chance;
    private final SimulatedClock clock;
    private final SimulatedClock raw;
    private final TimingCore core;
    private final Takeover takeover = new Takeover(PRECISION, MAX_CLOCK_ERROR_PPB, TimingOptions.DEFAULTS.limits());
    private final ServedTime servedTime = new ServedTime(PRECISION, GPS, 0, Optional.empty());
    private final AgreedTime agreed = new AgreedTime(this::now, MAX_CLOCK_ERROR_PPB);
    private final LocalRate localRate = new LocalRate();
    private final Map<Association, Long> underWay = new HashMap<>();
    private final List<String> lookUps = new ArrayList<>();
    private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>(Comparator.comparingLong(Arrival::atNanos));
    private Optional<Sources> sources = Optional.empty();
    private SystemVariables system = SystemVariables.unsynchronised(PRECISION);
    private long trueNanos = START * SECOND;
    private long dueNanos = Long.MAX_VALUE;
    private long sequence;
    private long requests;
    private long second;
    private Served served = new Served(0, 0, 0, 0, -1);

    WitnessedDay(long seed) {
        chance = new SplittableRandom(seed);
        Oscillator crystal = Oscillator.wandering(Oscillator.Wander.QUIET, seed);
        clock = new SimulatedClock(() -> trueNanos, () -> trueNanos, crystal, 0);
        raw = new SimulatedClock(() -> trueNanos, () -> trueNanos, crystal, 0);
        core = new TimingCore(TimingOptions.DEFAULTS.with(it -> it.witnesses(List.of(agreed))), 0);
    }

    /** It asks such servers at 10.0.0.1 and up, each 64 s at first, and up to 1024 s as it goes well. */
    WitnessedDay asking(long delayNanos, LongUnaryOperator... errorsNanos) {
        List<SourceConfig> configs = new ArrayList<>();
        for (LongUnaryOperator error : errorsNanos) {
            byte number = (byte) (servers.size() + 1);
            SourceAddress address = SourceAddress.of(new byte[] {10, 0, 0, number}, "10.0.0." + number);
            servers.add(new Server(address, error, delayNanos));
            configs.add(SourceConfig.server(address.text(), SourceOptions.DEFAULTS));
        }
        LocalClock own = new LocalClock(100, MAX_CLOCK_ERROR_PPB, (START - DAY) * SECOND);
        sources = Optional.of(
                new Sources(configs, SelectionRules.DEFAULTS, List.of(), own, 14 * DAY * SECOND, agreed, this));
        dueNanos = trueNanos;
        return this;
    }

    /** Until the k-th second has come. */
    WitnessedDay runTo(long until) {
        for (; second < until; second++) {
            long begin = (START + second) * SECOND;
            long late = receiverErrorNanos.applyAsLong(second);
            if (sky.test(second)) {
                long whole = Math.floorDiv(late, SECOND);
                long edge = begin + (late - whole * SECOND) + Math.round(PULSE_SIGMA_NANOS * chance.nextGaussian());
                advance(Math.max(trueNanos, edge + 1_000_000));
                carryOut(core.onEdge(new PpsEdge(clock.nanosAt(edge), sequence++, PpsEdge.Polarity.ASSERT)));
                long label = begin + 150_000_000 + chance.nextLong(2_000_000);
                advance(label + 40_000_000);
                carryOut(core.onLabel(new TimeLabel(
                        START + second - whole, false, clock.nanosAt(label), TimeLabel.Trust.UTC_PROVEN, "RMC")));
            }
            advance(begin + 950_000_000);
            tick();
            judge();
        }
        return this;
    }

    Served served() {
        return served;
    }

    SystemVariables system() {
        return system;
    }

    ClockStatus status() {
        return core.status();
    }

    /** The status as a person sees it, on one line. */
    String screen() {
        StatusSnapshot other = Snapshots.synchronised();
        StatusSnapshot snapshot = new StatusSnapshot(
                other.program(),
                core.status(),
                system,
                other.receivers(),
                other.pulses(),
                new SourcesStatus(sources.orElseThrow().status(localRate.ppb()), 0, ""),
                other.server(),
                other.leapSeconds());
        return StatusText.screen(snapshot, clock.nanos(), false).replaceAll("\\s+", " ");
    }

    /** Their letters as {@code sources} shows them, in the order of the servers. */
    String letters() {
        StringBuilder letters = new StringBuilder();
        sources.orElseThrow()
                .status(localRate.ppb())
                .forEach(source -> letters.append(source.verdict().sourceLetter()));
        return letters.toString();
    }

    private void tick() {
        Correction own = core.onTick(clock.nanos());
        ClockStatus status = core.status();
        boolean steers = status.state() == SyncState.COLD && !(own instanceof Correction.Step);
        Moment now = now();
        Correction theirs = takeover.onTick(
                now,
                clock.frequencyPpb(),
                new Takeover.Own(
                        status.state().isSynchronised(),
                        status.errorBoundNanos() + Math.abs(status.residualOffsetNanos()),
                        steers,
                        0),
                agreed.lead());
        carryOut(steers && takeover.hasLead() ? theirs : own);
        localRate.on(now());
        sources.ifPresent(
                all -> all.onClock(localRate.ppb(), core.status().state().isSynchronised(), 0));
    }

    private void carryOut(Correction correction) {
        system = servedTime.of(core.status(), takeover.served(), takeover.isWithheld());
        switch (correction) {
            case Correction.Hold _ -> {}
            case Correction.Steer steer -> core.onSteered(clock.setFrequencyPpb(steer.frequencyPpb()), clock.nanos());
            case Correction.Slew slew -> {
                core.onSteered(clock.setFrequencyPpb(slew.frequencyPpb()), clock.nanos());
                core.onSlewing(clock.slew(slew.nanos()), clock.nanos());
            }
            case Correction.Refuse refuse ->
                core.onSteered(clock.setFrequencyPpb(refuse.frequencyPpb()), clock.nanos());
            case Correction.Step step -> {
                if (system.isSynchronised()) {
                    throw new AssertionError("a step of " + step.deltaNanos() + " ns while serving " + system);
                }
                servedTime.onMoved();
                clock.step(step.deltaNanos());
                takeover.onStepped();
                carryOut(core.onStepped(step.deltaNanos(), clock.nanos()));
            }
        }
    }

    private void judge() {
        if (!system.isSynchronised()) {
            return;
        }
        long error = Math.abs(Math.round(clock.errorNanosAt(trueNanos)));
        double share = (double) error / system.rootDistanceNanos(clock.nanos());
        boolean receiver = !system.isFromServers();
        served = new Served(
                Math.max(served.worstNanos(), error),
                Math.max(served.worstShare(), share),
                served.receiverSeconds() + (receiver ? 1 : 0),
                served.serverSeconds() + (receiver ? 0 : 1),
                second);
    }

    /** Lets the network go on. */
    private void advance(long untilNanos) {
        while (true) {
            long arrival =
                    arrivals.isEmpty() ? Long.MAX_VALUE : arrivals.element().atNanos();
            long next = Math.max(trueNanos, Math.min(dueNanos, arrival));
            if (next >= untilNanos) {
                trueNanos = Math.max(trueNanos, untilNanos);
                return;
            }
            trueNanos = next;
            if (arrival <= dueNanos) {
                hear(arrivals.remove());
            } else {
                goOn(sources.orElseThrow());
            }
        }
    }

    private void goOn(Sources asked) {
        for (String name : List.copyOf(lookUps)) {
            lookUps.remove(name);
            asked.onResolved(name, List.of(server(name).address()));
        }
        long due = asked.onTime();
        // Both clocks agree to some parts in a million, and what is early is asked again.
        dueNanos = lookUps.isEmpty() ? trueNanos + Math.max(1_000_000, due - raw.nanos()) : trueNanos;
    }

    private Server server(String address) {
        return servers.stream()
                .filter(server -> server.address().text().equals(address))
                .findFirst()
                .orElseThrow();
    }

    private void hear(Arrival arrival) {
        Long open = underWay.get(arrival.to());
        if (open == null || open != arrival.request()) {
            return;
        }
        long good = arrival.to().goodAnswers();
        NtpPacket packet = new NtpPacket(arrival.packet(), 0, arrival.packet().capacity());
        arrival.to().onReply(packet, clock.nanos(), true, system, HERE, this);
        if (arrival.to().goodAnswers() != good) {
            sources.orElseThrow().onAnswered(arrival.to());
        }
        dueNanos = trueNanos;
    }

    @Override
    public long random() {
        return chance.nextLong();
    }

    @Override
    public Moment now() {
        return new Moment(clock.nanos(), raw.nanos());
    }

    @Override
    public boolean send(Association to, byte[] request) {
        underWay.put(to, ++requests);
        Server server = server(to.address().text());
        long there = server.delayNanos() / 2 + jitter(server);
        long back = server.delayNanos() / 2 + jitter(server);
        byte[] octets = request.clone();
        NtpPacket packet = new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
        long shows = NtpTime.ofUnixNanos(trueNanos + there + server.errorNanos().applyAsLong(second));
        packet.setLeapVersionMode(0, packet.version(), NtpPacket.MODE_SERVER);
        packet.setStratum(1);
        packet.setPrecision(-23);
        packet.setRootDispersion(NtpShort.ceilOfNanos(20_000));
        packet.setReferenceId(GPS);
        packet.setReferenceTimestamp(shows);
        packet.setOriginTimestamp(packet.transmitTimestamp());
        packet.setReceiveTimestamp(shows);
        packet.setTransmitTimestamp(shows);
        arrivals.add(new Arrival(trueNanos + there + back, to, requests, ByteBuffer.wrap(octets)));
        return true;
    }

    /** Of a tenth of the path, exponential. */
    private long jitter(Server server) {
        return Math.round(-Math.log(1 - chance.nextDouble()) * server.delayNanos() / 20);
    }

    @Override
    public void hangUp(Association of) {
        underWay.remove(of);
    }

    @Override
    public void establish(Association with, boolean withoutGcmSiv) {}

    @Override
    public Optional<NtsKeys> savedKeys(Association of) {
        return Optional.empty();
    }

    @Override
    public Set<Integer> ownReferenceIds() {
        return Set.of(HERE.referenceId());
    }

    @Override
    public void lookUp(String name) {
        lookUps.add(name);
        dueNanos = trueNanos;
    }
}
