package org.noonmark.rig;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/** One question to an NTP server (RFC 5905), with this machine's clock for the client's stamps. */
final class NtpQuestion {
    private static final int HEADER = 48;
    private static final byte VERSION_4_CLIENT = 0x23;
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final long SECOND = 1_000_000_000L;
    private static final long FROM_1900_TO_1970 = 2_208_988_800L;
    private static final SecureRandom RANDOM = new SecureRandom();

    private NtpQuestion() {}

    /**
     * What the server said.
     *
     * @param rootDistanceNanos root dispersion and half the root delay
     * @param offsetNanos the server's clock minus this machine's, known to half of {@code roundTripNanos}
     */
    record Answer(int leapIndicator, int stratum, long rootDistanceNanos, long offsetNanos, long roundTripNanos) {
        boolean isSynchronised() {
            return leapIndicator != 3 && stratum >= 1 && stratum <= 15;
        }
    }

    /**
     * Asks once.
     *
     * @throws IOException when no answer to this very question comes within two seconds
     */
    static Answer ask(InetSocketAddress server) throws IOException {
        byte[] request = new byte[HEADER];
        request[0] = VERSION_4_CLIENT;
        long nonce = RANDOM.nextLong();
        ByteBuffer.wrap(request).putLong(40, nonce);
        ByteBuffer reply = ByteBuffer.allocate(HEADER);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
            long sent = nowNanos();
            socket.send(new DatagramPacket(request, HEADER));
            socket.receive(new DatagramPacket(reply.array(), HEADER));
            long received = nowNanos();
            if (reply.getLong(24) != nonce) {
                throw new IOException(server + " answered another question");
            }
            return answer(reply, sent, received);
        }
    }

    private static Answer answer(ByteBuffer reply, long sent, long received) {
        long arrived = unixNanos(reply.getLong(32));
        long left = unixNanos(reply.getLong(40));
        return new Answer(
                (reply.get(0) >> 6) & 3,
                reply.get(1) & 0xff,
                shortNanos(reply.getInt(8)) + shortNanos(reply.getInt(4)) / 2,
                (arrived - sent + (left - received)) / 2,
                received - sent - (left - arrived));
    }

    /** A stamp in the era of 1968 to 2104: the highest bit of the seconds tells which of the two eras that is (RFC 4330, section 3). */
    private static long unixNanos(long stamp) {
        long seconds = stamp >>> 32;
        long era = seconds >>> 31 == 0 ? 1L << 32 : 0;
        return (seconds + era - FROM_1900_TO_1970) * SECOND + (((stamp & 0xffff_ffffL) * SECOND) >>> 32);
    }

    private static long shortNanos(int interval) {
        return ((interval & 0xffff_ffffL) * SECOND) >> 16;
    }

    private static long nowNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * SECOND + now.getNano();
    }
}
