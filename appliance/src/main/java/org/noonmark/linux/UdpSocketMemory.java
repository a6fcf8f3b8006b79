package org.noonmark.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The memory that recvmmsg and sendmmsg work on, laid out once: for each slot a packet, the peer's address and control messages in,
 * and for each place in the sending order a header and a control message out. Structures as 64-bit Linux has them (x86-64 and
 * aarch64 agree). Addresses come and go as 128 bits in two longs, IPv4 in its mapped form.
 */
final class UdpSocketMemory {
    private static final int SLOTS = Datagrams.SLOTS;
    /**
     * The longest NTP request in use: 1468 octets, with NTS by AES-SIV-CMAC-512, a cookie and seven placeholders; rounded up to an odd
     * number of cache lines, so that the headers of neighbouring slots do not compete for the same cache set.
     */
    static final int PACKET_BYTES = 25 * 64;

    private static final int HEADER = 64;
    private static final int HEADER_NAME_LENGTH = 8;
    private static final int HEADER_VECTOR = 16;
    private static final int HEADER_VECTOR_LENGTH = 24;
    private static final int HEADER_CONTROL = 32;
    private static final int HEADER_CONTROL_LENGTH = 40;
    private static final int HEADER_FLAGS = 48;
    private static final int HEADER_RECEIVED = 56;
    private static final int VECTOR = 16;
    private static final int NAME = 32;
    private static final int NAME_LENGTH_IPV4 = 16;
    private static final int NAME_LENGTH_IPV6 = 28;
    /** In: a stamp of 32 octets, three of 64, an address of 40. Out: an address of 40, a wish for a stamp of 24. */
    private static final int CONTROL = 192;

    private static final int CONTROL_HEADER = 16;

    private static final int MSG_TRUNC = 0x20;
    private static final int SOL_SOCKET = 1;
    private static final int SO_TIMESTAMPNS_OLD = 35;
    private static final int SO_TIMESTAMPNS_NEW = 64;
    private static final int SO_TIMESTAMPING = 37;
    private static final int SOF_TIMESTAMPING_TX_SOFTWARE = 1 << 1;
    private static final int STAMP_WISH = 24;
    private static final int IPPROTO_IP = 0;
    private static final int IP_PKTINFO = 8;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_PKTINFO = 50;
    private static final long MAPPED_PREFIX = 0xffffL << 32;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final int IN_HEADERS = 0;
    private static final int OUT_HEADERS = IN_HEADERS + HEADER * SLOTS;
    private static final int IN_VECTORS = OUT_HEADERS + HEADER * SLOTS;
    private static final int OUT_VECTORS = IN_VECTORS + VECTOR * SLOTS;
    private static final int NAMES = OUT_VECTORS + VECTOR * SLOTS;
    private static final int IN_CONTROLS = NAMES + NAME * SLOTS;
    private static final int OUT_CONTROLS = IN_CONTROLS + CONTROL * SLOTS;
    private static final int SIZE = OUT_CONTROLS + CONTROL * SLOTS;

    private final boolean ipv6;
    /** Structures in the machine's order; addresses inside them, which are big-endian, through {@link #network}. */
    private final ByteBuffer host = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder());

    private final ByteBuffer network = host.duplicate().order(ByteOrder.BIG_ENDIAN);
    private final ByteBuffer packets = ByteBuffer.allocateDirect(PACKET_BYTES * SLOTS);
    private final long hostAddress = MemorySegment.ofBuffer(host).address();
    private final long packetsAddress = MemorySegment.ofBuffer(packets).address();

    private final long[] receiveNanos = new long[SLOTS];
    private final long[] localHigh = new long[SLOTS];
    private final long[] localLow = new long[SLOTS];
    private final int[] interfaceIndex = new int[SLOTS];
    private final int[] queuedSlots = new int[SLOTS];
    private int queued;

    UdpSocketMemory(boolean ipv6) {
        this.ipv6 = ipv6;
        for (int i = 0; i < SLOTS; i++) {
            layOut(IN_HEADERS + HEADER * i, IN_VECTORS + VECTOR * i);
            host.putLong(IN_HEADERS + HEADER * i, address(NAMES + NAME * i));
            host.putLong(IN_HEADERS + HEADER * i + HEADER_CONTROL, address(IN_CONTROLS + CONTROL * i));
            host.putLong(IN_VECTORS + VECTOR * i, packetsAddress + packetStart(i));
            host.putLong(IN_VECTORS + VECTOR * i + 8, PACKET_BYTES);
            layOut(OUT_HEADERS + HEADER * i, OUT_VECTORS + VECTOR * i);
            layOutSourceAddress(OUT_HEADERS + HEADER * i, OUT_CONTROLS + CONTROL * i);
        }
    }

    ByteBuffer packets() {
        return packets;
    }

    static int packetStart(int slot) {
        return PACKET_BYTES * slot;
    }

    /** Where the headers for recvmmsg start. */
    long receiveVector() {
        return address(IN_HEADERS);
    }

    /** Where the header for the {@code place}-th queued datagram starts. */
    long sendVector(int place) {
        return address(OUT_HEADERS + HEADER * place);
    }

    /** Gives the kernel the full room again; it wrote what it used. */
    void prepareReceive() {
        queued = 0;
        for (int i = 0; i < SLOTS; i++) {
            host.putInt(IN_HEADERS + HEADER * i + HEADER_NAME_LENGTH, NAME);
            host.putLong(IN_HEADERS + HEADER * i + HEADER_CONTROL_LENGTH, CONTROL);
        }
    }

    /** Reads the control messages of the first {@code count} slots. */
    void parseControls(int count) {
        for (int slot = 0; slot < count; slot++) {
            receiveNanos[slot] = Datagrams.NO_STAMP;
            localHigh[slot] = 0;
            localLow[slot] = ipv6 ? 0 : MAPPED_PREFIX;
            interfaceIndex[slot] = 0;
            int at = IN_CONTROLS + CONTROL * slot;
            long end = at + host.getLong(IN_HEADERS + HEADER * slot + HEADER_CONTROL_LENGTH);
            while (at + CONTROL_HEADER <= end) {
                long length = host.getLong(at);
                parseControl(slot, at);
                if (length < CONTROL_HEADER) {
                    break;
                }
                at += (int) (length + 7) & ~7;
            }
        }
    }

    int length(int slot) {
        return host.getInt(IN_HEADERS + HEADER * slot + HEADER_RECEIVED);
    }

    boolean truncated(int slot) {
        return (host.getInt(IN_HEADERS + HEADER * slot + HEADER_FLAGS) & MSG_TRUNC) != 0;
    }

    long receiveNanos(int slot) {
        return receiveNanos[slot];
    }

    long peerHigh(int slot) {
        return ipv6 ? network.getLong(NAMES + NAME * slot + 8) : 0;
    }

    long peerLow(int slot) {
        int name = NAMES + NAME * slot;
        return ipv6 ? network.getLong(name + 16) : MAPPED_PREFIX | (network.getInt(name + 4) & 0xffff_ffffL);
    }

    int peerPort(int slot) {
        return network.getShort(NAMES + NAME * slot + 2) & 0xffff;
    }

    long localHigh(int slot) {
        return localHigh[slot];
    }

    long localLow(int slot) {
        return localLow[slot];
    }

    /** Makes {@code sockaddr} (16 or 28 octets) the peer of a slot that nothing was received into; the kernel chooses the source. */
    void setPeer(int slot, ByteBuffer sockaddr) {
        host.put(NAMES + NAME * slot, sockaddr, 0, ipv6 ? NAME_LENGTH_IPV6 : NAME_LENGTH_IPV4);
        setLocal(slot, 0, 0);
    }

    /** The address of the machine that the slot's datagram leaves from; 0 lets the kernel choose. */
    void setLocal(int slot, long high, long low) {
        localHigh[slot] = high;
        localLow[slot] = low;
        interfaceIndex[slot] = 0;
    }

    /** Puts the first {@code length} octets of the slot's packet at the end of the sending order. */
    void queue(int slot, int length, boolean stamped) {
        int header = OUT_HEADERS + HEADER * queued;
        host.putLong(header + HEADER_CONTROL_LENGTH, sourceAddressLength() + (stamped ? STAMP_WISH : 0));
        host.putLong(header, address(NAMES + NAME * slot));
        host.putInt(header + HEADER_NAME_LENGTH, ipv6 ? NAME_LENGTH_IPV6 : NAME_LENGTH_IPV4);
        host.putLong(OUT_VECTORS + VECTOR * queued, packetsAddress + packetStart(slot));
        host.putLong(OUT_VECTORS + VECTOR * queued + 8, length);
        setSourceAddress(OUT_CONTROLS + CONTROL * queued + CONTROL_HEADER, slot);
        queuedSlots[queued++] = slot;
    }

    int queued() {
        return queued;
    }

    int queuedSlot(int place) {
        return queuedSlots[place];
    }

    private long address(int at) {
        return hostAddress + at;
    }

    private void layOut(int header, int vector) {
        host.putLong(header + HEADER_VECTOR, address(vector));
        host.putLong(header + HEADER_VECTOR_LENGTH, 1);
    }

    /**
     * The control message that says from which of the machine's addresses a datagram leaves: in_pktinfo or in6_pktinfo; and behind it,
     * counted or not, the one that wishes for a stamp of its leaving.
     */
    private void layOutSourceAddress(int header, int control) {
        host.putLong(control, CONTROL_HEADER + (ipv6 ? 20 : 12));
        host.putInt(control + 8, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP);
        host.putInt(control + 12, ipv6 ? IPV6_PKTINFO : IP_PKTINFO);
        host.putLong(header + HEADER_CONTROL, address(control));
        int wish = control + sourceAddressLength();
        host.putLong(wish, CONTROL_HEADER + 4);
        host.putInt(wish + 8, SOL_SOCKET);
        host.putInt(wish + 12, SO_TIMESTAMPING);
        host.putInt(wish + CONTROL_HEADER, SOF_TIMESTAMPING_TX_SOFTWARE);
    }

    /** Octets of that message, up to where the next begins. */
    private int sourceAddressLength() {
        return CONTROL_HEADER + (ipv6 ? 24 : 16);
    }

    private void setSourceAddress(int info, int slot) {
        if (ipv6) {
            // A multicast address cannot be a source: let the kernel choose.
            // A link-local one means nothing without its interface; for others the routing table decides where to.
            boolean multicast = localHigh[slot] >>> 56 == 0xff;
            boolean linkLocal = localHigh[slot] >>> 54 == 0xfe80 >>> 6;
            network.putLong(info, multicast ? 0 : localHigh[slot]);
            network.putLong(info + 8, multicast ? 0 : localLow[slot]);
            host.putInt(info + 16, linkLocal ? interfaceIndex[slot] : 0);
        } else {
            host.putInt(info, 0);
            network.putInt(info + 4, (int) localLow[slot]);
            host.putInt(info + 8, 0);
        }
    }

    private void parseControl(int slot, int at) {
        int level = host.getInt(at + 8);
        int type = host.getInt(at + 12);
        int data = at + CONTROL_HEADER;
        if (level == SOL_SOCKET && (type == SO_TIMESTAMPNS_OLD || type == SO_TIMESTAMPNS_NEW)) {
            receiveNanos[slot] = host.getLong(data) * NANOS_PER_SECOND + host.getLong(data + 8);
        } else if (level == IPPROTO_IP && type == IP_PKTINFO) {
            // ipi_spec_dst, the machine's own address even when the datagram went to a broadcast address
            localLow[slot] = MAPPED_PREFIX | (network.getInt(data + 4) & 0xffff_ffffL);
            interfaceIndex[slot] = host.getInt(data);
        } else if (level == IPPROTO_IPV6 && type == IPV6_PKTINFO) {
            localHigh[slot] = network.getLong(data);
            localLow[slot] = network.getLong(data + 8);
            interfaceIndex[slot] = host.getInt(data + 16);
        }
    }
}
