package org.noonmark.ntp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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
        ByteBuffer file = ByteBuffer.wrap(octets(resource)).order(ByteOrder.LITTLE_ENDIAN);
        if (file.getInt(0) != 0xa1b2c3d4 || file.getInt(20) != 1) {
            throw new IllegalArgumentException(resource + " is not a little-endian pcap file of Ethernet frames");
        }
        List<Payload> payloads = new ArrayList<>();
        for (int at = 24; at < file.limit(); at += 16 + file.getInt(at + 8)) {
            payloads.add(payload(file.slice(at + 16, file.getInt(at + 8))));
        }
        return new CapturedPackets(payloads);
    }

    static byte[] octets(String resource) {
        try (InputStream in = CapturedPackets.class.getResourceAsStream("/ntp/" + resource)) {
            return Objects.requireNonNull(in, resource).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Payload payload(ByteBuffer frame) {
        boolean ipv6 = frame.getShort(12) == (short) 0x86dd;
        int udp = 14 + (ipv6 ? 40 : (frame.get(14) & 15) * 4);
        byte[] octets = new byte[(frame.getShort(udp + 4) & 0xffff) - 8];
        frame.get(udp + 8, octets);
        return new Payload(frame.getShort(udp) & 0xffff, octets);
    }
}
