package org.noonmark.linux;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A UDP socket of the kernel, with the kernel's stamp of each arrival. */
public final class UdpSocket implements Datagrams {
    /** Octets of a slot; what is longer arrives {@link #truncated}. */
    public static final int PACKET_BYTES = UdpSocketMemory.PACKET_BYTES;

    /** How long {@link #receive} waits; only a net below {@link #wake}, which normally ends the wait. */
    private static final int RECEIVE_TIMEOUT_SECONDS = 1;

    private final int fd;
    private final InetSocketAddress localAddress;
    private final UdpSocketMemory memory;
    private final TransmitStamps transmitStamps = new TransmitStamps();
    private volatile boolean woken;
    private boolean closed;

    private UdpSocket(int fd, InetSocketAddress localAddress) {
        this.fd = fd;
        this.localAddress = localAddress;
        this.memory = new UdpSocketMemory(UdpSocketSetup.isIpv6(localAddress));
    }

    /**
     * Opens a socket for this address alone: a second one on the same port is refused. An IPv6 wildcard takes IPv6 only.
     *
     * @param address port 0 takes a free port
     * @throws UdpSocketException with reason and cure
     */
    public static UdpSocket open(InetSocketAddress address) {
        return open(address, false);
    }

    /**
     * Opens several for one address, each for a thread of its own: the sender's address alone says which of them gets a request, so that all
     * of one client's come to the same. They are refused, too, while anybody else has the port.
     *
     * @param address port 0 takes a free port, the same for all
     * @param ipv6PrefixBits IPv6 addresses that agree in so many bits, down to whole 32, are one client
     * @throws UdpSocketException with reason and cure; none is left open
     */
    public static List<UdpSocket> openShared(InetSocketAddress address, int count, int ipv6PrefixBits) {
        InetSocketAddress free;
        try (UdpSocket alone = open(address)) {
            free = alone.localAddress();
        }
        List<UdpSocket> sockets = new ArrayList<>();
        try {
            while (sockets.size() < count) {
                sockets.add(open(free, true));
            }
            UdpSocketSetup.chooseBySender(
                    sockets.getFirst().fd,
                    free,
                    SenderChoice.program(UdpSocketSetup.isIpv6(free), ipv6PrefixBits, count));
            return sockets;
        } catch (UdpSocketException refused) {
            sockets.forEach(UdpSocket::close);
            throw refused;
        }
    }

    private static UdpSocket open(InetSocketAddress address, boolean shares) {
        int fd = UdpSocketSetup.open(address, RECEIVE_TIMEOUT_SECONDS, shares);
        return new UdpSocket(fd, UdpSocketSetup.localAddress(fd, address));
    }

    /**
     * The same socket for another thread, to send by it alone, to broadcast addresses too. It goes on as long as this one, which closes it.
     *
     * @throws UdpSocketException when the kernel does not allow it
     */
    public UdpSocket toBroadcast() {
        UdpSocketSetup.allowBroadcast(fd, localAddress);
        UdpSocket same = new UdpSocket(fd, localAddress);
        same.closed = true;
        return same;
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public int receive() {
        memory.prepareReceive();
        int count = UdpSocketCalls.recvmmsg(fd, memory.receiveVector(), SLOTS, UdpSocketCalls.MSG_WAITFORONE);
        if (count <= 0 || woken) {
            UdpSocketSetup.requireSound(fd, localAddress);
            return 0;
        }
        memory.parseControls(count);
        return count;
    }

    @Override
    public ByteBuffer packets() {
        return memory.packets();
    }

    @Override
    public int packetStart(int slot) {
        return UdpSocketMemory.packetStart(slot);
    }

    @Override
    public int length(int slot) {
        return memory.length(slot);
    }

    @Override
    public boolean truncated(int slot) {
        return memory.truncated(slot);
    }

    @Override
    public long receiveNanos(int slot) {
        return memory.receiveNanos(slot);
    }

    @Override
    public long peerHigh(int slot) {
        return memory.peerHigh(slot);
    }

    @Override
    public long peerLow(int slot) {
        return memory.peerLow(slot);
    }

    @Override
    public int peerPort(int slot) {
        return memory.peerPort(slot);
    }

    @Override
    public long localHigh(int slot) {
        return memory.localHigh(slot);
    }

    @Override
    public long localLow(int slot) {
        return memory.localLow(slot);
    }

    @Override
    public int localPort(int slot) {
        return localAddress.getPort();
    }

    /** Forgets what was queued, to queue anew without receiving. */
    public void begin() {
        memory.prepareReceive();
    }

    /** Aims a slot at {@code address}, of this socket's family, for a first datagram that answers nothing. Allocates. */
    public void aim(int slot, InetSocketAddress address) {
        memory.setPeer(slot, UdpSocketSetup.sockaddr(address));
    }

    /** Makes the slot's datagram leave from this address of the machine; call after {@link #aim} and before {@link #queue}. */
    public void leaveFrom(int slot, long addressHigh, long addressLow) {
        memory.setLocal(slot, addressHigh, addressLow);
    }

    @Override
    public void queue(int slot, int length) {
        memory.queue(slot, length, false);
    }

    @Override
    public void queueStamped(int slot, int length) {
        memory.queue(slot, length, true);
    }

    @Override
    public int readTransmitStamps() {
        return transmitStamps.read(fd, localAddress.getPort());
    }

    @Override
    public long transmitNanos(int index) {
        return transmitStamps.nanos(index);
    }

    @Override
    public long transmittedLong(int index, int at) {
        return transmitStamps.octets(index, at);
    }

    @Override
    public int queued() {
        return memory.queued();
    }

    @Override
    public int queuedSlot(int place) {
        return memory.queuedSlot(place);
    }

    @Override
    public int send(int from, int to) {
        int refused = 0;
        int place = from;
        while (place < to) {
            int sent = UdpSocketCalls.sendmmsg(fd, memory.sendVector(place), to - place, 0);
            if (sent > 0) {
                place += sent;
            } else {
                refused++;
                place++;
            }
        }
        return refused;
    }

    @Override
    public void wake() {
        woken = true;
        UdpSocketSetup.wake(fd);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            UdpSocketSetup.close(fd);
        }
    }
}
