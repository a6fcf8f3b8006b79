package org.noonmark.ntp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.noonmark.time.NtpTime;

/** The server's side of RFC 9769, rule by rule. */
class InterleavedModeTest {
    private static final long START = 1_800_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final int PRECISION = -25;
    private static final long QUANTUM = 1L << (32 + PRECISION);
    private static final SystemVariables STRATUM_ONE =
            new SystemVariables(0, 1, PRECISION, 0x47505300, NtpTime.ofUnixNanos(START), 0, 1_000, START, 0);
    private static final AccessTable EVERYONE = new AccessTable(List.of(AccessRule.everyone(true, false, "allow")));

    private final NtpResponder responder = new NtpResponder(() -> EVERYONE, NtpOptions.PLAIN, 1);
    private final NtpExchange exchange = new NtpExchange();
    private SystemVariables system = STRATUM_ONE;
    private long nowNanos = START;

    /** As chrony's client: origin is the server's last receive stamp, receive is when its last answer came. */
    @Test
    void theThirdAnswerIsTheFirstThatTellsWhenTheOneBeforeLeft() {
        long[] first = ask(4, 0, 0, 1001);
        assertFalse(exchange.isInterleaved());
        assertFalse(exchange.keepsStamps(), "nothing is kept of a client that asks for the first time");

        long[] second = ask(4, first[1], 501, 1002);
        assertFalse(exchange.isInterleaved());
        assertTrue(exchange.keepsStamps());
        assertEquals(1002, second[0], "a basic answer brings back the transmit stamp");
        long left = leave(second[1], 7_000);

        long[] third = ask(4, second[1], 502, 1003);
        assertTrue(exchange.isInterleaved());
        assertEquals(502, third[0], "an interleaved answer brings back the receive stamp");
        assertEquals(quanta(NtpTime.ofUnixNanos(left)), quanta(third[2]));
        assertEquals(quanta(NtpTime.ofUnixNanos(nowNanos)), quanta(third[1]), "T2 is that of this request");
        assertEquals(1, exchange.packet().stratum());
        leave(third[1], 9_000);

        ask(4, third[1], 503, 1004);
        assertTrue(exchange.isInterleaved());
    }

    @Test
    void aPairServesOnce() {
        long receive = keptPair();
        assertTrue(asked(4, receive, 502, 1003));
        assertFalse(asked(4, receive, 503, 1004));
    }

    @Test
    void withoutTheKernelsStampTheAnswerIsBasic() {
        long receive = ask(4, ask(4, 0, 0, 1001)[1], 501, 1002)[1];
        assertFalse(asked(4, receive, 502, 1003));
        assertEquals(1003, exchange.packet().originTimestamp());
    }

    @Test
    void aStampThatCannotBeOfThatAnswerIsNotUsed() {
        for (long after : new long[] {-1, -SECOND, SECOND + 1_000_000, 3_600 * SECOND}) {
            long receive = ask(4, ask(4, 0, 0, 1001)[1], 501, 1002)[1];
            leave(receive, after);
            assertFalse(asked(4, receive, 502, 1003), "left " + after + " ns after the request came");
        }
    }

    @Test
    void equalStampsInTheRequestAskForABasicAnswer() {
        assertFalse(asked(4, keptPair(), 777, 777));
        assertFalse(exchange.keepsStamps());
    }

    @Test
    void onlyVersionFourIsInterleaved() {
        for (int version = 1; version <= 3; version++) {
            assertFalse(asked(version, keptPair(), 502, 1003));
            assertFalse(exchange.keepsStamps());
        }
        assertTrue(asked(4, keptPair(), 502, 1003));
    }

    @Test
    void aTransmitStampThatComesBackIsThatOfABasicClient() {
        long[] first = ask(4, 0, 0, 1001);
        ask(4, first[2], 501, 1002);
        assertFalse(exchange.keepsStamps());
        assertEquals(0, responder.stampsHeld());
    }

    @Test
    void anotherClientThatKnowsTheStampGetsABasicAnswer() {
        long receive = keptPair();
        exchange.from(0, 0xffff_c0a8_0063L, 40_000);
        assertFalse(askedFrom(0xffff_c0a8_0063L, receive, 502, 1003));
        assertTrue(asked(4, receive, 502, 1003));
    }

    @Test
    void whileTheTimeIsNotProvenAnswersAreBasic() {
        long receive = keptPair();
        system = SystemVariables.unsynchronised(PRECISION);
        assertFalse(asked(4, receive, 502, 1003));
        assertEquals(3, exchange.packet().leapIndicator());
        assertEquals(1003, exchange.packet().originTimestamp());
    }

    @Test
    void whatWasStampedBeforeAStepIsForgotten() {
        long receive = keptPair();
        responder.forgetStamps();
        assertFalse(asked(4, receive, 502, 1003));
    }

    @Test
    void theAnswerIsNeverOneThatItsOriginOrReceiveStampMakesAmbiguous() {
        // The client's receive stamp is the very stamp that would be told: a basic answer instead.
        long[] second = ask(4, ask(4, 0, 0, 1001)[1], 501, 1002);
        responder.onTransmitStamp(second[1], nowNanos + 5_000);
        long told = interleavedTransmit(second[1]);
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            nowNanos += random.nextInt(3);
            long[] answer =
                    ask(4, random.nextBoolean() ? told | 1 : 0, random.nextLong(), NtpTime.ofUnixNanos(nowNanos));
            assertNotEquals(answer[1], answer[2]);
            assertNotEquals(answer[0], answer[2]);
            assertNotEquals(answer[0], answer[1]);
            assertEquals(1, answer[1] & 1);
            assertEquals(0, answer[2] & 1);
        }
    }

    @Test
    void bitsBelowThePrecisionAreRandom() {
        long varied = 0;
        long first = 0;
        for (int i = 0; i < 200; i++) {
            long receive = keptPair();
            asked(4, receive, 502, 1003);
            assertTrue(exchange.isInterleaved());
            long transmit = exchange.packet().transmitTimestamp() - NtpTime.ofUnixNanos(nowNanos - SECOND);
            first = i == 0 ? transmit : first;
            varied |= transmit ^ first;
        }
        assertNotEquals(0, varied & (QUANTUM - 2));
    }

    @Test
    void aMacIsMadeOverTheInterleavedAnswer() {
        SymmetricKey key = new SymmetricKey(1, MacAlgorithm.AES128, new byte[16]);
        NtpResponder keyed = new NtpResponder(() -> EVERYONE, NtpOptions.PLAIN.withKeys(List.of(key)), 1);
        MacAuthenticator client = new MacAuthenticator(List.of(key));
        long origin = 0;
        for (int i = 0; i < 3; i++) {
            ByteBuffer buffer = ByteBuffer.allocate(68);
            NtpPacket packet = new NtpPacket(buffer, 0, 68);
            fill(packet, 4, origin, 500 + i, 1000 + i);
            client.sign(packet, 1);
            exchange.datagram(buffer, 0, 68, false)
                    .from(0, 1L << 40, 4_000)
                    .to(0, 5, 123)
                    .receivedAt(nowNanos);
            assertEquals(Disposition.ANSWERED, keyed.respond(exchange));
            keyed.stampTransmit(exchange, system, nowNanos + 10_000);
            assertEquals(i == 2, exchange.isInterleaved());
            assertEquals(Disposition.ANSWERED, client.verify(exchange.packet(), 48));
            origin = exchange.packet().receiveTimestamp();
            keyed.onTransmitStamp(origin, nowNanos + 12_000);
            nowNanos += SECOND;
        }
    }

    /** What lies above the precision. */
    private static long quanta(long stamp) {
        return Math.floorDiv(stamp, QUANTUM);
    }

    /** Asks twice and sees the second answer leave; its receive stamp. */
    private long keptPair() {
        long[] second = ask(4, ask(4, 0, 0, 1001)[1], 501, 1002);
        leave(second[1], 7_000);
        return second[1];
    }

    private boolean asked(int version, long origin, long receive, long transmit) {
        ask(version, origin, receive, transmit);
        return exchange.isInterleaved();
    }

    private boolean askedFrom(long address, long origin, long receive, long transmit) {
        ask(address, 4, origin, receive, transmit);
        return exchange.isInterleaved();
    }

    private long interleavedTransmit(long receive) {
        assertTrue(asked(4, receive, 502, 1003));
        return exchange.packet().transmitTimestamp();
    }

    /** The answer with this receive stamp leaves so long after its request came; by the served clock. */
    private long leave(long receive, long afterNanos) {
        long left = nowNanos + afterNanos;
        responder.onTransmitStamp(receive, left);
        return left;
    }

    private long[] ask(int version, long origin, long receive, long transmit) {
        return ask(0xffff_c0a8_0001L, version, origin, receive, transmit);
    }

    /** Origin, receive and transmit stamp of the answer to a request with these, a second after the one before. */
    private long[] ask(long address, int version, long origin, long receive, long transmit) {
        nowNanos += SECOND;
        ByteBuffer buffer = ByteBuffer.allocate(48);
        fill(new NtpPacket(buffer, 0, 48), version, origin, receive, transmit);
        exchange.datagram(buffer, 0, 48, false)
                .from(0, address, 40_000)
                .to(0, 0xffff_c0a8_0002L, 123)
                .receivedAt(nowNanos);
        assertEquals(Disposition.ANSWERED, responder.respond(exchange));
        responder.stampTransmit(exchange, system, nowNanos + 5_000);
        NtpPacket answer = exchange.packet();
        return new long[] {answer.originTimestamp(), answer.receiveTimestamp(), answer.transmitTimestamp()};
    }

    private static void fill(NtpPacket packet, int version, long origin, long receive, long transmit) {
        packet.setLeapVersionMode(0, version, NtpPacket.MODE_CLIENT);
        packet.setOriginTimestamp(origin);
        packet.setReceiveTimestamp(receive);
        packet.setTransmitTimestamp(transmit);
    }
}
