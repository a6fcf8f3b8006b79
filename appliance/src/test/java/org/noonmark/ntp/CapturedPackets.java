package org.noonmark.ntp;

import java.nio.ByteBuffer;
import java.util.List;
import org.noonmark.CapturedFrames;

/** UDP payloads of a pcap file with Ethernet frames, as the corpus has them. */
record CapturedPackets(List<Payload> payloads) {
    /** What one datagram carried. */
    static final class Payload {
        private final int sourcePort;
        private final byte[] octets;

        Payload(int sourcePort, byte[] octets) {
            this.sourcePort = sourcePort;
            this.octets = octets;
        }

        int sourcePort() {
            return sourcePort;
        }

        byte[] octets() {
            return octets.clone();
        }

        NtpPacket packet() {
            return new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
        }
    }

    static CapturedPackets read(String resource) {
        return new CapturedPackets(CapturedFrames.read("/ntp/" + resource).stream()
                .map(CapturedPackets::payload)
                .toList());
    }

    static byte[] octets(String resource) {
        return CapturedFrames.octets("/ntp/" + resource);
    }

    private static Payload payload(ByteBuffer frame) {
        boolean ipv6 = frame.getShort(12) == (short) 0x86dd;
        int udp = 14 + (ipv6 ? 40 : (frame.get(14) & 15) * 4);
        byte[] octets = new byte[(frame.getShort(udp + 4) & 0xffff) - 8];
        frame.get(udp + 8, octets);
        return new Payload(frame.getShort(udp) & 0xffff, octets);
    }
}
