package org.noonmark.cli.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.sim.Oscillator;
import org.noonmark.time.NtpShort;
import org.noonmark.time.NtpTime;

/** One run of a network: a clock that is wrong, servers that are right but for what the network says, and what is on its way. */
final class SourcesWorld {
    /** The clock at the start: too far off to be slewed. */
    private static final long FIRST_ERROR_NANOS = 1_700_000_000L;

    /** A crystal of a small computer: 12 ppm off, its room heated in turns. */
    private static final Oscillator.Wander CRYSTAL = new Oscillator.Wander(12_000, 0.1, 0.1, 100, 5_400);

    private static final long SERVER_NANOS = 20_000;
    private static final int SERVER_PRECISION = -23;
    private static final int GPS = SystemVariables.asciiReferenceId("GPS");
    private static final long SECOND = 1_000_000_000L;

    /** An answer that comes to the {@code port} it was asked from. */
    record Arrival(long trueNanos, long order, int server, long port, ByteBuffer packet) {}

    final SteeredClock clock;
    private final List<ServerPath> servers;
    private final List<ServerPath.Course> courses = new ArrayList<>();
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::trueNanos).thenComparingLong(Arrival::order));
    private long order;

    SourcesWorld(SourcesNetwork network, long seed) {
        servers = network.servers();
        for (int i = 0; i < servers.size(); i++) {
            courses.add(servers.get(i).new Course(1_000 * seed + i));
        }
        clock = new SteeredClock(Oscillator.wandering(CRYSTAL, seed), FIRST_ERROR_NANOS, SourcesNetwork.SECONDS);
    }

    /** A request of {@code server}, counted from 0, leaves now. */
    void send(int server, long port, byte[] request) {
        ServerPath path = servers.get(server);
        ServerPath.Passage passage = courses.get(server).passage(clock.trueNanos());
        byte[] answer = answer(request, SteeredClock.EPOCH + passage.thereNanos() + path.errorNanos());
        for (long back : passage.backNanos()) {
            arrivals.add(new Arrival(back + SERVER_NANOS, ++order, server, port, ByteBuffer.wrap(answer)));
        }
    }

    private static byte[] answer(byte[] request, long nanos) {
        byte[] octets = request.clone();
        NtpPacket packet = new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
        packet.setOriginTimestamp(packet.transmitTimestamp());
        packet.setLeapVersionMode(0, packet.version(), NtpPacket.MODE_SERVER);
        packet.setStratum(1);
        packet.setPrecision(SERVER_PRECISION);
        packet.setRootDelay(0);
        packet.setRootDispersion(NtpShort.ceilOfNanos(SERVER_NANOS));
        packet.setReferenceId(GPS);
        packet.setReferenceTimestamp(NtpTime.ofUnixNanos(nanos - SECOND));
        packet.setReceiveTimestamp(NtpTime.ofUnixNanos(nanos));
        packet.setTransmitTimestamp(NtpTime.ofUnixNanos(nanos + SERVER_NANOS));
        return octets;
    }

    /** When the next answer comes; {@link Long#MAX_VALUE}: none is on its way. */
    long nextTrueNanos() {
        return arrivals.isEmpty() ? Long.MAX_VALUE : arrivals.peek().trueNanos();
    }

    /** Takes the next answer, which comes now. */
    Arrival take() {
        Arrival arrival = arrivals.remove();
        clock.advanceTo(arrival.trueNanos());
        return arrival;
    }
}
