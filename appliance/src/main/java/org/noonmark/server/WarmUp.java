package org.noonmark.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.noonmark.linux.UdpSocket;
import org.noonmark.linux.UdpSocketException;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.MacAuthenticator;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.ntp.SymmetricKey;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.RealtimeClock;

/**
 * Runs the whole way of a packet between two private loopback sockets until it is compiled: interpreted, the first thousands of
 * real requests would be answered late and some lost. Takes some tenths of a second.
 */
final class WarmUp {
    private static final int BATCHES = 800;
    /** As many clients with NTS. */
    private static final int SAMPLES = 8;

    private WarmUp() {}

    static void run(NtpOptions options, Supplier<SystemVariables> system, RealtimeClock clock) {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        AccessTable everyone = new AccessTable(List.of(AccessRule.everyone(true, false, "warm-up")));
        try (UdpSocket socket = UdpSocket.open(loopback);
                UdpSocket client = UdpSocket.open(loopback)) {
            PacketThread path = new PacketThread(
                    "warm-up",
                    socket,
                    new NtpResponder(() -> everyone, options.withoutRateLimit(), 0),
                    system,
                    clock,
                    Thread::new);
            Requests requests = new Requests(client, socket.localAddress(), options);
            for (int batch = 0; batch < BATCHES; batch++) {
                // Batches of every size up to 16: single answers and chunks.
                requests.send(1 + batch % 16, batch);
                path.serve();
                if (client.receive() == 0) {
                    return;
                }
            }
        } catch (UdpSocketException noLoopback) {
            // A machine without loopback can still serve; only its first answers are slower.
        }
    }

    /** Plain requests, and between them some with a MAC of each algorithm that the owner's keys use, and with NTS if it is served. */
    private static final class Requests {
        private final UdpSocket client;
        private final InetSocketAddress server;
        private final List<Integer> keyIds;
        private final MacAuthenticator authenticator;
        private final List<byte[]> samples;

        Requests(UdpSocket client, InetSocketAddress server, NtpOptions options) {
            List<SymmetricKey> keys = options.keys();
            this.client = client;
            this.server = server;
            this.keyIds = List.copyOf(keys.stream()
                    .collect(Collectors.toMap(SymmetricKey::algorithm, SymmetricKey::id, (first, _) -> first))
                    .values());
            this.authenticator = new MacAuthenticator(keys);
            this.samples = options.nts().stream()
                    .flatMap(nts -> Stream.generate(nts::sampleRequest).limit(SAMPLES))
                    .toList();
        }

        void send(int requests, int batch) {
            client.begin();
            NtpPacket request = new NtpPacket(client.packets(), 0, NtpPacket.HEADER_LENGTH);
            for (int slot = 0; slot < requests; slot++) {
                if (!samples.isEmpty() && slot % 3 == 2) {
                    sendSample(slot, samples.get((batch + slot) % SAMPLES));
                    continue;
                }
                boolean plain = keyIds.isEmpty() || slot % 2 == 1;
                int keyId = plain ? 0 : keyIds.get(batch % keyIds.size());
                int length = NtpPacket.HEADER_LENGTH + (plain ? 0 : authenticator.macLength(keyId, 4));
                request.wrap(client.packets(), client.packetStart(slot), length);
                request.setLeapVersionMode(0, 4, NtpPacket.MODE_CLIENT);
                request.setTransmitTimestamp(batch);
                if (!plain) {
                    authenticator.sign(request, keyId);
                }
                client.aim(slot, server);
                client.queue(slot, length);
            }
            client.send(0, requests);
        }

        private void sendSample(int slot, byte[] sample) {
            client.packets().put(client.packetStart(slot), sample);
            client.aim(slot, server);
            client.queue(slot, sample.length);
        }
    }
}
