package org.noonmark.linux;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A UDP socket that moves datagrams in batches, with the kernel's stamp of each arrival, and answers each from the address that it came
 * to. Received datagrams lie in numbered slots until the next {@link #receive}; an answer is written over its request and
 * {@link #queue}d, then sent. Nothing is allocated after opening.
 *
 * <p>Used by one thread, except {@link #wake}. Addresses are 128 bits in two longs, IPv4 as ::ffff:a.b.c.d.
 */
public final class UdpSocket implements AutoCloseable {
    /** Datagrams in one batch, at most. */
    public static final int SLOTS = UdpSocketMemory.SLOTS;

    /** Octets of a slot; what is longer arrives {@link #truncated}. */
    public static final int PACKET_BYTES = UdpSocketMemory.PACKET_BYTES;

    /** {@link #receiveNanos} of a datagram that the kernel did not stamp. */
    public static final long NO_STAMP = UdpSocketMemory.NO_STAMP;

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
        int fd = UdpSocketSetup.open(address, RECEIVE_TIMEOUT_SECONDS);
        return new UdpSocket(fd, UdpSocketSetup.localAddress(fd, address));
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /**
     * Waits for datagrams and takes all that are there, up to {@link #SLOTS}, into slots 0 and up. Forgets what was queued.
     *
     * @return how many; 0 when it was woken, interrupted by a signal, or nothing came for a second
     * @throws IllegalStateException when the socket itself is broken, which would otherwise be an endless idle loop
     */
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

    /** The slots' memory, big-endian: slot n starts at {@link #packetStart}. */
    public ByteBuffer packets() {
        return memory.packets();
    }

    /** Where slot n starts in {@link #packets}. */
    public static int packetStart(int slot) {
        return UdpSocketMemory.packetStart(slot);
    }

    /** Octets received into the slot. */
    public int length(int slot) {
        return memory.length(slot);
    }

    /** Whether the datagram was longer than the slot. */
    public boolean truncated(int slot) {
        return memory.truncated(slot);
    }

    /** The kernel's CLOCK_REALTIME at arrival, nanoseconds since 1970; or {@link #NO_STAMP}. */
    public long receiveNanos(int slot) {
        return memory.receiveNanos(slot);
    }

    /** First 64 bits of the sender's address. */
    public long peerHigh(int slot) {
        return memory.peerHigh(slot);
    }

    /** Last 64 bits of the sender's address. */
    public long peerLow(int slot) {
        return memory.peerLow(slot);
    }

    /** The sender's port. */
    public int peerPort(int slot) {
        return memory.peerPort(slot);
    }

    /** First 64 bits of the local address it came to. */
    public long localHigh(int slot) {
        return memory.localHigh(slot);
    }

    /** Last 64 bits of the local address it came to. */
    public long localLow(int slot) {
        return memory.localLow(slot);
    }

    /** The port it listens on. */
    public int localPort() {
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

    /** Puts the slot's first {@code length} octets at the end of the sending order, back to the slot's peer. */
    public void queue(int slot, int length) {
        memory.queue(slot, length, false);
    }

    /** The same, and the kernel is to stamp it when it leaves: {@link #readTransmitStamps}. */
    public void queueStamped(int slot, int length) {
        memory.queue(slot, length, true);
    }

    /**
     * Takes stamps of datagrams that have left, without waiting; they usually are there when {@link #send} returns, and may come later, or
     * not at all where the network's driver makes none.
     *
     * @return how many, at most {@link TransmitStamps#SLOTS}
     */
    public int readTransmitStamps() {
        return transmitStamps.read(fd, localAddress.getPort());
    }

    /** The kernel's CLOCK_REALTIME when the {@code index}-th of them left, nanoseconds since 1970; or {@link #NO_STAMP}. */
    public long transmitNanos(int index) {
        return transmitStamps.nanos(index);
    }

    /** Eight octets of that datagram, big-endian, at most 40 octets from its start; 0 when {@link #transmitNanos} has no stamp. */
    public long transmittedLong(int index, int at) {
        return transmitStamps.octets(index, at);
    }

    /** How many datagrams are queued since the last receive; sent ones included. */
    public int queued() {
        return memory.queued();
    }

    /** The slot of the {@code place}-th datagram in the sending order, from 0. */
    public int queuedSlot(int place) {
        return memory.queuedSlot(place);
    }

    /**
     * Sends the datagrams from place {@code from} to before {@code to} of the sending order. One that the kernel refuses is left out.
     *
     * @return how many were refused
     */
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

    /** Ends the wait of {@link #receive} now and for ever; the only method for other threads. */
    public void wake() {
        woken = true;
        UdpSocketSetup.wake(fd);
    }

    /** To be called when the receiving thread has ended; a second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            UdpSocketSetup.close(fd);
        }
    }
}
