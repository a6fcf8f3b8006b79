package org.noonmark.app;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;

/** One question to an NTP server as an SNTP client puts it (RFC 4330): to see what clients see. */
public final class NtpQuery {
    private static final int HEADER = 48;
    private static final byte VERSION_4_CLIENT = 0x23;
    private static final int TIMEOUT_MILLIS = 500;
    private static final SecureRandom RANDOM = new SecureRandom();

    private NtpQuery() {}

    /** What the answer's header says. */
    public record Answer(int leapIndicator, int stratum) {
        /** Whether it says that its time is proven. */
        public boolean isSynchronised() {
            return leapIndicator != 3 && stratum >= 1 && stratum <= 15;
        }
    }

    /** Asks once; empty when no answer to this very question came in half a second. */
    public static Optional<Answer> ask(InetSocketAddress server) throws IOException {
        byte[] request = new byte[HEADER];
        request[0] = VERSION_4_CLIENT;
        long nonce = RANDOM.nextLong();
        ByteBuffer.wrap(request).putLong(40, nonce);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.send(new DatagramPacket(request, HEADER));
            DatagramPacket reply = new DatagramPacket(new byte[HEADER], HEADER);
            socket.receive(reply);
            ByteBuffer header = ByteBuffer.wrap(reply.getData());
            boolean ours = reply.getLength() == HEADER && header.getLong(24) == nonce && (header.get(0) & 7) == 4;
            return ours ? Optional.of(new Answer(header.get(0) >> 6 & 3, header.get(1) & 0xff)) : Optional.empty();
        } catch (SocketTimeoutException | SocketException e) {
            return Optional.empty();
        }
    }
}
