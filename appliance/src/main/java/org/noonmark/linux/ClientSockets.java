package org.noonmark.linux;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of a client's requests that are under way, with the kernel's stamps of leaving and arrival. One thread opens, waits for
 * all of them at once, and reads; memory is laid out once for each address family.
 */
public final class ClientSockets implements AutoCloseable {
    /** {@link #arrivalNanos} of a datagram that was not stamped. */
    public static final long NO_STAMP = Datagrams.NO_STAMP;

    private static final int IPV4_OCTETS = 4;
    private static final int POLLFD = 8;
    private static final short POLLIN = 1;
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int EFD_NONBLOCK_CLOEXEC = 0x80800;
    private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};

    /**
     * Where requests leave.
     *
     * @param port UDP port; 0: the kernel chooses one for each request
     * @param ipv4 local address; null: the kernel chooses
     * @param ipv6 the same
     * @param device network interface; empty: the kernel chooses
     */
    public record Origin(
            int port, @Nullable InetAddress ipv4, @Nullable InetAddress ipv6, String device) {
        /** As the kernel chooses. */
        public static final Origin ANY = new Origin(0, null, null, "");

        private boolean isGiven(ClientSocket socket) {
            return (UdpSocketSetup.isIpv6(socket.server()) ? ipv6 : ipv4) != null;
        }

        private InetSocketAddress of(boolean wantsIpv6) {
            InetAddress own = wantsIpv6 ? ipv6 : ipv4;
            return new InetSocketAddress(own == null ? wildcard(wantsIpv6) : own, port);
        }
    }

    private final Origin origin;
    private final List<ClientSocket> open = new ArrayList<>();
    private final UdpSocketMemory ipv4 = new UdpSocketMemory(false);
    private final UdpSocketMemory ipv6 = new UdpSocketMemory(true);
    private final TransmitStamps stamps = new TransmitStamps();
    private final int wakeFd;
    private final byte[] wakes = new byte[Long.BYTES];
    private UdpSocketMemory received = ipv4;
    private ByteBuffer pollfds = direct(16 * POLLFD);
    private boolean closed; // guarded by this

    /** @throws IllegalStateException when there are no descriptors left */
    public ClientSockets(Origin origin) {
        this.origin = origin;
        Libc.require();
        wakeFd = Libc.eventfd(0, EFD_NONBLOCK_CLOEXEC);
        if (wakeFd < 0) {
            throw new IllegalStateException("no event to be woken by: " + Libc.lastError());
        }
    }

    /** Ends the present or the next {@link #await} at once. Any thread may call it, at any time. */
    public synchronized void wake() {
        if (!closed) {
            Libc.write(wakeFd, ONE, ONE.length);
        }
    }

    /**
     * A new socket that may talk to {@code server} alone.
     *
     * @throws UdpSocketException when there is no way to that server, or no socket left, or another socket talks to it from the one port
     */
    public ClientSocket open(InetSocketAddress server) {
        // Of two with the same addresses and ports the kernel would hand all answers to one.
        if (origin.port() != 0 && open.stream().anyMatch(other -> other.server().equals(server))) {
            throw new UdpSocketException(
                    UdpSocketException.Reason.PORT_BUSY,
                    server + " is being asked from port " + origin.port()
                            + " already: name one server by one line, or remove 'acquisitionport'");
        }
        // Sockets of one port that are connected to different servers do not take each other's answers.
        int fd = UdpSocketSetup.open(origin.of(UdpSocketSetup.isIpv6(server)), 1, origin.port() != 0);
        try {
            if (!origin.device().isEmpty()) {
                UdpSocketSetup.bindToDevice(fd, server, origin.device());
            }
            UdpSocketSetup.connect(fd, server);
            ClientSocket socket = new ClientSocket(fd, server, UdpSocketSetup.connectedFrom(fd, server));
            open.add(socket);
            return socket;
        } catch (UdpSocketException e) {
            UdpSocketSetup.close(fd);
            throw e;
        }
    }

    /** Sends a datagram of at most {@link UdpSocket#PACKET_BYTES} octets, to be stamped as it leaves; whether the kernel took it. */
    public boolean send(ClientSocket socket, byte[] datagram) {
        UdpSocketMemory memory = memoryOf(socket);
        memory.prepareReceive();
        memory.packets().put(UdpSocketMemory.packetStart(0), datagram);
        memory.setPeer(0, UdpSocketSetup.sockaddr(socket.server()));
        if (origin.isGiven(socket)) {
            setLocal(memory, socket.local().getAddress());
        }
        memory.queue(0, datagram.length, true);
        return UdpSocketCalls.sendmmsg(socket.fd(), memory.sendVector(0), 1, 0) == 1;
    }

    /** The control message that each datagram is sent with would otherwise let the kernel choose another address than the socket's. */
    private static void setLocal(UdpSocketMemory memory, InetAddress local) {
        ByteBuffer octets = ByteBuffer.wrap(local.getAddress());
        if (octets.capacity() == IPV4_OCTETS) {
            memory.setLocal(0, 0, octets.getInt() & 0xffff_ffffL);
        } else {
            memory.setLocal(0, octets.getLong(), octets.getLong());
        }
    }

    /**
     * Waits until something comes to one of the sockets, somebody calls {@link #wake}, or that time is over; {@link ClientSocket#isReady}
     * says where.
     */
    public void await(long timeoutNanos) {
        if (pollfds.capacity() < (open.size() + 1) * POLLFD) {
            pollfds = direct(2 * (open.size() + 1) * POLLFD);
        }
        for (int i = 0; i < open.size(); i++) {
            watch(i, open.get(i).fd());
        }
        watch(open.size(), wakeFd);
        int millis = Math.clamp(Math.ceilDiv(timeoutNanos, NANOS_PER_MILLI), 0, 60_000);
        int found = Libc.poll(pollfds, open.size() + 1L, millis);
        for (int i = 0; i < open.size(); i++) {
            open.get(i).setReady(found > 0 && hasCome(i));
        }
        if (found > 0 && hasCome(open.size())) {
            Libc.read(wakeFd, wakes, wakes.length);
        }
    }

    private void watch(int place, int fd) {
        pollfds.putInt(POLLFD * place, fd);
        pollfds.putShort(POLLFD * place + 4, POLLIN);
        pollfds.putShort(POLLFD * place + 6, (short) 0);
    }

    private boolean hasCome(int place) {
        return pollfds.getShort(POLLFD * place + 6) != 0;
    }

    /**
     * Takes the datagrams that have come to {@code socket}, without waiting; they lie in slots 0 and up until the next call.
     *
     * @return how many
     */
    public int receive(ClientSocket socket) {
        received = memoryOf(socket);
        received.prepareReceive();
        // Told once, and only then.
        if (UdpSocketSetup.takesUnreachable(socket.fd(), socket.local())) {
            socket.setUnreachable();
        }
        int count = UdpSocketCalls.recvmmsg(
                socket.fd(), received.receiveVector(), Datagrams.SLOTS, UdpSocketCalls.MSG_DONTWAIT);
        if (count <= 0) {
            return 0;
        }
        received.parseControls(count);
        return count;
    }

    /** The slots' memory, big-endian: slot n starts at {@link #packetStart}. */
    public ByteBuffer packets() {
        return received.packets();
    }

    /** Where the slot's datagram starts. */
    public int packetStart(int slot) {
        return UdpSocketMemory.packetStart(slot);
    }

    /** Octets of the slot's datagram; 0 when it was longer than a slot. */
    public int length(int slot) {
        return received.truncated(slot) ? 0 : received.length(slot);
    }

    /** CLOCK_REALTIME at arrival, nanoseconds since 1970; or {@link #NO_STAMP}. */
    public long arrivalNanos(int slot) {
        return received.receiveNanos(slot);
    }

    /** Takes the stamps of datagrams that have left through {@code socket}, without waiting; how many. */
    public int readDepartures(ClientSocket socket) {
        return stamps.read(socket.fd(), socket.local().getPort());
    }

    /** CLOCK_REALTIME when the {@code index}-th of them left; or {@link #NO_STAMP}. */
    public long departureNanos(int index) {
        return stamps.nanos(index);
    }

    /** Eight octets of that datagram, big-endian, at most 40 octets from its start; 0 when it has no stamp. */
    public long departedLong(int index, int at) {
        return stamps.octets(index, at);
    }

    /** Gives the socket's port back. */
    public void close(ClientSocket socket) {
        if (open.remove(socket)) {
            UdpSocketSetup.close(socket.fd());
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Libc.close(wakeFd);
        }
        List.copyOf(open).forEach(this::close);
    }

    private UdpSocketMemory memoryOf(ClientSocket socket) {
        return UdpSocketSetup.isIpv6(socket.server()) ? ipv6 : ipv4;
    }

    private static InetAddress wildcard(boolean ipv6) {
        try {
            return InetAddress.getByAddress(new byte[ipv6 ? 16 : 4]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is always taken", e);
        }
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}
