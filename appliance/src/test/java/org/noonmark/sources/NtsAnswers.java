package org.noonmark.sources;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.NtpExchange;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.nts.Aead;
import org.noonmark.nts.CookieKeys;
import org.noonmark.nts.NtsSupply;
import org.noonmark.time.NtpTime;

/** An NTS server without a network: our own responder. */
final class NtsAnswers {
    private final Random random = new Random(8915);
    private CookieKeys keys = CookieKeys.first(random);
    private final NtsSupply supply = new NtsSupply(() -> keys, random);
    private final NtpExchange exchange = new NtpExchange();
    private final NtpResponder responder;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1_536);

    NtsAnswers() {
        AccessTable everyone = new AccessTable(List.of(AccessRule.everyone(true, false, "allow")));
        responder = new NtpResponder(() -> everyone, NtpOptions.PLAIN.withNts(supply), 1);
    }

    /** What a client gets that establishes keys. */
    NtsKeys establish(Aead aead) {
        byte[] c2s = new byte[aead.keyLength()];
        byte[] s2c = new byte[aead.keyLength()];
        random.nextBytes(c2s);
        random.nextBytes(s2c);
        List<byte[]> cookies = new ArrayList<>();
        for (int i = 0; i < CookieStore.MOST_COOKIES; i++) {
            cookies.add(supply.cookies().seal(aead, c2s, s2c));
        }
        return new NtsKeys(aead, c2s, s2c, cookies, Optional.empty(), 0, 0);
    }

    /** The server has lost its keys: no cookie opens any more. */
    void loseKeys() {
        keys = CookieKeys.first(random);
    }

    /** The answer at {@code nowNanos}; empty when there is none. */
    byte[] answer(byte[] request, long nowNanos) {
        buffer.put(0, request);
        exchange.datagram(buffer, 0, request.length, false)
                .from(0, 0xffff_c0a8_0007L, 40_000)
                .to(0, 0xffff_c0a8_0001L, 123)
                .receivedAt(nowNanos);
        if (responder.respond(exchange) != Disposition.ANSWERED) {
            return new byte[0];
        }
        SystemVariables system =
                new SystemVariables(0, 1, -23, 0x47505300, NtpTime.ofUnixNanos(nowNanos), 0, 1_000, nowNanos, 0);
        responder.stampTransmit(exchange, system, nowNanos + 5_000);
        byte[] answer = new byte[exchange.packet().length()];
        exchange.packet().copyTo(answer, answer.length);
        return answer;
    }
}
