package org.noonmark.ntp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.noonmark.time.NtpShort;
import org.noonmark.time.NtpTime;

class NtpResponderTest {
    private static final long RECEIVED = 1_800_000_000_123_456_789L;
    private static final long SENT = RECEIVED + 11_000;
    private static final long CLIENT_STAMP = 0xeead_295f_7881_2801L;
    private static final long LOOPBACK = 0xffff_7f00_0001L;
    private static final int PRECISION = -23;
    private static final long QUANTUM = 1L << (32 + PRECISION);
    private static final SystemVariables STRATUM_ONE = new SystemVariables(
            1,
            1,
            PRECISION,
            SystemVariables.asciiReferenceId("GPS"),
            NtpTime.ofUnixNanos(RECEIVED - 400_000_000),
            15_000,
            2_345,
            RECEIVED - 400_000_000,
            1_000);

    private final NtpResponder responder =
            new NtpResponder(table(List.of(AccessRule.everyone(true, false, "allow"))), NtpOptions.PLAIN, 1);
    private final NtpExchange exchange = new NtpExchange();

    @Test
    void everyRequestIsJudgedByTheTableOfItsMoment() {
        AtomicReference<AccessTable> table = new AtomicReference<>(new AccessTable(List.of()));
        NtpResponder following = new NtpResponder(table::get, NtpOptions.PLAIN, 1);

        exchange.datagram(request(4, 3, 48), 0, 48, false)
                .from(0, LOOPBACK, 40_000)
                .to(0, LOOPBACK, 123);
        assertEquals(Disposition.DENIED, following.respond(exchange));
        table.set(new AccessTable(List.of(AccessRule.everyone(true, false, "allow"))));
        assertEquals(Disposition.ANSWERED, following.respond(exchange));
    }

    @Test
    void fillsEveryFieldOfAVersionFourAnswer() {
        NtpPacket answer = answer(request(4, 3, 48), STRATUM_ONE);
        assertEquals(48, answer.length());
        assertEquals(1, answer.leapIndicator());
        assertEquals(4, answer.version());
        assertEquals(NtpPacket.MODE_SERVER, answer.mode());
        assertEquals(1, answer.stratum());
        assertEquals(6, answer.poll());
        assertEquals(PRECISION, answer.precision());
        assertEquals(1, answer.rootDelay());
        assertEquals(NtpShort.ceilOfNanos(STRATUM_ONE.rootDispersionNanos(SENT)), answer.rootDispersion());
        assertEquals(0x47505300, answer.referenceId());
        assertEquals(STRATUM_ONE.referenceTimestamp(), answer.referenceTimestamp());
        assertEquals(CLIENT_STAMP, answer.originTimestamp());
        assertStamp(RECEIVED, answer.receiveTimestamp());
        assertStamp(SENT, answer.transmitTimestamp());
    }

    @Test
    void rootDispersionGrowsWithAgeAndIsRoundedUp() {
        SystemVariables system = new SystemVariables(0, 1, PRECISION, 1, 0, 0, 1, RECEIVED - 10_000_000_000L, 5_000);
        NtpPacket answer = answer(request(4, 3, 48), system);
        // 10 s at 5 ppm are 50 us: 3.28 units of 2^-16 s.
        assertEquals(4, answer.rootDispersion());
    }

    @Test
    void saysUnsynchronisedUntilTimeIsProven() {
        NtpPacket answer = answer(request(4, 3, 48), SystemVariables.unsynchronised(PRECISION));
        assertEquals(3, answer.leapIndicator());
        assertEquals(0, answer.stratum());
        assertEquals(0, answer.referenceId());
        assertEquals(0, answer.referenceTimestamp());
        assertEquals(CLIENT_STAMP, answer.originTimestamp());
    }

    @Test
    void echoesEachVersionAndAnswersPeersPassively() {
        for (int version = 1; version <= 4; version++) {
            assertEquals(version, answer(request(version, 3, 48), STRATUM_ONE).version());
        }
        assertEquals(
                NtpPacket.MODE_SYMMETRIC_PASSIVE,
                answer(request(4, 1, 48), STRATUM_ONE).mode());
        assertEquals(
                NtpPacket.MODE_SERVER, answer(request(1, 0, 48), STRATUM_ONE).mode());
    }

    @Test
    void modeZeroOfVersionOneFromAServersPortIsNotAnswered() {
        assertEquals(Disposition.NOT_A_REQUEST, respond(request(1, 0, 48), 123));
        assertEquals(Disposition.NOT_A_REQUEST, respond(request(4, 0, 48), 40_000));
    }

    @Test
    void keepsTheClientsPollWithinTheProtocolsRange() {
        for (int[] askedAndSaid : new int[][] {{-6, 0}, {0, 0}, {6, 6}, {17, 17}, {100, 17}}) {
            ByteBuffer request = request(4, 3, 48).put(2, (byte) askedAndSaid[0]);
            assertEquals(askedAndSaid[1], answer(request, STRATUM_ONE).poll());
        }
    }

    @Test
    void refusesWhatIsNoRequest() {
        for (int mode : new int[] {2, 4, 5}) {
            assertEquals(Disposition.NOT_A_REQUEST, respond(request(4, mode, 48), 40_000));
        }
        for (int version = 0; version <= 7; version++) {
            assertEquals(Disposition.CONTROL_MODE, respond(request(version, 6, 48), 40_000));
            assertEquals(Disposition.CONTROL_MODE, respond(request(version, 7, 12), 40_000));
        }
        for (int version : new int[] {0, 5, 6, 7}) {
            assertEquals(Disposition.UNSUPPORTED_VERSION, respond(request(version, 3, 48), 40_000));
        }
        assertEquals(Disposition.TOO_SHORT, respond(request(4, 3, 47), 40_000));
        assertEquals(Disposition.TOO_SHORT, respond(request(4, 3, 0), 40_000));
        assertEquals(Disposition.BAD_LENGTH, respond(request(4, 3, 50), 40_000));
    }

    @Test
    void refusesForgedSources() {
        assertEquals(Disposition.UNUSABLE_SOURCE, respond(request(4, 3, 48), 0));
        exchange.datagram(request(4, 3, 48), 0, 48, false)
                .from(0, LOOPBACK, 123)
                .to(0, LOOPBACK, 123)
                .receivedAt(RECEIVED);
        assertEquals(Disposition.UNUSABLE_SOURCE, responder.respond(exchange));
    }

    @Test
    void refusesToAnswerPortsOfServices() {
        for (int port : new int[] {1, 7, 19, 53, 122, 161, 389, 1900, 5353, 11_211}) {
            assertEquals(Disposition.REFLECTION, respond(request(4, 3, 48), port));
        }
        for (int port : new int[] {123, 124, 600, 1_024, 40_000, 65_535}) {
            assertEquals(Disposition.ANSWERED, respond(request(4, 3, 48), port));
        }
    }

    /** Linux takes such datagrams; the answer would go to whom the address belongs. */
    @Test
    void anIpv6DatagramFromAnIpv4AddressIsRefused() {
        exchange.datagram(request(4, 3, 48), 0, 48, false)
                .from(0, LOOPBACK, 40_000)
                .to(0xfe80_0000_0000_0000L, 1, 123)
                .receivedAt(RECEIVED);
        assertEquals(Disposition.UNUSABLE_SOURCE, responder.respond(exchange));
    }

    @Test
    void aboveTheLimitRequestsAreRefusedAndThePollIsTheLimits() {
        NtpResponder limited = new NtpResponder(
                table(List.of(AccessRule.everyone(true, false, "allow"))),
                NtpOptions.PLAIN.withRateLimit(new RateLimit(8, 2, 4, 0)),
                1);
        int answered = 0;
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            exchange.datagram(request(4, 3, 48), 0, 48, false)
                    .from(0, LOOPBACK, 40_000)
                    .to(0, LOOPBACK, 123)
                    .receivedAt(RECEIVED + i);
            if (limited.respond(exchange) == Disposition.ANSWERED) {
                answered++;
                assertEquals(8, exchange.packet().poll());
            } else {
                refused++;
            }
        }
        assertEquals(1_000, answered + refused);
        assertEquals(1_000 / 16.0, answered, 30);
        assertEquals(refused, limited.clients().records().getFirst().limited());
    }

    @Test
    void aKissOfDeathSaysRateAndIsNoTime() {
        NtpResponder limited = new NtpResponder(
                table(List.of(AccessRule.everyone(true, false, "allow"))),
                NtpOptions.PLAIN.withRateLimit(new RateLimit(8, 1, 4, 1)),
                1);
        int kisses = 0;
        for (int i = 0; i < 200; i++) {
            exchange.datagram(request(4, 3, 48), 0, 48, false)
                    .from(0, LOOPBACK, 40_000)
                    .to(0, LOOPBACK, 123)
                    .receivedAt(RECEIVED + i);
            if (limited.respond(exchange) == Disposition.ANSWERED) {
                limited.stampTransmit(exchange, STRATUM_ONE, SENT);
                NtpPacket answer = exchange.packet();
                assertEquals(CLIENT_STAMP, answer.originTimestamp());
                if (answer.referenceId() == SystemVariables.asciiReferenceId("RATE")) {
                    kisses++;
                    assertEquals(3, answer.leapIndicator());
                    assertEquals(0, answer.stratum());
                    assertEquals(4, answer.mode());
                    assertEquals(8, answer.poll());
                } else {
                    assertEquals(1, answer.stratum());
                }
            }
        }
        assertTrue(kisses > 50, "kisses " + kisses);
    }

    @Test
    void refusesATruncatedDatagram() {
        exchange.datagram(request(4, 3, 48), 0, 48, true)
                .from(0, LOOPBACK, 40_000)
                .to(0, LOOPBACK, 123);
        assertEquals(Disposition.TOO_LONG, responder.respond(exchange));
    }

    @Test
    void accessComesBeforeEverything() {
        NtpResponder closed = new NtpResponder(table(List.of()), NtpOptions.PLAIN, 1);
        exchange.datagram(request(4, 6, 12), 0, 12, false).from(0, LOOPBACK, 0).to(0, LOOPBACK, 123);
        assertEquals(Disposition.DENIED, closed.respond(exchange));
    }

    @Test
    void skipsWellFormedExtensionFieldsAndDoesNotReturnThem() {
        ByteBuffer request = request(4, 3, 48 + 16 + 28);
        field(request, 48, 0xf323, 16);
        field(request, 64, 0x0002, 28);
        NtpPacket answer = answer(request, STRATUM_ONE);
        assertEquals(48, answer.length());
        assertEquals(CLIENT_STAMP, answer.originTimestamp());
    }

    @Test
    void refusesMalformedExtensionFields() {
        for (int fieldLength : new int[] {0, 4, 12, 15, 30, 36, 0xffff}) {
            ByteBuffer request = request(4, 3, 48 + 32);
            field(request, 48, 0x2222, fieldLength);
            assertEquals(Disposition.BAD_EXTENSION, respond(request, 40_000), "length " + fieldLength);
        }
        assertEquals(Disposition.BAD_EXTENSION, respond(request(4, 3, 56), 40_000));
    }

    @Test
    void refusesWhoWantsAnAuthenticatedAnswer() {
        // A MAC behind the header (MD5, SHA-1), a crypto-NAK, a MAC of version 3, one behind a field, an NTS field.
        assertEquals(Disposition.UNKNOWN_KEY, respond(request(4, 3, 68), 40_000));
        assertEquals(Disposition.UNKNOWN_KEY, respond(request(4, 3, 72), 40_000));
        assertEquals(Disposition.AUTHENTICATION_FAILED, respond(request(4, 3, 52), 40_000));
        assertEquals(Disposition.AUTHENTICATION_FAILED, respond(request(3, 3, 52), 40_000));
        assertEquals(Disposition.UNKNOWN_KEY, respond(request(3, 3, 48 + 68), 40_000));
        assertEquals(Disposition.BAD_EXTENSION, respond(request(3, 3, 60), 40_000));
        ByteBuffer macBehindField = request(4, 3, 48 + 16 + 20);
        field(macBehindField, 48, 0x2222, 16);
        assertEquals(Disposition.UNKNOWN_KEY, respond(macBehindField, 40_000));
        ByteBuffer nts = request(4, 3, 48 + 36 + 104);
        field(nts, 48, 0x0104, 36);
        field(nts, 84, 0x0204, 104);
        assertEquals(Disposition.NTS_MALFORMED, respond(nts, 40_000));
    }

    @Test
    void requestsToBeSignedByAWindowsDomainAreToldApart() {
        assertEquals(Disposition.MS_SNTP, respond(request(3, 3, 68).putInt(48, 1_105), 40_000));
        assertEquals(
                Disposition.MS_SNTP,
                respond(request(3, 3, 48 + 72).putInt(48, 1_105).putInt(52, 7), 40_000));
        // Version 4, or a digest that is not zero: a MAC.
        assertEquals(Disposition.UNKNOWN_KEY, respond(request(4, 3, 68).putInt(48, 1_105), 40_000));
        assertEquals(
                Disposition.UNKNOWN_KEY,
                respond(request(3, 3, 68).putInt(48, 1_105).putInt(64, 1), 40_000));
    }

    @Test
    void refusedRequestIsLeftAsItWas() {
        ByteBuffer request = request(4, 4, 48);
        respond(request, 40_000);
        assertEquals(request(4, 4, 48), request);
    }

    @Test
    void bitsBelowThePrecisionAreRandomAndTheRestIsTheClock() {
        long varied = 0;
        NtpPacket first = answer(request(4, 3, 48), STRATUM_ONE);
        long receive = first.receiveTimestamp();
        long transmit = first.transmitTimestamp();
        for (int i = 0; i < 200; i++) {
            NtpPacket answer = answer(request(4, 3, 48), STRATUM_ONE);
            assertStamp(RECEIVED, answer.receiveTimestamp());
            assertStamp(SENT, answer.transmitTimestamp());
            varied |= (answer.receiveTimestamp() ^ receive) | (answer.transmitTimestamp() ^ transmit);
        }
        assertEquals(QUANTUM - 2, varied);
    }

    @Test
    void transmitNeverPrecedesOrEqualsReceive() {
        for (long elapsedNanos : new long[] {0, 1, 60, 200, -1, -100, -900_000}) {
            for (int i = 0; i < 500; i++) {
                NtpPacket answer = answer(request(4, 3, 48), STRATUM_ONE, RECEIVED + elapsedNanos);
                assertTrue(answer.transmitTimestamp() - answer.receiveTimestamp() > 0);
                assertEquals(1, answer.stratum());
            }
        }
    }

    @Test
    void stampsAcrossAStepOfTheClockAreNotServedAsTime() {
        for (long elapsedNanos : new long[] {1_100_000_000L, 37_250_000_000L, -2_000_000L, -37_250_000_000L}) {
            NtpPacket answer = answer(request(4, 3, 48), STRATUM_ONE, RECEIVED + elapsedNanos);
            assertEquals(3, answer.leapIndicator(), "elapsed " + elapsedNanos);
            assertEquals(0, answer.stratum());
            assertEquals(0, answer.referenceId());
        }
    }

    @Test
    void answersAcrossTheEraBoundaryOf2036() {
        long boundary = (0x1_0000_0000L - NtpTime.UNIX_EPOCH_SECONDS) * 1_000_000_000L;
        exchange.datagram(request(4, 3, 48), 0, 48, false)
                .from(0, LOOPBACK, 40_000)
                .to(0, LOOPBACK, 123)
                .receivedAt(boundary - 5_000);
        responder.respond(exchange);
        responder.stampTransmit(exchange, STRATUM_ONE, boundary + 5_000);
        NtpPacket answer = exchange.packet();
        assertEquals(1, answer.stratum());
        assertEquals(-1, answer.receiveTimestamp() >> 32);
        assertEquals(0, answer.transmitTimestamp() >> 32);
    }

    @Test
    void mutatedRequestsNeverThrowAndNeverGrow() {
        long seed = 4711;
        Random random = new Random(seed);
        HexFormat hex = HexFormat.of();
        int answered = 0;
        for (int round = 0; round < 300_000; round++) {
            int length = random.nextInt(8) == 0 ? random.nextInt(120) : 48 + 4 * random.nextInt(20);
            byte[] octets = new byte[length];
            random.nextBytes(octets);
            if (length > 0 && random.nextInt(4) != 0) {
                octets[0] = (byte) (random.nextInt(4) << 6 | 4 << 3 | 3);
            }
            if (length >= 52) {
                octets[50] = 0;
                octets[51] = (byte) (4 * random.nextInt(32));
            }
            String before = hex.formatHex(octets);
            exchange.datagram(ByteBuffer.wrap(octets), 0, length, false)
                    .from(random.nextLong(), random.nextLong(), random.nextInt(65536))
                    .to(0, LOOPBACK, 123)
                    .receivedAt(RECEIVED);
            if (responder.respond(exchange) == Disposition.ANSWERED) {
                answered++;
                responder.stampTransmit(exchange, STRATUM_ONE, SENT);
                assertTrue(exchange.packet().length() <= length, before);
                assertTrue(exchange.packet().mode() == 4 || exchange.packet().mode() == 2, before);
            }
        }
        assertNotEquals(0, answered, "seed " + seed + " answers nothing: the test shows nothing");
    }

    private Disposition respond(ByteBuffer request, int sourcePort) {
        exchange.datagram(request, 0, request.limit(), false)
                .from(0, LOOPBACK, sourcePort)
                .to(0, LOOPBACK, 12_345)
                .receivedAt(RECEIVED);
        return responder.respond(exchange);
    }

    private NtpPacket answer(ByteBuffer request, SystemVariables system) {
        return answer(request, system, SENT);
    }

    private NtpPacket answer(ByteBuffer request, SystemVariables system, long sentNanos) {
        assertEquals(Disposition.ANSWERED, respond(request, 40_000));
        responder.stampTransmit(exchange, system, sentNanos);
        return exchange.packet();
    }

    /** The stamp is right but for what lies below the precision. */
    private static void assertStamp(long nanos, long stamp) {
        assertEquals(NtpTime.ofUnixNanos(nanos) / QUANTUM, stamp / QUANTUM);
    }

    private static ByteBuffer request(int version, int mode, int length) {
        ByteBuffer request = ByteBuffer.allocate(length);
        if (length > 0) {
            request.put(0, (byte) (3 << 6 | version << 3 | mode));
        }
        if (length >= 48) {
            request.put(2, (byte) 6)
                    .put(1, (byte) 9)
                    .putLong(16, 77)
                    .putLong(24, 88)
                    .putLong(32, 99);
            request.putLong(40, CLIENT_STAMP);
        }
        return request;
    }

    private static void field(ByteBuffer request, int at, int type, int length) {
        request.putShort(at, (short) type).putShort(at + 2, (short) length);
    }

    private static Supplier<AccessTable> table(List<AccessRule> rules) {
        AccessTable table = new AccessTable(rules);
        return () -> table;
    }
}
