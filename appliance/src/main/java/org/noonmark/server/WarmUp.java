package org.noonmark.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.noonmark.linux.UdpSocket;
import org.noonmark.linux.UdpSocketException;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.ClientTable;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.RealtimeClock;

/**
 * Runs the whole way of a packet between two private loopback sockets until it is compiled: interpreted, the first thousands of
 * real requests would be answered late and some lost. Takes some tenths of a second.
 */
final class WarmUp {
    private static final int BATCHES = 800;

    private WarmUp() {}

    static void run(Supplier<SystemVariables> system, RealtimeClock clock) {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        AccessTable everyone = new AccessTable(List.of(AccessRule.everyone(true, false, "warm-up")));
        try (UdpSocket socket = UdpSocket.open(loopback);
                UdpSocket client = UdpSocket.open(loopback)) {
            PacketThread path = new PacketThread(
                    "warm-up",
                    socket,
                    new NtpResponder(() -> everyone, 0),
                    system,
                    clock,
                    new ClientTable(0),
                    Thread::new);
            for (int batch = 0; batch < BATCHES; batch++) {
                // Batches of every size up to 16: single answers and chunks.
                int requests = 1 + batch % 16;
                ask(client, socket.localAddress(), requests, batch);
                path.serve();
                if (client.receive() == 0) {
                    return;
                }
            }
        } catch (UdpSocketException noLoopback) {
            // A machine without loopback can still serve; only its first answers are slower.
        }
    }

    private static void ask(UdpSocket client, InetSocketAddress server, int requests, int batch) {
        client.begin();
        NtpPacket request = new NtpPacket(client.packets(), 0, NtpPacket.HEADER_LENGTH);
        for (int slot = 0; slot < requests; slot++) {
            request.wrap(client.packets(), UdpSocket.packetStart(slot), NtpPacket.HEADER_LENGTH);
            request.setLeapVersionMode(0, 4, NtpPacket.MODE_CLIENT);
            request.setTransmitTimestamp(batch);
            client.aim(slot, server);
            client.queue(slot, NtpPacket.HEADER_LENGTH);
        }
        client.send(0, requests);
    }
}
