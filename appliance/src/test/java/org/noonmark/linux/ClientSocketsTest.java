package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers over loopback. */
class ClientSocketsTest {
    private static final long STAMP = 0x0123_4567_89ab_cdefL;
    private static final int TRANSMIT = 40;
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void anAnswerComesWithStampsOfBothWays(String address) throws InterruptedException {
        try (UdpSocket server = UdpSocket.open(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
                ClientSockets clients = new ClientSockets(ClientSockets.Origin.ANY)) {
            long before = LinuxTime.realtimeNanos();
            ClientSocket client = clients.open(server.localAddress());
            assertEquals(InetAddress.ofLiteral(address), client.local().getAddress());
            assertTrue(clients.send(client, request()));
            assertEquals(1, server.receive());
            server.queue(0, 48);
            assertEquals(0, server.send(0, 1));
            clients.await(SECOND);
            assertTrue(client.isReady());
            assertEquals(1, clients.readDepartures(client));
            assertEquals(STAMP, clients.departedLong(0, TRANSMIT));
            long left = clients.departureNanos(0);
            assertEquals(1, awaitReceived(clients, client));
            assertEquals(48, clients.length(0));
            assertEquals(STAMP, clients.packets().getLong(clients.packetStart(0) + TRANSMIT));
            long came = clients.arrivalNanos(0);
            assertTrue(before <= left && left <= came && came <= LinuxTime.realtimeNanos(), left + " " + came);
        }
    }

    private static int freePort(InetAddress address) {
        try (UdpSocket probe = UdpSocket.open(new InetSocketAddress(address, 0))) {
            return probe.localAddress().getPort();
        }
    }

    /** Two servers asked from one port and address: each answer comes to the socket of its request. */
    @Test
    void requestsLeaveFromTheAddressPortAndDeviceThatAreGiven() throws InterruptedException {
        InetAddress own = InetAddress.ofLiteral("127.0.0.9");
        int port = freePort(own);
        try (UdpSocket first = UdpSocket.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
                UdpSocket second = UdpSocket.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0))) {
            try (ClientSockets clients = new ClientSockets(new ClientSockets.Origin(port, own, null, "lo"))) {
                ClientSocket toFirst = clients.open(first.localAddress());
                ClientSocket toSecond = clients.open(second.localAddress());
                assertEquals(new InetSocketAddress(own, port), toFirst.local());
                assertEquals(new InetSocketAddress(own, port), toSecond.local());
                assertTrue(clients.send(toFirst, request()) && clients.send(toSecond, request()));
                assertEquals(1, second.receive());
                second.queue(0, 48);
                assertEquals(0, second.send(0, 1));
                clients.await(SECOND);
                assertEquals(1, awaitReceived(clients, toSecond));
                assertEquals(0, clients.receive(toFirst));
            }
        }
    }

    /** Answers to both would come to one of the two. */
    @Test
    void oneServerIsAskedOnceAtATimeFromAPortThatIsGiven() {
        InetAddress own = InetAddress.ofLiteral("127.0.0.9");
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9);
        try (ClientSockets clients = new ClientSockets(new ClientSockets.Origin(freePort(own), own, null, ""))) {
            ClientSocket first = clients.open(server);
            UdpSocketException refused = assertThrows(UdpSocketException.class, () -> clients.open(server));
            assertEquals(UdpSocketException.Reason.PORT_BUSY, refused.reason());
            InetSocketAddress otherPort = new InetSocketAddress(server.getAddress(), 10);
            assertEquals(first.local(), clients.open(otherPort).local());
            clients.close(first);
            assertEquals(first.local(), clients.open(server).local());
        }
    }

    @Test
    void everyRequestHasAPortOfItsOwn() {
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9);
        try (ClientSockets clients = new ClientSockets(ClientSockets.Origin.ANY)) {
            assertNotEquals(
                    clients.open(server).local().getPort(),
                    clients.open(server).local().getPort());
        }
    }

    /** The kernel says once that nobody listens; after that the socket is quiet, and waiting for it costs nothing. */
    @Test
    void aPortWhereNobodyListensIsSilence() throws InterruptedException {
        int nobody;
        try (UdpSocket socket = UdpSocket.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            nobody = socket.localAddress().getPort();
        }
        try (ClientSockets clients = new ClientSockets(ClientSockets.Origin.ANY)) {
            ClientSocket client = clients.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), nobody));
            clients.send(client, request());
            clients.await(SECOND);
            clients.readDepartures(client);
            assertEquals(0, clients.receive(client));
            for (int i = 0; i < 1_000 && !client.isUnreachable(); i++) {
                Thread.sleep(10);
                assertEquals(0, clients.receive(client));
            }
            assertTrue(client.isUnreachable());
            clients.await(0);
            assertFalse(client.isReady());
        }
    }

    /** Not timed: it would wait a minute. */
    @Test
    void wakingEndsTheNextWaiting() {
        try (ClientSockets clients = new ClientSockets(ClientSockets.Origin.ANY)) {
            clients.wake();
            clients.await(60 * SECOND);
        }
    }

    @Test
    void aServerThatCannotBeReachedIsToldAsSuch() {
        try (ClientSockets clients = new ClientSockets(ClientSockets.Origin.ANY)) {
            InetSocketAddress nowhere = new InetSocketAddress(InetAddress.ofLiteral("255.255.255.255"), 123);
            assertThrows(UdpSocketException.class, () -> clients.open(nowhere));
        }
    }

    /** The stamp of the departure ends the waiting as well, and on a busy machine the kernel delivers a moment later. */
    private static int awaitReceived(ClientSockets clients, ClientSocket client) throws InterruptedException {
        int received = clients.receive(client);
        for (int i = 0; i < 1_000 && received == 0; i++) {
            Thread.sleep(10);
            received = clients.receive(client);
        }
        return received;
    }

    private static byte[] request() {
        return ByteBuffer.allocate(48).putLong(TRANSMIT, STAMP).array();
    }
}
