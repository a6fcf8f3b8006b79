package org.noonmark.nts;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.NtpExchange;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.NtpTime;

/** A server with NTS for tests: octets in, octets out. */
final class NtsServerSide {
    static final long NOW = 1_800_000_000_123_456_789L;
    static final SystemVariables STRATUM_ONE =
            new SystemVariables(0, 1, -23, 0x47505300, NtpTime.ofUnixNanos(NOW), 0, 1_000, NOW, 0);

    final Random random = new Random(8915);
    CookieKeys keys = CookieKeys.first(random);
    final NtsSupply supply = new NtsSupply(() -> keys, random);
    final NtpExchange exchange = new NtpExchange();
    final NtpResponder responder;
    final ByteBuffer buffer = ByteBuffer.allocateDirect(1_536);
    long nowNanos = NOW;

    NtsServerSide() {
        this(NtpOptions.PLAIN);
    }

    NtsServerSide(NtpOptions options) {
        AccessTable everyone = new AccessTable(List.of(AccessRule.everyone(true, false, "allow")));
        responder = new NtpResponder(() -> everyone, options.withNts(supply), 1);
    }

    /** A client with cookies. */
    Client client(Aead aead) {
        byte[] c2s = bytes(aead.keyLength());
        byte[] s2c = bytes(aead.keyLength());
        return new Client(aead, c2s, s2c);
    }

    final class Client {
        final byte[] c2s;
        final byte[] s2c;
        final NtsClient nts;
        final Aead aead;

        Client(Aead aead, byte[] c2s, byte[] s2c) {
            this.aead = aead;
            this.c2s = c2s;
            this.s2c = s2c;
            this.nts = new NtsClient(aead, c2s, s2c, random);
        }

        byte[] cookie() {
            return supply.cookies().seal(aead, c2s, s2c);
        }

        byte[] request(int placeholders) {
            return nts.request(cookie(), placeholders, random.nextLong());
        }
    }

    byte[] bytes(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    Disposition respond(byte[] request) {
        nowNanos += 20_000_000;
        buffer.put(0, request);
        exchange.datagram(buffer, 0, request.length, false)
                .from(0, 0xffff_c0a8_0007L, 40_000)
                .to(0, 0xffff_c0a8_0001L, 123)
                .receivedAt(nowNanos);
        return responder.respond(exchange);
    }

    /** The answer to a request that is answered. */
    byte[] answer(byte[] request) {
        Disposition disposition = respond(request);
        if (disposition != Disposition.ANSWERED) {
            throw new AssertionError(disposition.toString());
        }
        responder.stampTransmit(exchange, STRATUM_ONE, nowNanos + 5_000);
        byte[] answer = new byte[exchange.packet().length()];
        exchange.packet().copyTo(answer, answer.length);
        assertTrue(answer.length <= request.length);
        return answer;
    }

    static int uniqueIdentifierEnd() {
        return 48 + 36;
    }

    static byte[] insert(byte[] packet, int at, byte[] field) {
        byte[] longer = Arrays.copyOf(packet, packet.length + field.length);
        System.arraycopy(packet, at, longer, at + field.length, packet.length - at);
        System.arraycopy(field, 0, longer, at, field.length);
        return longer;
    }

    static byte[] field(int type, int length) {
        byte[] field = new byte[length];
        NtsPackets.setField(field, 0, type, length);
        return field;
    }
}
