package org.noonmark.cli.bench;

import java.nio.ByteBuffer;

/** An Ethernet frame with a UDP datagram over IPv4, as a client's card would send it. */
final class Frame {
    private static final int IP = 14;
    private static final int UDP = IP + 20;
    private static final int PAYLOAD = UDP + 8;

    private Frame() {}

    /** Writes headers and a payload of zeros into a big-endian buffer; MACs are 48 bits, addresses and ports as the headers have them. */
    static void write(
            ByteBuffer frames,
            int start,
            long toMac,
            long fromMac,
            int from,
            int to,
            int fromPort,
            int toPort,
            int payload) {
        frames.putLong(start, toMac << 16 | fromMac >>> 32);
        frames.putInt(start + 8, (int) fromMac);
        frames.putShort(start + 12, (short) 0x0800);
        int ip = start + IP;
        frames.putInt(ip, 0x4500_0000 | PAYLOAD - IP + payload);
        frames.putInt(ip + 4, 0x4000);
        frames.putInt(ip + 8, 64 << 24 | 17 << 16);
        frames.putInt(ip + 12, from);
        frames.putInt(ip + 16, to);
        frames.putShort(ip + 10, (short) ~sum(frames, ip));
        frames.putShort(start + UDP, (short) fromPort);
        frames.putShort(start + UDP + 2, (short) toPort);
        // IPv4 allows to leave the checksum out.
        frames.putInt(start + UDP + 4, (PAYLOAD - UDP + payload) << 16);
        int end = start + PAYLOAD + payload;
        for (int at = start + PAYLOAD; at < end; at += Integer.BYTES) {
            frames.putInt(at, 0);
        }
    }

    /** The ones' complement sum of the 16-bit words of an IPv4 header, its checksum left out. */
    private static int sum(ByteBuffer frames, int ip) {
        int sum = 0;
        for (int at = ip; at < ip + UDP - IP; at += 2) {
            sum += at == ip + 10 ? 0 : frames.getShort(at) & 0xffff;
        }
        sum = (sum >>> 16) + (sum & 0xffff);
        return (sum >>> 16) + (sum & 0xffff);
    }
}
