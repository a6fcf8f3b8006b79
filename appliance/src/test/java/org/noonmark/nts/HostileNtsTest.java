package org.noonmark.nts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noonmark.ntp.Disposition;

/**
 * Good requests with NTS, of all algorithms, with octets changed, fields doubled, swapped or cut out, lengthened or cut, and some left as
 * they are. Say {@code -Dnoonmark.hostile=10000000} for more of them.
 */
class HostileNtsTest {
    private static final int PACKETS = Integer.getInteger("noonmark.hostile", 200_000);
    private static final int MOST = 1_152;

    private final SplittableRandom random = new SplittableRandom(8915);
    private final NtsServerSide server = new NtsServerSide();
    private final byte[][] good = new byte[64][];
    private final byte[] packet = new byte[MOST];
    private final byte[] before = new byte[MOST];
    private final byte[] answer = new byte[MOST];
    private final Map<Disposition, Integer> met = new EnumMap<>(Disposition.class);
    private int sealed;
    private int naks;

    @Test
    void neverThrowNeverGetALongerAnswerAndChangeNothing() {
        for (int i = 0; i < good.length; i++) {
            Aead aead = i % 2 == 0 ? Aead.AES_SIV_CMAC_256 : Aead.AES_SIV_CMAC_512;
            good[i] = server.client(aead).request(random.nextInt(aead == Aead.AES_SIV_CMAC_512 ? 3 : 8));
        }
        run(PACKETS / 2);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
        run(PACKETS / 2);
        long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
        // Each nonce of this one has keys of its own, so that it costs garbage, within a bound of its own
        // (NtsPacketsTest).
        for (int i = 0; i < good.length; i++) {
            good[i] = server.client(Aead.AES_128_GCM_SIV).request(random.nextInt(8));
        }
        run(PACKETS / 4);

        assertTrue(allocated < 1 << 16, allocated + " bytes for " + PACKETS / 2 + " packets");
        assertTrue(sealed > PACKETS / 100, sealed + " answers with NTS");
        assertTrue(naks > 100, naks + " told that their cookies are not known");
        for (Disposition some : List.of(
                Disposition.ANSWERED,
                Disposition.NTS_MALFORMED,
                Disposition.NTS_NOT_TOLD,
                Disposition.BAD_EXTENSION,
                Disposition.BAD_LENGTH,
                Disposition.TOO_SHORT,
                Disposition.NOT_A_REQUEST)) {
            assertTrue(met.getOrDefault(some, 0) > 0, () -> some + " was never met: " + met);
        }
    }

    private void run(int packets) {
        for (int i = 0; i < packets; i++) {
            server.nowNanos += random.nextInt(1_000_000);
            byte[] whole = good[random.nextInt(good.length)];
            int length = mutate(whole);
            System.arraycopy(packet, 0, before, 0, length);
            server.buffer.put(0, packet, 0, length);
            server.exchange
                    .datagram(server.buffer, 0, length, false)
                    .from(0, 0xffff_c0a8_0000L | random.nextInt(200), 1_024 + random.nextInt(64_000))
                    .to(0, 0xffff_c0a8_0001L, 123)
                    .receivedAt(server.nowNanos);
            Disposition disposition = server.responder.respond(server.exchange);
            count(disposition);
            if (disposition == Disposition.ANSWERED) {
                check(whole, length);
            } else {
                server.buffer.get(0, packet, 0, length);
                assertTrue(Arrays.equals(before, 0, length, packet, 0, length), "what is not answered is not touched");
            }
        }
    }

    private void check(byte[] whole, int length) {
        server.responder.stampTransmit(server.exchange, NtsServerSide.STRATUM_ONE, server.nowNanos + 5_000);
        int answerLength = server.exchange.packet().length();
        assertTrue(answerLength <= length);
        server.exchange.packet().copyTo(answer, answerLength);
        if (server.exchange.isSealed()) {
            sealed++;
            // The tag covers all that is in front of the authenticator, so none but the good ones can be here.
            assertEquals(whole.length, length);
            assertTrue(Arrays.equals(whole, 0, length, before, 0, length), "a changed request was taken for authentic");
        } else if (server.exchange.isNtsNak()) {
            naks++;
            assertEquals(0, answer[1]);
        }
    }

    /** Fills {@link #packet}; its length. */
    private int mutate(byte[] whole) {
        System.arraycopy(whole, 0, packet, 0, whole.length);
        int length = whole.length;
        switch (random.nextInt(8)) {
            case 0 -> {
                return length;
            }
            case 1 -> length = random.nextInt(MOST);
            case 2 -> length = copyField(length);
            case 3 -> length = cutField(length);
            default -> {
                for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                    // Types and lengths of fields as often as all else.
                    int at = random.nextBoolean() ? random.nextInt(length) : 48 + random.nextInt(40);
                    packet[at] =
                            (byte) (random.nextBoolean() ? random.nextInt(256) : packet[at] ^ 1 << random.nextInt(8));
                }
            }
        }
        if (random.nextInt(8) == 0) {
            packet[random.nextInt(48)] = (byte) random.nextInt(256);
        }
        return length;
    }

    private int field() {
        int at = 48;
        for (int skip = random.nextInt(4); skip > 0; skip--) {
            int next = at + NtsPackets.unsignedShort(packet, at + 2);
            at = next < MOST - 4 ? next : at;
        }
        return at;
    }

    private int copyField(int length) {
        int at = field();
        int fieldLength = Math.min(NtsPackets.unsignedShort(packet, at + 2), MOST - length);
        int to = random.nextBoolean() ? length : at;
        System.arraycopy(packet, at, packet, to, Math.min(fieldLength, MOST - Math.max(at, to)));
        return Math.min(MOST, length + (to == length ? fieldLength : 0));
    }

    private int cutField(int length) {
        int at = field();
        int fieldLength = Math.min(NtsPackets.unsignedShort(packet, at + 2), Math.max(0, length - at));
        System.arraycopy(packet, at + fieldLength, packet, at, Math.max(0, length - at - fieldLength));
        return length - fieldLength;
    }

    private void count(Disposition disposition) {
        Integer so = met.get(disposition);
        // Small numbers are not allocated; the large ones say nothing more.
        if (so == null || so < 100) {
            met.put(disposition, so == null ? 1 : so + 1);
        }
    }
}
