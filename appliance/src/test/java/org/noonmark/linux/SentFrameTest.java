package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentFrameTest {
    private static final String ETHERNET = "b827eb000001b827eb000002";
    private static final String IPV4 = "4500004c0000400040110000c0a80001c0a80002";
    private static final String IPV4_OPTIONS = "460000500000400040110000c0a80001c0a8000294040000";
    private static final String IPV6 =
            "6000000000381140fd000000000000000000000000000001fd000000000000000000000000000002";
    private static final String UDP = "007bc00000380000";

    @ParameterizedTest
    @CsvSource({
        ETHERNET + "0800" + IPV4 + ", 42",
        ETHERNET + "0800" + IPV4_OPTIONS + ", 46",
        ETHERNET + "86dd" + IPV6 + ", 62",
        ETHERNET + "8100000a0800" + IPV4 + ", 46",
        ETHERNET + "8100000a86dd" + IPV6 + ", 66",
        IPV4 + ", 28",
        IPV6 + ", 48"
    })
    void findsTheDatagramBehindItsHeaders(String headers, int payload) {
        ByteBuffer frame = frame(headers + UDP);
        assertEquals(100 + payload, SentFrame.payloadStart(frame, 100, frame.limit() - 100, 123));
        assertEquals(-1, SentFrame.payloadStart(frame, 100, frame.limit() - 100, 124), "another port");
        assertEquals(-1, SentFrame.payloadStart(frame, 100, payload + 47, 123), "a header that is cut off");
    }

    @Test
    void neverReadsBeyondTheFrame() {
        Random random = new Random(802);
        for (int round = 0; round < 200_000; round++) {
            byte[] octets = new byte[random.nextInt(150)];
            random.nextBytes(octets);
            if (octets.length > 24) {
                octets[14] = (byte) (random.nextBoolean() ? 0x40 | random.nextInt(16) : 0x60);
                octets[random.nextBoolean() ? 20 : 23] = 17;
            }
            int start = SentFrame.payloadStart(ByteBuffer.wrap(octets), 0, octets.length, random.nextInt(65_536));
            assertTrue(start < 0 || start <= octets.length - 48);
        }
    }

    private static ByteBuffer frame(String headers) {
        byte[] octets = HexFormat.of().parseHex(headers);
        ByteBuffer frame = ByteBuffer.allocate(100 + octets.length + 48);
        return frame.put(100, octets);
    }
}
