package org.noonmark.sources;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.MacAuthenticator;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.SymmetricKey;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.NtpShort;
import org.noonmark.time.NtpTime;

/**
 * A network without sockets: servers with errors, paths with delay, jitter, asymmetry, loss, duplicates and reordering, and a local clock
 * that is wrong. Time goes on only in {@link #runUntil}. The truth is raw time plus {@link #EPOCH}, but for the crystal.
 */
final class SimulatedNetwork implements Outside {
    /** 2026-11-22, nanoseconds since 1970: the truth at raw time 0. */
    static final long EPOCH = 1_795_305_600_000_000_000L;

    static final long SECOND = 1_000_000_000L;
    static final long MILLI = 1_000_000L;
    static final LocalClock CLOCK = new LocalClock(100, 1_000, EPOCH - 86_400 * SECOND);
    private static final SourceAddress HERE = SourceAddress.of(new byte[] {10, 0, 0, 99}, "10.0.0.99");

    /** How a path to a server behaves. */
    record Path(long delayNanos, double asymmetry, long jitterNanos, double loss, double duplicates) {
        static final Path LAN = new Path(400_000, 0.5, 50_000, 0, 0);
        static final Path INTERNET = new Path(30 * MILLI, 0.5, 3 * MILLI, 0.02, 0.01);
    }

    /** A server. */
    static final class Server {
        final SourceAddress address;
        Path path = Path.LAN;
        long errorNanos;
        double driftPpb;
        int stratum = 1;
        int leap;
        int referenceId = 0x47505300;

        @Nullable NtsAnswers nts;

        /** Speaks interleaved mode: what it told of each answer is when it was made, and this much later it leaves. */
        boolean interleaves;

        long departureDelayNanos;
        final Map<Long, Long> departures = new HashMap<>();

        /** Of its answers; 0: as it was asked. */
        int mode;

        /** Somebody on the way who changes the answer to a request. */
        BiConsumer<NtpPacket, NtpPacket> tampers = (_, _) -> {};

        /** Its answers bear a MAC of this key; 0: none, but for the request's own, which is that of no answer. */
        int keyId;

        /** So many copies of each answer, in which octets were changed, come in before it. */
        int mutations;

        boolean silent;
        boolean unreachable;
        String kiss = "";
        int asked;
        final List<Long> askedAt = new ArrayList<>();

        Server(String address) {
            String[] parts = address.split("\\.", -1);
            byte[] octets = new byte[4];
            for (int i = 0; i < 4; i++) {
                octets[i] = (byte) Integer.parseInt(parts[i]);
            }
            this.address = SourceAddress.of(octets, address);
        }

        Server wrongBy(long nanos) {
            errorNanos = nanos;
            return this;
        }

        Server behind(Path newPath) {
            path = newPath;
            return this;
        }
    }

    private record Arrival(long atRaw, long order, Association to, long request, ByteBuffer packet) {}

    final Map<String, Server> servers = new HashMap<>();
    final Map<String, List<SourceAddress>> names = new HashMap<>();
    final List<Association> establishments = new ArrayList<>();
    final List<String> lookUps = new ArrayList<>();
    final AgreedTime agreed = new AgreedTime(this::now, CLOCK.maxErrorPpb());
    SystemVariables own = SystemVariables.unsynchronised(-23);
    Set<Integer> ownReferenceIds = Set.of(HERE.referenceId());
    double crystalPpb = 10_000;
    /** How fast the local clock runs against raw time. */
    double localPpb;

    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::atRaw).thenComparingLong(Arrival::order));
    private final Map<Association, Long> underWay = new HashMap<>();
    private final List<String> answersDue = new ArrayList<>();
    private final SplittableRandom chance;
    private MacAuthenticator macs = new MacAuthenticator(List.of());
    private @Nullable Sources sources;
    private long rawNanos;
    private long steppedNanos;
    private long order;

    SimulatedNetwork(long seed) {
        chance = new SplittableRandom(seed);
    }

    Server add(Server server) {
        servers.put(server.address.text(), server);
        names.put(server.address.text(), List.of(server.address));
        return server;
    }

    Server server(String address) {
        return Objects.requireNonNull(servers.get(address));
    }

    Server add(String address) {
        return add(new Server(address));
    }

    Sources ask(SelectionRules rules, List<SymmetricKey> keys, SourceConfig... configs) {
        macs = new MacAuthenticator(keys);
        Sources made = new Sources(List.of(configs), rules, keys, CLOCK, 1_209_600 * SECOND, agreed, this);
        sources = made;
        return made;
    }

    Sources ask(SourceConfig... configs) {
        return ask(SelectionRules.DEFAULTS, List.of(), configs);
    }

    /** Moves the local clock. */
    void step(long nanos) {
        steppedNanos += nanos;
    }

    long trueNanos() {
        return EPOCH + rawNanos - Math.round(rawNanos * crystalPpb * 1e-9);
    }

    /** Reference minus local, as a perfect witness would say. */
    long trueOffsetNanos() {
        return trueNanos() - now().localNanos();
    }

    @Override
    public Moment now() {
        return new Moment(EPOCH + rawNanos + Math.round(rawNanos * localPpb * 1e-9) + steppedNanos, rawNanos);
    }

    @Override
    public long random() {
        return chance.nextLong();
    }

    @Override
    public boolean send(Association to, byte[] request) {
        underWay.put(to, ++order);
        Server server = servers.get(to.address().text());
        if (server == null) {
            return true;
        }
        if (server.unreachable) {
            return false;
        }
        server.asked++;
        server.askedAt.add(rawNanos);
        if (server.silent || chance.nextDouble() < server.path.loss()) {
            return true;
        }
        long there = delay(server, server.path.asymmetry());
        long back = delay(server, 1 - server.path.asymmetry());
        long serverNanos = trueNanos() + there + server.errorNanos + Math.round(rawNanos * server.driftPpb * 1e-9);
        byte[] answer =
                server.nts == null ? answer(server, request, serverNanos) : server.nts.answer(request, serverNanos);
        if (server.keyId != 0) {
            macs.sign(new NtpPacket(ByteBuffer.wrap(answer), 0, answer.length), server.keyId);
        }
        long arrival = rawNanos + there + back + 20_000 + server.departureDelayNanos;
        for (int i = 0; i < server.mutations; i++) {
            arrivals.add(new Arrival(
                    arrival - 1 - chance.nextLong(back), ++order, to, request(to), ByteBuffer.wrap(mutated(answer))));
        }
        arrivals.add(new Arrival(arrival, ++order, to, request(to), ByteBuffer.wrap(answer)));
        if (chance.nextDouble() < server.path.duplicates()) {
            long later = arrival + chance.nextLong(1 + server.path.jitterNanos());
            arrivals.add(new Arrival(later, ++order, to, request(to), ByteBuffer.wrap(answer)));
        }
        return true;
    }

    /** With other octets here and there, and now and then of another length; never the same. */
    private byte[] mutated(byte[] answer) {
        byte[] octets = Arrays.copyOf(answer, chance.nextInt(8) == 0 ? chance.nextInt(1_400) : answer.length);
        for (int hits = chance.nextInt(1, 6); hits > 0 && octets.length > 0; hits--) {
            int at = chance.nextInt(octets.length);
            octets[at] = chance.nextBoolean() ? (byte) (octets[at] ^ 1 << chance.nextInt(8)) : (byte) chance.nextInt();
        }
        if (Arrays.equals(octets, answer)) {
            octets[chance.nextInt(octets.length)] ^= (byte) chance.nextInt(1, 256);
        }
        return octets;
    }

    private long request(Association to) {
        return underWay.getOrDefault(to, 0L);
    }

    private long delay(Server server, double share) {
        double jitter = -Math.log(1 - chance.nextDouble()) * server.path.jitterNanos() / 2;
        return Math.round(server.path.delayNanos() * share + jitter);
    }

    private static byte[] answer(Server server, byte[] request, long nanos) {
        byte[] octets = answerAtOnce(server, request, nanos);
        NtpPacket packet = new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
        NtpPacket asked = new NtpPacket(ByteBuffer.wrap(request), 0, request.length);
        Long departed = server.departures.remove(asked.originTimestamp());
        if (server.interleaves && departed != null) {
            packet.setOriginTimestamp(asked.receiveTimestamp());
            packet.setTransmitTimestamp(departed);
        }
        server.departures.put(
                packet.receiveTimestamp(), NtpTime.ofUnixNanos(nanos + 20_000 + server.departureDelayNanos));
        server.tampers.accept(asked, packet);
        return octets;
    }

    private static byte[] answerAtOnce(Server server, byte[] request, long nanos) {
        byte[] octets = request.clone();
        NtpPacket packet = new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
        long origin = packet.transmitTimestamp();
        boolean kiss = !server.kiss.isEmpty();
        boolean peer = packet.mode() == NtpPacket.MODE_SYMMETRIC_ACTIVE;
        packet.setLeapVersionMode(
                kiss ? 3 : server.leap,
                packet.version(),
                server.mode != 0 ? server.mode : peer ? NtpPacket.MODE_SYMMETRIC_PASSIVE : NtpPacket.MODE_SERVER);
        packet.setStratum(kiss ? 0 : server.stratum);
        packet.setPrecision(-23);
        packet.setRootDelay(NtpShort.ceilOfNanos(server.stratum > 1 ? 1_000_000 : 0));
        packet.setRootDispersion(NtpShort.ceilOfNanos(20_000));
        packet.setReferenceId(kiss ? SystemVariables.asciiReferenceId(server.kiss) : server.referenceId);
        packet.setReferenceTimestamp(NtpTime.ofUnixNanos(nanos - SECOND));
        packet.setOriginTimestamp(origin);
        packet.setReceiveTimestamp(NtpTime.ofUnixNanos(nanos));
        packet.setTransmitTimestamp(NtpTime.ofUnixNanos(nanos + 20_000));
        return octets;
    }

    @Override
    public void hangUp(Association of) {
        underWay.remove(of);
    }

    @Override
    public void establish(Association with, boolean withoutGcmSiv) {
        establishments.add(with);
    }

    @Override
    public Optional<NtsKeys> savedKeys(Association of) {
        return Optional.empty();
    }

    @Override
    public Set<Integer> ownReferenceIds() {
        return ownReferenceIds;
    }

    @Override
    public void lookUp(String name) {
        lookUps.add(name);
        answersDue.add(name);
    }

    /** Lets time go on. */
    void runUntil(long untilSeconds) {
        long until = untilSeconds * SECOND;
        Sources running = Objects.requireNonNull(sources);
        while (true) {
            long due = running.onTime();
            if (!answersDue.isEmpty()) {
                List<String> answered = List.copyOf(answersDue);
                answersDue.clear();
                answered.forEach(name -> running.onResolved(name, names.getOrDefault(name, List.of())));
                continue;
            }
            long next = arrivals.isEmpty() ? due : Math.min(due, arrivals.peek().atRaw());
            if (next > until) {
                rawNanos = until;
                return;
            }
            rawNanos = Math.max(rawNanos, next);
            while (!arrivals.isEmpty() && arrivals.peek().atRaw() <= rawNanos) {
                deliver(arrivals.remove());
            }
        }
    }

    private void deliver(Arrival arrival) {
        Long open = underWay.get(arrival.to());
        if (open == null || open != arrival.request()) {
            return; // the port is closed
        }
        hand(arrival.to(), arrival.packet().array());
    }

    /** Hands octets to an association as if they had just come. */
    void hand(Association to, byte[] octets) {
        long good = to.goodAnswers();
        to.onReply(new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length), now().localNanos(), true, own, HERE, this);
        if (to.goodAnswers() != good) {
            Objects.requireNonNull(sources).onAnswered(to);
        }
    }
}
