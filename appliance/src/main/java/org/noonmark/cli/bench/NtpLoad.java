package org.noonmark.cli.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.noonmark.linux.UdpSocket;
import org.noonmark.ntp.NtpPacket;

/**
 * A bounded load on one server of the loopback network: a fixed number of requests is under way, and each answer makes room for the
 * next request, from the next of many client addresses in 127.1.0.0/16. Every answer is checked. One thread.
 */
final class NtpLoad implements AutoCloseable {
    private static final long MAPPED_CLIENTS = 0xffff_7f01_0000L;
    private static final long NANOS_PER_MICRO = 1_000;

    private final UdpSocket socket = UdpSocket.open(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0));
    private final NtpPacket packet = new NtpPacket(socket.packets(), 0, 0);
    private final InetSocketAddress server;
    private final int clients;
    private final long[] answerNanos = new long[1 << 20];
    private int answers;
    private int nextClient;

    /** What a turn gave: answers in a second, and the time to an answer at the median and at the 99th of 100. */
    record Turn(double answersPerSecond, double medianMicros, double p99Micros) {}

    NtpLoad(InetSocketAddress server, int clients) {
        this.server = server;
        this.clients = clients;
    }

    /** Whether the server answers a single request within a second. */
    boolean answered() {
        start(1);
        return socket.receive() > 0;
    }

    /**
     * Keeps {@code outstanding} requests under way for {@code nanos}.
     *
     * @throws IllegalStateException when an answer is wrong, or none comes for a second
     */
    Turn run(int outstanding, long nanos) {
        answers = 0;
        long begin = System.nanoTime();
        start(outstanding);
        long now = begin;
        while (now - begin < nanos) {
            int received = receive();
            now = System.nanoTime();
            for (int slot = 0; slot < received; slot++) {
                take(slot, now);
                ask(slot, now);
            }
            socket.send(0, received);
        }
        double seconds = (now - begin) / 1e9;
        int counted = answers;
        for (int left = outstanding; left > 0; ) {
            left -= receive();
        }
        long[] sorted = Arrays.copyOf(answerNanos, Math.min(counted, answerNanos.length));
        Arrays.sort(sorted);
        return new Turn(counted / seconds, micros(sorted, 0.5), micros(sorted, 0.99));
    }

    @Override
    public void close() {
        socket.close();
    }

    private void start(int outstanding) {
        socket.begin();
        for (int slot = 0; slot < outstanding; slot++) {
            socket.aim(slot, server);
            ask(slot, System.nanoTime());
        }
        socket.send(0, outstanding);
    }

    private int receive() {
        int received = socket.receive();
        if (received == 0) {
            throw new IllegalStateException("no answer from " + server + " within a second");
        }
        return received;
    }

    private void take(int slot, long now) {
        packet.wrap(socket.packets(), UdpSocket.packetStart(slot), socket.length(slot));
        boolean good = packet.length() == NtpPacket.HEADER_LENGTH
                && packet.mode() == NtpPacket.MODE_SERVER
                && packet.stratum() == 1
                && packet.transmitTimestamp() - packet.receiveTimestamp() >= 0;
        if (!good) {
            throw new IllegalStateException("wrong answer from " + server + ": mode " + packet.mode() + ", stratum "
                    + packet.stratum() + ", " + packet.length() + " octets");
        }
        answerNanos[answers++ & (answerNanos.length - 1)] = now - packet.originTimestamp();
    }

    /** A new request in the slot, to the server that the slot is aimed at; its transmit timestamp says when it left. */
    private void ask(int slot, long now) {
        ByteBuffer packets = socket.packets();
        int start = UdpSocket.packetStart(slot);
        for (int at = 0; at < NtpPacket.HEADER_LENGTH; at += Long.BYTES) {
            packets.putLong(start + at, 0);
        }
        packet.wrap(packets, start, NtpPacket.HEADER_LENGTH);
        packet.setLeapVersionMode(0, 4, NtpPacket.MODE_CLIENT);
        packet.setTransmitTimestamp(now);
        socket.leaveFrom(slot, 0, MAPPED_CLIENTS + 1 + nextClient);
        nextClient = (nextClient + 1) % clients;
        socket.queue(slot, NtpPacket.HEADER_LENGTH);
    }

    private static double micros(long[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) (quantile * (sorted.length - 1))] / (double) NANOS_PER_MICRO;
    }
}
