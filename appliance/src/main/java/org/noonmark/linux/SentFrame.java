package org.noonmark.linux;

import java.nio.ByteBuffer;

/** Finds a datagram in the frame that it was sent in: Ethernet, with or without a VLAN tag, or no link header at all (tunnels). */
final class SentFrame {
    private static final int[] LINK_HEADERS = {14, 18, 0};
    private static final int IPV4_LEAST = 20;
    private static final int IPV6 = 40;
    private static final int UDP = 8;
    private static final int PROTOCOL_UDP = 17;
    /** What is asked of the datagram lies in an NTP header. */
    private static final int NTP_HEADER = 48;

    private SentFrame() {}

    /**
     * Where the payload of the UDP datagram starts in {@code buffer}, which is big-endian; -1 when it is none of ours.
     *
     * @param start of the frame
     * @param length octets of the frame that are there
     * @param sourcePort the port it was sent from
     */
    static int payloadStart(ByteBuffer buffer, int start, int length, int sourcePort) {
        for (int link : LINK_HEADERS) {
            int found = behindIp(buffer, start + link, length - link, sourcePort);
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }

    private static int behindIp(ByteBuffer buffer, int ip, int length, int sourcePort) {
        if (length < IPV4_LEAST + UDP + NTP_HEADER) {
            return -1;
        }
        int version = buffer.get(ip) >> 4 & 15;
        int header = version == 4 ? (buffer.get(ip) & 15) * 4 : version == 6 ? IPV6 : 0;
        int protocol = buffer.get(ip + (version == 4 ? 9 : 6));
        boolean fits = header >= IPV4_LEAST && length >= header + UDP + NTP_HEADER;
        return fits && protocol == PROTOCOL_UDP && (buffer.getShort(ip + header) & 0xffff) == sourcePort
                ? ip + header + UDP
                : -1;
    }
}
