package org.noonmark.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.linux.LinuxTime;
import org.noonmark.linux.OverlayClock;
import org.noonmark.linux.UdpSocket;
import org.noonmark.linux.UdpSocketException;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.ClientTable;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.MacAlgorithm;
import org.noonmark.ntp.MacAuthenticator;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.PacketCounters;
import org.noonmark.ntp.SymmetricKey;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.NtpTime;

/** Real datagrams on the loopback interface. */
class NtpServerTest {
    private static final int REQUEST_STAMP = 0x1234_5678;
    private static final InetSocketAddress IPV4 = at("127.0.0.1", 0);
    private static final SystemVariables STRATUM_ONE = new SystemVariables(
            0, 1, -24, SystemVariables.asciiReferenceId("GPS"), NtpTime.ofUnixNanos(1), 0, 1_000, 0, 0);

    @Test
    void answersFromTheAddressThatWasAsked() throws IOException {
        try (NtpServer server = serve(at("0.0.0.0", 0))) {
            int port = server.addresses().getFirst().getPort();
            for (String host : List.of("127.0.0.1", "127.0.0.77")) {
                assertStratumOne(ask(at(host, port), request()));
            }
            assertEquals(2, server.counters().getFirst().answered());
        }
    }

    @Test
    void bothWildcardsShareAPort() throws IOException {
        assumeIpv6();
        try (NtpServer ipv4 = serve(at("0.0.0.0", 0))) {
            int port = ipv4.addresses().getFirst().getPort();
            try (NtpServer ipv6 = serve(at("::", port))) {
                assertStratumOne(ask(at("127.0.0.1", port), request()));
                assertStratumOne(ask(at("::1", port), request()));
                assertEquals(1, ipv4.counters().getFirst().answered());
                assertEquals(1, ipv6.counters().getFirst().answered());
            }
        }
    }

    @Test
    void sendsTimeThatNobodyAskedFor() throws IOException {
        try (NtpServer server = serve(IPV4);
                DatagramSocket listener = new DatagramSocket(at("0.0.0.0", 0))) {
            listener.setSoTimeout(5_000);
            server.broadcast(List.of(
                    new Broadcast(at("127.255.255.255", listener.getLocalPort()), 64),
                    new Broadcast(at("ff02::101", listener.getLocalPort()), 1)));
            DatagramPacket came = new DatagramPacket(new byte[100], 100);
            long before = LinuxTime.realtimeNanos();
            listener.receive(came);
            assertEquals(server.addresses().getFirst(), came.getSocketAddress());
            NtpPacket packet = new NtpPacket(ByteBuffer.wrap(came.getData()), 0, came.getLength());
            assertEquals(NtpPacket.HEADER_LENGTH, came.getLength());
            assertEquals(NtpPacket.MODE_BROADCAST, packet.mode());
            assertEquals(4, packet.version());
            assertEquals(0, packet.leapIndicator());
            assertEquals(1, packet.stratum());
            assertEquals(6, packet.poll());
            assertEquals(0, packet.originTimestamp());
            assertEquals(0, packet.receiveTimestamp());
            long sent = NtpTime.toUnixNanos(packet.transmitTimestamp(), before);
            assertTrue(Math.abs(sent - before) < 5_000_000_000L, "sent " + (sent - before) + " ns later");
        }
    }

    @Test
    void answersOverIpv6() throws IOException {
        assumeIpv6();
        try (NtpServer server = serve(at("::1", 0))) {
            assertStratumOne(ask(server.addresses().getFirst(), request()));
        }
    }

    @Test
    void receiveTimestampIsTheKernelsAndTransmitFollowsIt() throws IOException {
        try (NtpServer server = serve(IPV4)) {
            long before = LinuxTime.realtimeNanos();
            NtpPacket answer = ask(server.addresses().getFirst(), request());
            long after = LinuxTime.realtimeNanos();
            long receive = NtpTime.toUnixNanos(answer.receiveTimestamp(), before);
            long transmit = NtpTime.toUnixNanos(answer.transmitTimestamp(), before);
            assertTrue(before - 60 <= receive, "T2 before the request: " + (receive - before));
            assertTrue(receive < transmit, "T2 is not before T3");
            assertTrue(transmit <= after + 60, "T3 after the answer came: " + (transmit - after));
            assertEquals(0, server.counters().getFirst().unstamped());
        }
    }

    @Test
    void stampOfARequestThatWaitedIsItsArrival() throws Exception {
        try (UdpSocket socket = UdpSocket.open(IPV4);
                DatagramSocket client = new DatagramSocket(IPV4)) {
            boolean stampedAtArrival = false;
            // The kernel switches stamps on a moment after the first socket asks for them; until then it stamps at
            // reading.
            for (int attempt = 0; attempt < 1_000 && !stampedAtArrival; attempt++) {
                long before = LinuxTime.realtimeNanos();
                client.send(new DatagramPacket(request(), 48, socket.localAddress()));
                long sent = LinuxTime.realtimeNanos();
                while (LinuxTime.realtimeNanos() < sent + 10_000_000) {
                    Thread.onSpinWait();
                }
                assertEquals(1, socket.receive());
                assertTrue(socket.receiveNanos(0) >= before);
                stampedAtArrival = socket.receiveNanos(0) <= sent;
            }
            assertTrue(stampedAtArrival);
        }
    }

    @Test
    void servesTheGivenClockNotTheMachines() throws IOException {
        long shift = 37_250_000_000L + 20L * 365 * 86_400 * 1_000_000_000L;
        try (NtpServer server = NtpServer.start(
                List.of(IPV4), everyone(), NtpOptions.PLAIN, () -> STRATUM_ONE, clock(shift), List.of(), Thread::new)) {
            long before = LinuxTime.realtimeNanos() + shift;
            NtpPacket answer = ask(server.addresses().getFirst(), request());
            long after = LinuxTime.realtimeNanos() + shift;
            long receive = NtpTime.toUnixNanos(answer.receiveTimestamp(), before);
            long transmit = NtpTime.toUnixNanos(answer.transmitTimestamp(), before);
            assertTrue(before - 1_000_000 < receive, "T2 before the request: " + (receive - before));
            assertTrue(receive < after + 1_000_000, "T2 after the answer came: " + (receive - after));
            assertTrue(before - 1_000_000 < transmit, "T3 before the request: " + (transmit - before));
            assertTrue(transmit < after + 1_000_000, "T3 after the answer came: " + (transmit - after));
        }
    }

    @Test
    void answerFollowsThePublishedState() throws IOException {
        AtomicReference<SystemVariables> system = new AtomicReference<>(SystemVariables.unsynchronised(-24));
        try (NtpServer server = NtpServer.start(
                List.of(IPV4), everyone(), NtpOptions.PLAIN, system::get, clock(0), List.of(), Thread::new)) {
            NtpPacket answer = ask(server.addresses().getFirst(), request());
            assertEquals(3, answer.leapIndicator());
            assertEquals(0, answer.stratum());
            assertEquals(0, answer.referenceId());
            system.set(STRATUM_ONE);
            assertStratumOne(ask(server.addresses().getFirst(), request()));
        }
    }

    @Test
    void aThreadThatHangsGoesRoundNoMoreAndAnIdleOneDoes() throws Exception {
        CountDownLatch hung = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean hangs = new AtomicBoolean();
        Supplier<SystemVariables> system = () -> {
            if (hangs.get()) {
                hung.countDown();
                awaitQuietly(release);
            }
            return STRATUM_ONE;
        };
        try (NtpServer server = NtpServer.start(
                        List.of(IPV4), everyone(), NtpOptions.PLAIN, system, clock(0), List.of(), Thread::new);
                DatagramSocket client = new DatagramSocket(IPV4)) {
            hangs.set(true);
            client.send(new DatagramPacket(request(), 48, server.addresses().getFirst()));
            hung.await();
            List<Long> before = server.rounds();
            // Longer than an idle thread needs for a round.
            Thread.sleep(1_200);
            assertEquals(before, server.rounds());
            hangs.set(false);
            release.countDown();
            for (long rounds = before.getFirst(); rounds < before.getFirst() + 2; ) {
                Thread.sleep(50);
                rounds = server.rounds().getFirst();
            }
        }
    }

    /** The kernel alone would choose by the port as well, which is another one each time. */
    @Test
    void allRequestsOfAClientComeToOneThreadOfSeveral() throws IOException {
        InetSocketAddress wildcard = at("0.0.0.0", 0);
        try (NtpServer server = NtpServer.start(
                List.of(wildcard),
                everyone(),
                NtpOptions.PLAIN,
                () -> STRATUM_ONE,
                clock(0),
                List.of(0, 0, 0),
                Thread::new)) {
            InetSocketAddress address =
                    at("127.0.0.1", server.addresses().getFirst().getPort());
            assertEquals(1, server.addresses().size());
            assertEquals(3, server.counters().size());
            for (int client = 2; client < 40; client++) {
                for (int i = 0; i < 3; i++) {
                    try (DatagramSocket socket = new DatagramSocket(at("127.0.0." + client, 0))) {
                        assertStratumOne(exchange(socket, address, request()));
                    }
                }
            }
            List<Long> perThread =
                    server.counters().stream().map(PacketCounters::answered).toList();
            assertEquals(38 * 3, perThread.stream().mapToLong(Long::longValue).sum());
            assertTrue(perThread.stream().allMatch(count -> count > 0 && count % 3 == 0), perThread.toString());
            int clients =
                    server.clients().stream().mapToInt(ClientTable::clients).sum();
            assertEquals(38, clients, "each is remembered by one thread");
        }
    }

    @Test
    void allRequestsOfAnIpv6ClientComeToOneThread() throws IOException {
        assumeIpv6();
        try (NtpServer server = NtpServer.start(
                List.of(at("::1", 0)),
                everyone(),
                NtpOptions.PLAIN,
                () -> STRATUM_ONE,
                clock(0),
                List.of(0, 0, 0),
                Thread::new)) {
            for (int i = 0; i < 12; i++) {
                assertStratumOne(ask(server.addresses().getFirst(), request()));
            }
            assertEquals(
                    1,
                    server.counters().stream()
                            .filter(counters -> counters.answered() == 12)
                            .count());
        }
    }

    @Test
    void aPortThatAnotherServerSharesIsRefused() throws IOException {
        try (NtpServer server = NtpServer.start(
                List.of(IPV4), everyone(), NtpOptions.PLAIN, () -> STRATUM_ONE, clock(0), List.of(0, 0), Thread::new)) {
            InetSocketAddress taken = server.addresses().getFirst();
            assertThrows(UdpSocketException.class, () -> UdpSocket.open(taken));
            assertThrows(UdpSocketException.class, () -> UdpSocket.openShared(taken, 2, 128));
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoIsNotAllowedHearsNothing() throws IOException {
        AccessTable onlyOther =
                new AccessTable(List.of(AccessRule.of(true, false, new byte[] {127, 0, 0, 2}, 32, "allow 127.0.0.2")));
        try (NtpServer server = NtpServer.start(
                List.of(IPV4),
                () -> onlyOther,
                NtpOptions.PLAIN,
                () -> STRATUM_ONE,
                clock(0),
                List.of(),
                Thread::new)) {
            InetSocketAddress address = server.addresses().getFirst();
            try (DatagramSocket client = new DatagramSocket(IPV4);
                    DatagramSocket allowed = new DatagramSocket(at("127.0.0.2", 0))) {
                client.send(new DatagramPacket(request(), 48, address));
                assertStratumOne(exchange(allowed, address, request()));
                client.setSoTimeout(1);
                assertThrows(
                        SocketTimeoutException.class, () -> client.receive(new DatagramPacket(new byte[100], 100)));
            }
            assertEquals(1, server.counters().getFirst().of(Disposition.DENIED));
        }
    }

    @Test
    void datagramLongerThanASlotIsRefused() throws IOException {
        try (NtpServer server = serve(IPV4);
                DatagramSocket client = new DatagramSocket(IPV4)) {
            InetSocketAddress address = server.addresses().getFirst();
            client.send(new DatagramPacket(new byte[3000], 3000, address));
            assertStratumOne(exchange(client, address, request()));
            assertEquals(1, server.counters().getFirst().of(Disposition.TOO_LONG));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void anInterleavedAnswerTellsWhenTheOneBeforeReallyLeft(String host) throws IOException {
        if (host.contains(":")) {
            assumeIpv6();
        }
        try (NtpServer server = serve(at(host, 0));
                DatagramSocket client = new DatagramSocket(at(host, 0))) {
            InetSocketAddress address = server.addresses().getFirst();
            ByteBuffer request = ByteBuffer.wrap(request());
            long sent = 0;
            long received = 0;
            NtpPacket answer = exchange(client, address, request.array());
            for (int round = 0; round < 20; round++) {
                request.putLong(24, answer.receiveTimestamp()).putLong(32, 1_000 + round);
                long nextSent = LinuxTime.realtimeNanos();
                answer = exchange(client, address, request.array());
                long nextReceived = LinuxTime.realtimeNanos();
                boolean interleaved = answer.originTimestamp() == 1_000 + round;
                assertEquals(round > 0, interleaved, "round " + round);
                if (interleaved) {
                    long left = NtpTime.toUnixNanos(answer.transmitTimestamp(), received);
                    assertTrue(
                            sent < left && left <= received + 60, "left " + (received - left) + " ns before it came");
                }
                sent = nextSent;
                received = nextReceived;
            }
            assertEquals(19, server.counters().getFirst().interleaved());
            assertEquals(1, server.stampsHeld());
        }
    }

    @Test
    void requestsWithAMacAreAnsweredWithOne() throws IOException {
        SymmetricKey key = new SymmetricKey(9, MacAlgorithm.AES128, new byte[16]);
        try (NtpServer server = serve(NtpOptions.PLAIN.withKeys(List.of(key)));
                DatagramSocket client = new DatagramSocket(IPV4)) {
            byte[] request = signed(key);
            NtpPacket answer = exchange(client, server.addresses().getFirst(), request);
            assertEquals(68, answer.length());
            assertEquals(1, answer.stratum());
            request[60]++;
            client.send(new DatagramPacket(request, 68, server.addresses().getFirst()));
            assertStratumOne(exchange(client, server.addresses().getFirst(), request()));
            PacketCounters counters = server.counters().getFirst();
            assertEquals(1, counters.authenticated());
            assertEquals(1, counters.of(Disposition.AUTHENTICATION_FAILED));
        }
    }

    @Test
    void packetThreadAllocatesNothing() throws IOException {
        SymmetricKey key = new SymmetricKey(9, MacAlgorithm.AES128, new byte[16]);
        byte[] interleaving = request();
        ByteBuffer.wrap(interleaving).putLong(24, 1).putLong(32, 5);
        for (byte[] request : List.of(request(), signed(key), interleaving)) {
            assertNothingIsAllocatedFor(request, NtpOptions.PLAIN.withKeys(List.of(key)));
        }
    }

    private static void assertNothingIsAllocatedFor(byte[] request, NtpOptions options) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (NtpServer server = serve(options);
                UdpSocket client = UdpSocket.open(IPV4)) {
            long threadId = server.threadIds().getFirst();
            askInBatches(client, server, 10_000, request);
            long allocated = -1;
            // The virtual machine allocates once or twice on the thread's account while it compiles; never per packet.
            for (int round = 0; round < 5 && allocated != 0; round++) {
                long allocatedBefore = threads.getThreadAllocatedBytes(threadId);
                long answeredBefore = server.counters().getFirst().answered();
                askInBatches(client, server, 20_000, request);
                assertEquals(20_000, server.counters().getFirst().answered() - answeredBefore);
                allocated = threads.getThreadAllocatedBytes(threadId) - allocatedBefore;
            }
            assertEquals(0, allocated, "bytes for 20 000 packets");
        }
    }

    @Test
    void secondServerOnThePortIsRefusedWithTheCure() {
        try (NtpServer server = serve(IPV4)) {
            UdpSocketException refused = assertThrows(
                    UdpSocketException.class, () -> serve(server.addresses().getFirst()));
            assertEquals(UdpSocketException.Reason.PORT_BUSY, refused.reason());
            assertTrue(refused.toString()
                    .contains(" " + server.addresses().getFirst().getPort() + " "));
            assertTrue(refused.toString().contains("port N"));
        }
    }

    @Test
    void foreignAddressIsRefusedWithTheCure() {
        UdpSocketException refused = assertThrows(UdpSocketException.class, () -> UdpSocket.open(at("192.0.2.1", 0)));
        assertEquals(UdpSocketException.Reason.ADDRESS_NOT_AVAILABLE, refused.reason());
        assertTrue(refused.toString().contains("bindaddress"));
    }

    @Test
    void closeEndsTheWaitingThreadsAtOnce() {
        NtpServer server = serve(IPV4);
        long start = LinuxTime.realtimeNanos();
        server.close();
        assertTrue(LinuxTime.realtimeNanos() - start < 800_000_000, "waited for the receive timeout");
    }

    private static OverlayClock clock(long shiftNanos) {
        OverlayClock clock = new OverlayClock(LinuxTime::realtimeNanos);
        clock.step(shiftNanos);
        return clock;
    }

    /** Some containers have no IPv6. */
    private static void assumeIpv6() {
        try {
            UdpSocket.open(at("::1", 0)).close();
        } catch (UdpSocketException none) {
            Assumptions.abort(none.getMessage());
        }
    }

    private static InetSocketAddress at(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }

    private static NtpServer serve(InetSocketAddress address) {
        return NtpServer.start(
                List.of(address), everyone(), NtpOptions.PLAIN, () -> STRATUM_ONE, clock(0), List.of(), Thread::new);
    }

    private static NtpServer serve(NtpOptions options) {
        return NtpServer.start(List.of(IPV4), everyone(), options, () -> STRATUM_ONE, clock(0), List.of(), Thread::new);
    }

    /** A request with the MAC of a key of 16 octets of digest. */
    private static byte[] signed(SymmetricKey key) {
        byte[] request = Arrays.copyOf(request(), 68);
        new MacAuthenticator(List.of(key)).sign(new NtpPacket(ByteBuffer.wrap(request), 0, 68), key.id());
        return request;
    }

    private static Supplier<AccessTable> everyone() {
        AccessTable everyone = new AccessTable(List.of(AccessRule.everyone(true, false, "allow")));
        return () -> everyone;
    }

    private static byte[] request() {
        byte[] request = new byte[48];
        request[0] = 4 << 3 | 3;
        ByteBuffer.wrap(request).putLong(40, REQUEST_STAMP);
        return request;
    }

    private static NtpPacket ask(InetSocketAddress server, byte[] request) throws IOException {
        InetAddress own = server.getAddress();
        try (DatagramSocket client = new DatagramSocket(new InetSocketAddress(own, 0))) {
            return exchange(client, server, request);
        }
    }

    private static NtpPacket exchange(DatagramSocket client, InetSocketAddress server, byte[] request)
            throws IOException {
        client.setSoTimeout(5_000);
        client.send(new DatagramPacket(request, request.length, server));
        DatagramPacket answer = new DatagramPacket(new byte[2_000], 2_000);
        client.receive(answer);
        assertEquals(server, answer.getSocketAddress(), "answered from another address than asked");
        assertTrue(answer.getLength() <= request.length);
        return new NtpPacket(ByteBuffer.wrap(answer.getData()), 0, answer.getLength());
    }

    private static void assertStratumOne(NtpPacket answer) {
        assertEquals(48, answer.length());
        assertEquals(NtpPacket.MODE_SERVER, answer.mode());
        assertEquals(4, answer.version());
        assertEquals(0, answer.leapIndicator());
        assertEquals(1, answer.stratum());
        assertEquals(REQUEST_STAMP, answer.originTimestamp());
    }

    private static void askInBatches(UdpSocket client, NtpServer server, int requests, byte[] request) {
        for (int sent = 0; sent < requests; sent += 16) {
            client.begin();
            int batch = Math.min(16, requests - sent);
            for (int slot = 0; slot < batch; slot++) {
                client.aim(slot, server.addresses().getFirst());
                client.packets().put(client.packetStart(slot), request);
                client.queue(slot, request.length);
            }
            assertEquals(0, client.send(0, batch));
            int received = 0;
            // Each waits for a second at most, and on a busy machine an answer may take longer.
            for (int waits = 0; received < batch && waits < 10 + batch; waits++) {
                received += client.receive();
            }
            assertEquals(batch, received, "answers within ten seconds");
        }
    }
}
