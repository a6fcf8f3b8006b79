package org.noonmark.xdp;

import java.nio.ByteBuffer;

/**
 * An Ethernet frame with one UDP datagram over IPv4 (RFC 791, without options or fragments) or IPv6 (RFC 8200, without extension headers),
 * with or without a priority tag, in somebody else's big-endian buffer. It is checked, and turned into its own answer in place. One object
 * per thread, moved with {@link #wrap}; nothing is allocated. Addresses are 128 bits in two longs, IPv4 as ::ffff:a.b.c.d.
 */
final class UdpFrame {
    private static final int ETHERNET = 14;
    private static final int SOURCE_MAC = 6;
    private static final int GROUP_BIT = 1;
    private static final int VLAN_TAG = 4;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86dd;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;
    private static final int UDP = 17;
    private static final int HOPS = 64;
    private static final int DO_NOT_FRAGMENT = 0x4000;
    private static final int FRAGMENT = 0x3fff;
    private static final long MAPPED_PREFIX = 0xffffL << 32;

    private ByteBuffer buffer;
    private int start;
    private int ip;
    private int udp;
    private boolean ipv6;

    /** A view of nothing. */
    UdpFrame() {
        buffer = ByteBuffer.allocate(0);
    }

    /**
     * Moves the view to a received frame.
     *
     * @return whether it is such a frame, whole, with right checksums; nothing else may be read of it otherwise
     */
    boolean wrap(ByteBuffer frames, int frameStart, int length) {
        if (length < ETHERNET + VLAN_TAG || (frames.get(frameStart + SOURCE_MAC) & GROUP_BIT) != 0) {
            return false;
        }
        buffer = frames;
        start = frameStart;
        int type = buffer.getShort(start + ETHERNET - 2) & 0xffff;
        ip = start + ETHERNET;
        if (type == TYPE_VLAN) {
            type = buffer.getShort(ip + VLAN_TAG - 2) & 0xffff;
            ip += VLAN_TAG;
        }
        int rest = start + length - ip;
        return switch (type) {
            case TYPE_IPV4 -> isIpv4(rest);
            case TYPE_IPV6 -> isIpv6(rest);
            default -> false;
        };
    }

    /** Moves the view to a frame that was found good before. */
    void wrapGood(ByteBuffer frames, int frameStart, int payloadStart, boolean isIpv6) {
        buffer = frames;
        start = frameStart;
        ipv6 = isIpv6;
        udp = payloadStart - UDP_HEADER;
        ip = udp - (ipv6 ? IPV6_HEADER : IPV4_HEADER);
    }

    boolean ipv6() {
        return ipv6;
    }

    /** Where the datagram's octets start in the buffer. */
    int payloadStart() {
        return udp + UDP_HEADER;
    }

    /** Octets of the datagram. */
    int payloadLength() {
        return (buffer.getShort(udp + 4) & 0xffff) - UDP_HEADER;
    }

    int sourcePort() {
        return buffer.getShort(udp) & 0xffff;
    }

    int destinationPort() {
        return buffer.getShort(udp + 2) & 0xffff;
    }

    long sourceHigh() {
        return ipv6 ? buffer.getLong(ip + 8) : 0;
    }

    long sourceLow() {
        return ipv6 ? buffer.getLong(ip + 16) : mapped(ip + 12);
    }

    long destinationHigh() {
        return ipv6 ? buffer.getLong(ip + 24) : 0;
    }

    long destinationLow() {
        return ipv6 ? buffer.getLong(ip + 32) : mapped(ip + 16);
    }

    /**
     * Makes the frame go back where it came from, with the first {@code payloadLength} octets of the datagram; {@link #seal} completes it.
     *
     * @return octets of the frame
     */
    int turn(int payloadLength) {
        // 48 bits each: read before either is written.
        long destination = buffer.getLong(start) >>> 16;
        long source = buffer.getLong(start + 4) & 0xffff_ffff_ffffL;
        buffer.putLong(start, source << 16 | destination >>> 32);
        buffer.putInt(start + 8, (int) destination);
        buffer.putInt(udp, Integer.rotateLeft(buffer.getInt(udp), 16));
        int length = UDP_HEADER + payloadLength;
        buffer.putShort(udp + 4, (short) length);
        if (ipv6) {
            turnIpv6(length);
        } else {
            turnIpv4(length);
        }
        return udp + length - start;
    }

    /** Writes the datagram's checksum, over what is there now. */
    void seal() {
        buffer.putShort(udp + 6, (short) 0);
        int length = buffer.getShort(udp + 4) & 0xffff;
        int checksum = ~fold(pseudoHeader(length) + sum(udp, length)) & 0xffff;
        // 0 says that there is none; ones' complement has another zero.
        buffer.putShort(udp + 6, (short) (checksum == 0 ? 0xffff : checksum));
    }

    /** Makes the datagram one that whoever gets it refuses as damaged. */
    void spoil() {
        int wrong = buffer.getShort(udp + 6) ^ 0x5555;
        buffer.putShort(udp + 6, (short) ((wrong & 0xffff) == 0 ? 0xaaaa : wrong));
    }

    private boolean isIpv4(int rest) {
        ipv6 = false;
        udp = ip + IPV4_HEADER;
        if (rest < IPV4_HEADER + UDP_HEADER || buffer.get(ip) != 0x45 || buffer.get(ip + 9) != UDP) {
            return false;
        }
        int total = buffer.getShort(ip + 2) & 0xffff;
        return total <= rest
                && (buffer.getShort(ip + 6) & FRAGMENT) == 0
                && fold(sum(ip, IPV4_HEADER)) == 0xffff
                && isHost(buffer.getInt(ip + 12))
                && isUdp(total - IPV4_HEADER);
    }

    private boolean isIpv6(int rest) {
        ipv6 = true;
        udp = ip + IPV6_HEADER;
        if (rest < IPV6_HEADER + UDP_HEADER || (buffer.get(ip) & 0xf0) != 0x60 || buffer.get(ip + 6) != UDP) {
            return false;
        }
        int payload = buffer.getShort(ip + 4) & 0xffff;
        return IPV6_HEADER + payload <= rest && isHost(sourceHigh(), sourceLow()) && isUdp(payload);
    }

    /** Whether a host can have that address: not this network, loopback, multicast or broadcast (RFC 1122, section 3.2.1.3). */
    private boolean isHost(int address) {
        int first = address >>> 24;
        return first != 0 && first != 127 && first < 224 && address != buffer.getInt(ip + 16);
    }

    /** Not multicast, none, loopback, or IPv4 in disguise, which would be judged as what it is not. */
    private boolean isHost(long high, long low) {
        boolean inIpv4 = high == 0 && (low >>> 32 == 0 || low >>> 32 == 0xffff);
        return high >>> 56 != 0xff && !inIpv4 && (high != destinationHigh() || low != destinationLow());
    }

    private boolean isUdp(int room) {
        if (room < UDP_HEADER) {
            return false;
        }
        int length = buffer.getShort(udp + 4) & 0xffff;
        return length >= UDP_HEADER && length <= room && isSealed(length);
    }

    private boolean isSealed(int length) {
        int checksum = buffer.getShort(udp + 6) & 0xffff;
        if (checksum == 0) {
            // RFC 768 allows it, RFC 8200 (section 8.1) does not.
            return !ipv6;
        }
        long pseudo = pseudoHeader(length);
        // Between the ends of a virtual link the last step is left to hardware that is not there.
        return fold(pseudo + sum(udp, length)) == 0xffff || checksum == fold(pseudo);
    }

    private void turnIpv4(int udpLength) {
        buffer.putInt(ip, 0x4500_0000 | (IPV4_HEADER + udpLength));
        buffer.putInt(ip + 4, DO_NOT_FRAGMENT);
        buffer.putInt(ip + 8, HOPS << 24 | UDP << 16);
        buffer.putLong(ip + 12, Long.rotateLeft(buffer.getLong(ip + 12), 32));
        buffer.putShort(ip + 10, (short) ~fold(sum(ip, IPV4_HEADER)));
    }

    private void turnIpv6(int udpLength) {
        buffer.putInt(ip, 0x6000_0000);
        buffer.putInt(ip + 4, udpLength << 16 | UDP << 8 | HOPS);
        for (int at = ip + 8; at < ip + 24; at += Long.BYTES) {
            long theirs = buffer.getLong(at);
            buffer.putLong(at, buffer.getLong(at + 16));
            buffer.putLong(at + 16, theirs);
        }
    }

    private long pseudoHeader(int udpLength) {
        return (ipv6 ? sum(ip + 8, 32) : sum(ip + 12, 8)) + UDP + udpLength;
    }

    private long mapped(int at) {
        return MAPPED_PREFIX | (buffer.getInt(at) & 0xffff_ffffL);
    }

    /** The 16-bit words' sum, not folded yet; an odd last octet counts as the first of a word (RFC 1071). */
    private long sum(int from, int length) {
        long sum = 0;
        int at = from;
        int end = from + length;
        for (; at + Integer.BYTES <= end; at += Integer.BYTES) {
            sum += buffer.getInt(at) & 0xffff_ffffL;
        }
        if (at + Short.BYTES <= end) {
            sum += buffer.getShort(at) & 0xffffL;
            at += Short.BYTES;
        }
        if (at < end) {
            sum += (buffer.get(at) & 0xffL) << 8;
        }
        return sum;
    }

    private static int fold(long sum) {
        long folded = (sum >>> 32) + (sum & 0xffff_ffffL);
        folded = (folded >>> 16) + (folded & 0xffff);
        folded = (folded >>> 16) + (folded & 0xffff);
        folded = (folded >>> 16) + (folded & 0xffff);
        return (int) folded;
    }
}
