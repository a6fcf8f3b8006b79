package org.noonmark.ntp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noonmark.time.NtpTime;

/**
 * Good requests of every kind with some octets changed, or cut, or lengthened, from many addresses, at a server with keys and a limit.
 * Say {@code -Dnoonmark.hostile=10000000} for more of them.
 */
class HostilePacketsTest {
    private static final int PACKETS = Integer.getInteger("noonmark.hostile", 400_000);
    private static final long START = 1_800_000_000_000_000_000L;
    private static final int MOST = 200;
    private static final SystemVariables STRATUM_ONE =
            new SystemVariables(0, 1, -24, 0x47505300, NtpTime.ofUnixNanos(START), 0, 1_000, START, 0);
    private static final List<SymmetricKey> KEYS = List.of(
            new SymmetricKey(1, MacAlgorithm.MD5, new byte[20]),
            new SymmetricKey(2, MacAlgorithm.SHA512, new byte[20]),
            new SymmetricKey(3, MacAlgorithm.AES128, new byte[16]));

    private final SplittableRandom random = new SplittableRandom(5905);
    private final MacAuthenticator client = new MacAuthenticator(KEYS);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST);
    private final byte[] before = new byte[MOST];
    private final NtpPacket request = new NtpPacket(buffer, 0, 48);
    private final NtpExchange exchange = new NtpExchange();
    private final Map<Disposition, Integer> met = new EnumMap<>(Disposition.class);
    private long nowNanos = START;
    private long lastReceive;

    @Test
    void neverThrowNeverGetALongerAnswerAndLeaveNothingBehind() {
        AccessTable everyone = new AccessTable(List.of(AccessRule.everyone(true, false, "allow")));
        NtpResponder responder = new NtpResponder(
                () -> everyone,
                NtpOptions.PLAIN
                        .withKeys(KEYS)
                        .withRateLimit(new RateLimit(-4, 4, 2, 2))
                        .withCapacity(64),
                1);
        run(responder, PACKETS / 2);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
        run(responder, PACKETS / 2);
        long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;

        assertTrue(allocated < 1 << 16, allocated + " bytes for " + PACKETS / 2 + " packets");
        assertTrue(responder.clients().clients() <= 64);
        assertTrue(responder.stampsHeld() <= 64);
        for (Disposition some : List.of(
                Disposition.ANSWERED,
                Disposition.RATE_LIMITED,
                Disposition.AUTHENTICATION_FAILED,
                Disposition.UNKNOWN_KEY,
                Disposition.BAD_EXTENSION,
                Disposition.REFLECTION,
                Disposition.BAD_LENGTH)) {
            assertTrue(met.getOrDefault(some, 0) > 0, () -> some + " was never met: " + met);
        }
    }

    private void run(NtpResponder responder, int packets) {
        for (int i = 0; i < packets; i++) {
            nowNanos += random.nextInt(200_000);
            int length = request();
            buffer.get(0, before, 0, length);
            exchange.datagram(buffer, 0, length, false)
                    .from(0, 0xffff_c0a8_0000L | random.nextInt(200), random.nextInt(65_536))
                    .to(0, 0xffff_c0a8_0001L, 123)
                    .receivedAt(nowNanos);
            Disposition disposition = responder.respond(exchange);
            count(disposition);
            if (disposition == Disposition.ANSWERED) {
                responder.stampTransmit(exchange, STRATUM_ONE, nowNanos + 5_000);
                assertTrue(exchange.packet().length() <= length);
                lastReceive = exchange.packet().receiveTimestamp();
                responder.onTransmitStamp(lastReceive, nowNanos + 7_000);
            } else {
                assertUntouched(length);
            }
        }
    }

    /** Fills the buffer; octets of the packet. */
    private int request() {
        int version = 1 + random.nextInt(4);
        int keyId = random.nextInt(4);
        int length = 48 + (keyId == 0 ? 0 : client.macLength(keyId, version));
        request.wrap(buffer, 0, length);
        request.setLeapVersionMode(0, version, NtpPacket.MODE_CLIENT);
        request.setOriginTimestamp(random.nextBoolean() ? lastReceive : random.nextLong());
        request.setReceiveTimestamp(random.nextLong());
        request.setTransmitTimestamp(random.nextLong());
        if (keyId != 0) {
            client.sign(request, keyId);
        }
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            buffer.put(random.nextInt(MOST), (byte) random.nextInt(256));
        }
        return random.nextInt(4) == 0 ? random.nextInt(MOST) : length;
    }

    private void assertUntouched(int length) {
        for (int i = 0; i < length; i++) {
            if (buffer.get(i) != before[i]) {
                assertEquals(before[i], buffer.get(i), "octet " + i + " of a packet that is not answered");
            }
        }
    }

    private void count(Disposition disposition) {
        Integer so = met.get(disposition);
        // Small numbers are not allocated; the large ones say nothing more.
        if (so == null || so < 100) {
            met.put(disposition, so == null ? 1 : so + 1);
        }
    }
}
