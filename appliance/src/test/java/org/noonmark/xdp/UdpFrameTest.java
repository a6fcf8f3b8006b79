package org.noonmark.xdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.CapturedFrames;

/** Frames that others sent, with the checksums that their machines made. */
class UdpFrameTest {
    private static final int MARGIN = 64;

    private final UdpFrame frame = new UdpFrame();

    @ParameterizedTest
    @ValueSource(strings = {"tcpdump/ntp", "tcpdump/ntp-time", "zeek/ntp", "zeek/NTP-digest"})
    void framesOfRealClientsAreReadAndTheirAnswersAreRead(String capture) {
        int good = 0;
        for (ByteBuffer each : CapturedFrames.read("/ntp/" + capture + ".pcap")) {
            ByteBuffer buffer = placed(each);
            if (!frame.wrap(buffer, MARGIN, each.limit())) {
                continue;
            }
            good++;
            int ports = frame.sourcePort() << 16 | frame.destinationPort();
            long source = frame.sourceLow();
            long destination = frame.destinationLow();
            int payload = frame.payloadLength();
            int length = frame.turn(payload);
            frame.seal();
            assertTrue(frame.wrap(buffer, MARGIN, length), capture);
            assertEquals(Integer.rotateLeft(ports, 16), frame.sourcePort() << 16 | frame.destinationPort());
            assertEquals(source, frame.destinationLow());
            assertEquals(destination, frame.sourceLow());
            assertEquals(payload, frame.payloadLength());
            assertEquals(each.getLong(0) >>> 16, buffer.getLong(MARGIN + 6) >>> 16, "MAC of the server");
            assertEquals(each.getLong(6) >>> 16, buffer.getLong(MARGIN) >>> 16, "MAC of the client");
        }
        assertTrue(good * 2 >= CapturedFrames.read("/ntp/" + capture + ".pcap").size(), capture + " " + good);
    }

    @Test
    void anAnswerThatIsTurnedTwiceIsTheRequestAgain() {
        for (ByteBuffer each : readable()) {
            ByteBuffer buffer = placed(each);
            assertTrue(frame.wrap(buffer, MARGIN, each.limit()));
            frame.turn(frame.payloadLength());
            frame.seal();
            byte[] once = octets(buffer);
            for (int i = 0; i < 2; i++) {
                assertTrue(frame.wrap(buffer, MARGIN, each.limit()));
                frame.turn(frame.payloadLength());
                frame.seal();
            }
            assertArrayEquals(once, octets(buffer));
        }
    }

    @Test
    void aSpoiledAnswerIsRefused() {
        for (ByteBuffer each : readable()) {
            ByteBuffer buffer = placed(each);
            assertTrue(frame.wrap(buffer, MARGIN, each.limit()));
            int length = frame.turn(frame.payloadLength());
            frame.seal();
            assertTrue(frame.wrap(buffer, MARGIN, length));
            frame.spoil();
            assertFalse(frame.wrap(buffer, MARGIN, length));
        }
    }

    /** The Internet checksum finds every error within 16 bits, so all of these are found. */
    @Test
    void aFrameWithAWrongOctetBehindTheMacAddressesIsNotRead() {
        SplittableRandom random = new SplittableRandom(7);
        int complete = 0;
        for (ByteBuffer each : readable()) {
            boolean ipv6 = each.getShort(12) == (short) 0x86dd;
            int udp = 14 + (ipv6 ? 40 : 20);
            int end = udp + (each.getShort(udp + 4) & 0xffff);
            if ((wordSum(each, ipv6 ? 22 : 26, end) + 17 + end - udp) % 0xffff != 0) {
                // Captured on its way out, before the card filled the checksum in.
                continue;
            }
            complete++;
            for (int at = 14; at < end; at++) {
                boolean unprotected = ipv6 && (at < 18 || at == 21);
                boolean mayMeanNoChecksum = at == udp + 6 || at == udp + 7;
                if (unprotected || mayMeanNoChecksum) {
                    continue;
                }
                ByteBuffer buffer = placed(each);
                buffer.put(MARGIN + at, (byte) (buffer.get(MARGIN + at) ^ 1 + random.nextInt(255)));
                assertFalse(frame.wrap(buffer, MARGIN, each.limit()), "octet " + at + " of " + each.limit());
            }
        }
        assertTrue(complete > 10, "frames with a checksum: " + complete);
    }

    @Test
    void aFrameThatIsCutOffIsNotRead() {
        for (ByteBuffer each : readable()) {
            ByteBuffer buffer = placed(each);
            int udp = 14 + (each.getShort(12) == (short) 0x86dd ? 40 : 20);
            int end = udp + (each.getShort(udp + 4) & 0xffff);
            for (int length = 0; length < end; length++) {
                assertFalse(frame.wrap(buffer, MARGIN, length), length + " of " + end);
            }
        }
    }

    @Test
    void mutatedFramesNeitherThrowNorReachBeyondThemselves() {
        SplittableRandom random = new SplittableRandom(11);
        List<ByteBuffer> good = readable();
        int read = 0;
        for (int round = 0; round < 500_000; round++) {
            ByteBuffer each = good.get(random.nextInt(good.size()));
            ByteBuffer buffer = placed(each);
            for (int change = random.nextInt(4); change >= 0; change--) {
                buffer.put(MARGIN + random.nextInt(each.limit()), (byte) random.nextInt());
            }
            int length = random.nextInt(8) == 0 ? random.nextInt(each.limit() + 1) : each.limit();
            if (frame.wrap(buffer, MARGIN, length)) {
                read++;
                assertTrue(frame.payloadStart() + frame.payloadLength() <= MARGIN + length);
                assertTrue(frame.turn(frame.payloadLength()) <= length);
                frame.seal();
            }
        }
        assertTrue(read > 1_000, "some changes are of the MAC addresses alone: " + read);
    }

    @Test
    void aShorterAnswerHasItsOwnLengthsAndChecksums() {
        for (ByteBuffer each : readable()) {
            ByteBuffer buffer = placed(each);
            assertTrue(frame.wrap(buffer, MARGIN, each.limit()));
            int length = frame.turn(frame.payloadLength() - 12);
            frame.seal();
            assertTrue(frame.wrap(buffer, MARGIN, length));
            assertFalse(frame.wrap(buffer, MARGIN, length - 1));
        }
    }

    @Test
    void aVlanTagStays() {
        ByteBuffer plain = readable().getFirst();
        ByteBuffer tagged = ByteBuffer.allocate(plain.limit() + 4);
        tagged.put(0, plain, 0, 12).putInt(12, 0x8100_0007).put(16, plain, 12, plain.limit() - 12);
        ByteBuffer buffer = placed(tagged);
        assertTrue(frame.wrap(buffer, MARGIN, tagged.limit()));
        int length = frame.turn(frame.payloadLength());
        frame.seal();
        assertTrue(frame.wrap(buffer, MARGIN, length));
        assertEquals(0x8100_0007, buffer.getInt(MARGIN + 12));
    }

    /** The kernel would refuse these sources; an answer would go to all, or to somebody who did not ask. */
    @Test
    void aSourceThatNoHostCanHaveIsNotRead() {
        ByteBuffer ipv4 = readable().stream()
                .filter(each -> each.getShort(12) == (short) 0x0800)
                .findFirst()
                .orElseThrow();
        for (String source : List.of("00000001", "7f000001", "e0000001", "f0000001", "ffffffff")) {
            assertFalse(isRead(ipv4, 26, source), source);
        }
        assertTrue(isRead(ipv4, 26, "c0000201"));
        ByteBuffer ipv6 = readable().stream()
                .filter(each -> each.getShort(12) == (short) 0x86dd)
                .findFirst()
                .orElseThrow();
        for (String source : List.of(
                "00000000000000000000000000000000",
                "00000000000000000000000000000001",
                "00000000000000000000ffffc0a80105",
                "ff020000000000000000000000000001")) {
            assertFalse(isRead(ipv6, 22, source), source);
        }
        assertTrue(isRead(ipv6, 22, "fd000000000000000000000000000005"));
        assertFalse(isRead(ipv4, 6, "01005e000101"), "a group's MAC");
    }

    /** Whether the frame is read with these octets in it, and checksums that fit. */
    private boolean isRead(ByteBuffer each, int at, String octets) {
        ByteBuffer buffer = placed(each);
        buffer.put(MARGIN + at, HexFormat.of().parseHex(octets));
        boolean ipv6 = each.getShort(12) == (short) 0x86dd;
        if (!ipv6) {
            buffer.putShort(MARGIN + 24, (short) 0);
            int sum = wordSum(buffer, MARGIN + 14, MARGIN + 34);
            buffer.putShort(MARGIN + 24, (short) ~((sum & 0xffff) + (sum >>> 16)));
            buffer.putShort(MARGIN + 40, (short) 0);
        } else {
            int end = 54 + (each.getShort(58) & 0xffff);
            buffer.putShort(MARGIN + 60, (short) 0);
            int sum = wordSum(buffer, MARGIN + 22, MARGIN + end) + 17 + end - 54;
            sum = (sum & 0xffff) + (sum >>> 16);
            buffer.putShort(MARGIN + 60, (short) ~((sum & 0xffff) + (sum >>> 16)));
        }
        return frame.wrap(buffer, MARGIN, each.limit());
    }

    @Test
    void ipv4MayLeaveTheChecksumOutAndIpv6MayNot() {
        for (ByteBuffer each : readable()) {
            boolean ipv6 = each.getShort(12) == (short) 0x86dd;
            ByteBuffer buffer = placed(each);
            buffer.putShort(MARGIN + 14 + (ipv6 ? 40 : 20) + 6, (short) 0);
            assertEquals(!ipv6, frame.wrap(buffer, MARGIN, each.limit()));
        }
    }

    /** Of addresses and datagram: 0 modulo 0xffff with the pseudo header's rest, when the checksum is right. */
    private static int wordSum(ByteBuffer each, int from, int to) {
        int sum = 0;
        for (int at = from; at < to; at++) {
            sum += (each.get(at) & 0xff) << ((at - from) % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    private List<ByteBuffer> readable() {
        List<ByteBuffer> good = new ArrayList<>();
        for (String capture : List.of("tcpdump/ntp-time", "zeek/ntp", "zeek/NTP-digest")) {
            for (ByteBuffer each : CapturedFrames.read("/ntp/" + capture + ".pcap")) {
                if (frame.wrap(placed(each), MARGIN, each.limit())) {
                    good.add(each);
                }
            }
        }
        assertTrue(good.stream().anyMatch(each -> each.getShort(12) == (short) 0x86dd));
        assertTrue(good.stream().anyMatch(each -> each.getShort(12) == (short) 0x0800));
        return good;
    }

    private static ByteBuffer placed(ByteBuffer each) {
        return ByteBuffer.allocate(each.limit() + 2 * MARGIN).put(MARGIN, each, 0, each.limit());
    }

    private static byte[] octets(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.limit()];
        buffer.get(0, octets);
        return octets;
    }
}
