package org.noonmark.server;

import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.noonmark.linux.UdpSocket;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.RealtimeClock;

/**
 * Sends time that nobody asked for (mode 5, RFC 5905, section 8), from the server's own port: chrony's {@code broadcast}. It looks once a
 * second whose turn it is, so that it needs no clock but the one that is sent.
 */
final class BroadcastThread implements Runnable {
    private static final long LOOK_MILLIS = 1_000;

    private record Line(Broadcast broadcast, UdpSocket socket) {}

    private final List<Line> lines = new ArrayList<>();
    private final NtpResponder responder;
    private final Supplier<SystemVariables> system;
    private final RealtimeClock clock;
    private long looks;

    /**
     * @param sockets of the server: one of a broadcast's family sends it, and without one it is left out
     * @param responder of this thread alone
     */
    BroadcastThread(
            List<Broadcast> broadcasts,
            List<UdpSocket> sockets,
            NtpResponder responder,
            Supplier<SystemVariables> system,
            RealtimeClock clock) {
        this.responder = responder;
        this.system = system;
        this.clock = clock;
        for (Broadcast each : broadcasts) {
            Optional<UdpSocket> socket = sockets.stream()
                    .filter(candidate ->
                            isIpv4(each) == candidate.localAddress().getAddress() instanceof Inet4Address)
                    .findFirst();
            socket.ifPresent(own -> lines.add(new Line(each, own.toBroadcast())));
        }
    }

    private static boolean isIpv4(Broadcast broadcast) {
        return broadcast.to().getAddress() instanceof Inet4Address;
    }

    @Override
    public void run() {
        try {
            while (true) {
                look();
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A second has gone by: sends what is due. */
    void look() {
        for (Line line : lines) {
            if (looks % line.broadcast.intervalSeconds() == 0) {
                send(line);
            }
        }
        looks++;
    }

    private void send(Line line) {
        UdpSocket socket = line.socket;
        socket.begin();
        socket.aim(0, line.broadcast.to());
        NtpPacket packet = new NtpPacket(socket.packets(), socket.packetStart(0), NtpPacket.HEADER_LENGTH);
        long nowNanos = clock.nanos();
        responder.announce(packet, line.broadcast.intervalSeconds(), system.get(), nowNanos);
        socket.queue(0, NtpPacket.HEADER_LENGTH);
        // A network that is down now has the next one.
        socket.send(0, 1);
    }
}
