package org.noonmark.app;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.SyncState;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.provisioning.LocalReference;
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
import org.noonmark.sources.Takeover;
import org.noonmark.time.NtpShort;
import org.noonmark.time.NtpTime;

/** Several of our machines in one network: each asks others, follows them where it has no receiver, and serves. No sockets, no threads. */
final class SimulatedBoxes {
    static final long SECOND = 1_000_000_000L;
    /** 2026-11-22: the truth at the start. */
    static final long EPOCH = 1_795_305_600_000_000_000L;

    private static final int PRECISION = -20;
    private static final int GPS = 0x4750_5300;
    private static final double MOST_SLEW = 500e-6;
    private static final double MAX_CLOCK_ERROR_PPB = 1_000;
    private static final long BOUND_NANOS = 2_000;

    private record Arrival(long atNanos, long order, Box at, Association of, long request, ByteBuffer packet) {}

    final List<Box> boxes = new ArrayList<>();
    private final Map<String, Box> byAddress = new HashMap<>();
    private final SplittableRandom chance;
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::atNanos).thenComparingLong(Arrival::order));
    private long nowNanos; // of true time since the start
    private long order;

    SimulatedBoxes(long seed) {
        chance = new SplittableRandom(seed);
    }

    /** A machine whose clock begins {@code errorNanos} ahead and has a crystal {@code crystalPpb} fast. */
    Box add(int number, long errorNanos, double crystalPpb) {
        Box box = new Box(number, errorNanos, crystalPpb);
        boxes.add(box);
        byAddress.put(box.address.text(), box);
        return box;
    }

    /** Lets time go on; {@code each} sees all machines once a second. */
    void runFor(long seconds, Consumer<SimulatedBoxes> each) {
        long end = nowNanos + seconds * SECOND;
        while (nowNanos < end) {
            long tick = nowNanos + SECOND;
            for (boolean more = true; more; ) {
                more = advance(tick);
            }
            nowNanos = tick;
            boxes.forEach(Box::tick);
            each.accept(this);
        }
    }

    /** To the next thing that happens before {@code limit}; whether there was one. */
    private boolean advance(long limit) {
        long next = arrivals.isEmpty() ? Long.MAX_VALUE : arrivals.peek().atNanos();
        Box first = null;
        for (Box box : boxes) {
            long due = Math.max(nowNanos, box.dueNanos());
            if (due < next) {
                next = due;
                first = box;
            }
        }
        if (next >= limit) {
            return false;
        }
        nowNanos = Math.max(nowNanos, next);
        if (first != null) {
            first.goOn();
        } else {
            Arrival arrival = arrivals.remove();
            arrival.at().hear(arrival);
        }
        return true;
    }

    /** One machine. */
    final class Box implements Outside {
        final SourceAddress address;
        final AgreedTime agreed = new AgreedTime(this::now, MAX_CLOCK_ERROR_PPB);
        boolean hasSky;
        long biasNanos; // of what its receiver says
        SystemVariables system = SystemVariables.unsynchronised(PRECISION);
        int steps;
        private final int number;
        private final double crystalPpb;
        private final Takeover takeover = new Takeover(PRECISION, MAX_CLOCK_ERROR_PPB, TimingOptions.Limits.DEFAULTS);
        private ServedTime served = new ServedTime(PRECISION, GPS, 0, Optional.empty());
        private final Map<Association, Long> underWay = new HashMap<>();
        private final List<String> lookUps = new ArrayList<>();
        private Optional<Sources> sources = Optional.empty();
        private double rawNanos;
        private double localNanos;
        private double frequencyPpb;
        private double slewNanos;
        private long seenNanos;
        private long dueRawNanos;

        Box(int number, long errorNanos, double crystalPpb) {
            address = SourceAddress.of(new byte[] {10, 0, 0, (byte) number}, "10.0.0." + number);
            this.number = number;
            this.crystalPpb = crystalPpb;
            localNanos = errorNanos;
            rawNanos = 7.0 * SECOND;
        }

        /** It asks those machines, and serves on after {@code local}. */
        Box asking(Optional<LocalReference> local, Box... others) {
            served = new ServedTime(PRECISION, GPS, 0, local);
            List<SourceConfig> configs = new ArrayList<>();
            for (Box other : others) {
                configs.add(SourceConfig.server(other.address.text(), quick()));
            }
            SelectionRules defaults = SelectionRules.DEFAULTS;
            SelectionRules rules = new SelectionRules(
                    defaults.maxDistanceNanos(),
                    defaults.maxJitterNanos(),
                    1,
                    defaults.stratumWeightNanos(),
                    defaults.reselectNanos(),
                    3,
                    SelectionRules.Authenticated.MIX,
                    local.filter(LocalReference::orphan)
                            .map(LocalReference::stratum)
                            .orElse(0));
            LocalClock clock = new LocalClock(1_000, MAX_CLOCK_ERROR_PPB, EPOCH - 86_400 * SECOND);
            sources = Optional.of(new Sources(configs, rules, List.of(), clock, 1_209_600 * SECOND, agreed, this));
            return this;
        }

        private SourceOptions quick() {
            SourceOptions defaults = SourceOptions.DEFAULTS;
            return new SourceOptions(
                    123,
                    4,
                    0,
                    Optional.empty(),
                    0,
                    0,
                    defaults.manner(),
                    new SourceOptions.Polling(4, 4, 8, true, false, false, false),
                    defaults.limits(),
                    defaults.choice());
        }

        /** Local clock minus truth. */
        double errorNanos() {
            see();
            return localNanos - nowNanos;
        }

        /** Whom it follows; null: nobody. */
        @Nullable Box follows() {
            return boxes.stream()
                    .filter(other -> system.isFromServers() && system.referenceId() == other.address.referenceId())
                    .findFirst()
                    .orElse(null);
        }

        Optional<Sources> sources() {
            return sources;
        }

        private void see() {
            double raw = (nowNanos - seenNanos) * (1 + crystalPpb * 1e-9);
            seenNanos = nowNanos;
            rawNanos += raw;
            double slew = Math.clamp(slewNanos, -raw * MOST_SLEW, raw * MOST_SLEW);
            slewNanos -= slew;
            localNanos += raw * (1 + frequencyPpb * 1e-9) + slew;
        }

        private void tick() {
            see();
            if (hasSky) {
                localNanos = nowNanos + biasNanos;
                slewNanos = 0;
                takeover.onStepped();
            }
            Moment now = now();
            Correction correction = takeover.onTick(
                    now, frequencyPpb, new Takeover.Own(hasSky, BOUND_NANOS, !hasSky, 0), agreed.lead());
            system = served.of(status(now), takeover.served(), takeover.isWithheld());
            switch (correction) {
                case Correction.Step step -> {
                    if (system.isFromServers() || hasSky) {
                        throw new AssertionError("a step while serving " + system);
                    }
                    // As the timing thread: whatever else is served is withdrawn first.
                    system = SystemVariables.unsynchronised(PRECISION);
                    steps++;
                    served.onMoved();
                    localNanos += step.deltaNanos();
                    takeover.onStepped();
                }
                case Correction.Slew slew -> {
                    frequencyPpb = slew.frequencyPpb();
                    slewNanos = slew.nanos();
                }
                case Correction.Steer _, Correction.Refuse _, Correction.Hold _ -> {}
            }
            sources.ifPresent(all -> all.onClock(0, hasSky, 0));
        }

        private ClockStatus status(Moment now) {
            return new ClockStatus(
                    hasSky ? SyncState.DISCIPLINED : SyncState.COLD,
                    "because",
                    now.localNanos(),
                    now.localNanos(),
                    now.localNanos() - 1_000L * number, // no two stamp an edge alike
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    BOUND_NANOS,
                    1_000,
                    1,
                    10,
                    0,
                    ClockStatus.Labelling.NONE,
                    ClockStatus.Leap.NONE);
        }

        private long dueNanos() {
            if (sources.isEmpty()) {
                return Long.MAX_VALUE;
            }
            see();
            return nowNanos + Math.max(0, Math.round(dueRawNanos - rawNanos));
        }

        private void goOn() {
            see();
            Sources asked = sources.orElseThrow();
            for (String name : List.copyOf(lookUps)) {
                lookUps.remove(name);
                asked.onResolved(name, List.of(Objects.requireNonNull(byAddress.get(name)).address));
            }
            // Never at the same instant again, for two requests are some milliseconds apart.
            dueRawNanos = Math.max(asked.onTime(), Math.round(rawNanos) + 1_000_000);
            if (!lookUps.isEmpty()) {
                dueRawNanos = Math.round(rawNanos);
            }
        }

        private void hear(Arrival arrival) {
            Long open = underWay.get(arrival.of());
            if (open == null || open != arrival.request()) {
                return;
            }
            see();
            byte[] octets = arrival.packet().array();
            long good = arrival.of().goodAnswers();
            arrival.of()
                    .onReply(
                            new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length),
                            now().localNanos(),
                            true,
                            system,
                            address,
                            this);
            if (arrival.of().goodAnswers() != good) {
                sources.orElseThrow().onAnswered(arrival.of());
            }
        }

        private byte[] answer(byte[] request, long delayNanos) {
            long now = now().localNanos() + delayNanos;
            byte[] octets = request.clone();
            NtpPacket packet = new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
            packet.setOriginTimestamp(packet.transmitTimestamp());
            packet.setLeapVersionMode(system.leapIndicator(), 4, NtpPacket.MODE_SERVER);
            packet.setStratum(system.stratum());
            packet.setPrecision(PRECISION);
            packet.setRootDelay(NtpShort.ceilOfNanos(system.rootDelayNanos()));
            packet.setRootDispersion(NtpShort.ceilOfNanos(system.rootDispersionNanos(now)));
            packet.setReferenceId(system.referenceId());
            packet.setReferenceTimestamp(system.referenceTimestamp());
            packet.setReceiveTimestamp(NtpTime.ofUnixNanos(now));
            packet.setTransmitTimestamp(NtpTime.ofUnixNanos(now));
            return octets;
        }

        @Override
        public long random() {
            return chance.nextLong();
        }

        @Override
        public Moment now() {
            see();
            return new Moment(EPOCH + Math.round(localNanos), Math.round(rawNanos));
        }

        @Override
        public boolean send(Association to, byte[] request) {
            underWay.put(to, ++order);
            Box other = Objects.requireNonNull(byAddress.get(to.ntpAddress().text()));
            long delay = 200_000 + chance.nextLong(100_000);
            arrivals.add(new Arrival(
                    nowNanos + 2 * delay,
                    ++order,
                    this,
                    to,
                    underWay.get(to),
                    ByteBuffer.wrap(other.answer(request, delay))));
            return true;
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
            return Set.of(address.referenceId());
        }

        @Override
        public void lookUp(String name) {
            lookUps.add(name);
        }
    }
}
