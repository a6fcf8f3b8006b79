package org.noonmark.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noonmark.doctor.MachineFacts.Offer;

class DhcpQuestionTest {
    private static final int TRANSACTION = 0x12345678;

    @Test
    void theQuestionIsABroadcastDiscoverForOption42() {
        byte[] packet = DhcpQuestion.discover(new byte[] {2, 0, 0, 0, 0, 9}, TRANSACTION);
        assertTrue(packet.length >= 300);
        assertEquals("0101060012345678", hex(packet, 0, 8));
        assertEquals("8000", hex(packet, 10, 12));
        assertEquals("020000000009", hex(packet, 28, 34));
        assertEquals("63825363350101", hex(packet, 236, 243));
        assertTrue(hex(packet, 240, 280).contains("37040103062aff"), () -> hex(packet, 240, 280));
    }

    @Test
    void anOfferIsReadWithItsTimeServers() {
        byte[] packet = offer();
        assertEquals(
                Optional.of(new Offer("192.168.1.1", List.of("192.168.1.20", "192.168.1.21"))),
                DhcpQuestion.offer(packet, packet.length, TRANSACTION));
        assertEquals(Optional.empty(), DhcpQuestion.offer(packet, packet.length, TRANSACTION + 1));
        assertEquals(Optional.empty(), DhcpQuestion.offer(packet, 239, TRANSACTION));
    }

    @Test
    void noOctetsMakeItThrow() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] packet = offer();
            for (int n = random.nextInt(6); n >= 0; n--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(packet.length + 1);
            Optional<Offer> read = DhcpQuestion.offer(packet, length, TRANSACTION);
            assertTrue(read.isEmpty() || read.get().timeServers().size() <= 16);
        }
    }

    private static byte[] offer() {
        ByteBuffer packet = ByteBuffer.allocate(300);
        packet.put(0, (byte) 2).putInt(4, TRANSACTION).putInt(236, 0x63825363);
        packet.position(240).put(new byte[] {53, 1, 2, 54, 4, (byte) 192, (byte) 168, 1, 1, 0, 42, 8});
        packet.put(new byte[] {(byte) 192, (byte) 168, 1, 20, (byte) 192, (byte) 168, 1, 21, (byte) 255});
        return packet.array();
    }

    private static String hex(byte[] bytes, int from, int to) {
        return HexFormat.of().formatHex(Arrays.copyOfRange(bytes, from, to));
    }
}
