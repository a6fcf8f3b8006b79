package org.noonmark.server;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.noonmark.linux.Rehearsal;
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
 * Runs the whole way of a packet, with the other end played, until it is compiled: interpreted, the first thousands of
 * real requests would be answered late and some lost. Takes some tenths of a second.
 */
final class WarmUp {
    private static final int BATCHES = 800;
    /** As many clients with NTS. */
    private static final int SAMPLES = 8;

    private WarmUp() {}

    static void run(Rehearsal rehearsal, NtpOptions options, Supplier<SystemVariables> system, RealtimeClock clock) {
        AccessTable everyone = new AccessTable(List.of(AccessRule.everyone(true, false, "warm-up")));
        PacketThread path = new PacketThread(
                "warm-up",
                rehearsal.way(),
                new NtpResponder(() -> everyone, options.withoutRateLimit(), 0),
                system,
                clock,
                Thread::new);
        Requests requests = new Requests(rehearsal, options);
        for (int batch = 0; batch < BATCHES; batch++) {
            // Batches of every size up to 16: single answers and chunks.
            requests.send(1 + batch % 16, batch);
            path.serve();
            if (rehearsal.hear() == 0) {
                return;
            }
        }
    }

    /** Plain requests, and between them some with a MAC of each algorithm that the owner's keys use, and with NTS if it is served. */
    private static final class Requests {
        private final Rehearsal client;
        private final List<Integer> keyIds;
        private final MacAuthenticator authenticator;
        private final List<byte[]> samples;

        Requests(Rehearsal client, NtpOptions options) {
            List<SymmetricKey> keys = options.keys();
            this.client = client;
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
                client.ask(slot, length);
            }
            client.deliver(requests);
        }

        private void sendSample(int slot, byte[] sample) {
            client.packets().put(client.packetStart(slot), sample);
            client.ask(slot, sample.length);
        }
    }
}
