package org.noonmark.ntp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.noonmark.ntp.ClientTable.Verdict;

class ClientTableTest {
    private static final long MAPPED = 0xffff_0000_0000L;
    private static final long HOST = MAPPED | 0xc0a8_0001L;
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_800_000_000L * SECOND;
    /** chrony's defaults. */
    private static final RateLimit USUAL = new RateLimit(3, 8, 2, 0);

    private final NtpExchange exchange = new NtpExchange();
    private ClientTable table = new ClientTable(4096, Optional.empty(), 128, 42);
    private long nowNanos = START;

    @Test
    void countsAnAddressOnce() {
        for (int i = 0; i < 100; i++) {
            ask(0, HOST, false);
        }
        assertEquals(1, table.clients());
        assertEquals(100, only().requests());
    }

    @Test
    void tellsFamiliesAndAddressesApart() {
        ask(0, MAPPED | 0x0a00_0001, false);
        ask(0, MAPPED | 0x0a00_0002, false);
        ask(0x2001_0db8_0000_0000L, 1, false);
        ask(0x2001_0db8_0000_0001L, 1, false);
        assertEquals(4, table.clients());
        assertEquals(4, table.records().size());
    }

    @Test
    void ipv6NeighboursCanBeOneClientAndIpv4NeighboursNever() {
        table = new ClientTable(4096, Optional.empty(), 64, 42);
        for (long host = 0; host < 50; host++) {
            ask(0x2001_0db8_0000_0007L, host << 32 | host, false);
            ask(0, HOST + host, false);
        }
        assertEquals(51, table.clients());
        table = new ClientTable(4096, Optional.empty(), 56, 42);
        for (long net = 0; net < 512; net++) {
            ask(0x2001_0db8_0000_0000L + net, net, false);
        }
        assertEquals(2, table.clients());
    }

    @Test
    void remembersAWholeNetworkAlmostFully() {
        for (int host = 0; host < 1_000; host++) {
            ask(0, MAPPED | 0xc0a8_0000L | host, false);
        }
        assertTrue(table.clients() > 980, "clients " + table.clients());
    }

    @Test
    void aTableHalfFullForgetsNextToNobody() {
        table = new ClientTable(1024, Optional.empty(), 128, 42);
        for (int i = 0; i < 5_000; i++) {
            ask(0, MAPPED | 0xc0a8_0000L | i % 500, false);
        }
        assertTrue(table.clients() >= 499, "clients " + table.clients());
    }

    @Test
    void neverHoldsMoreThanItsCapacityAndSaysHowManyItForgot() {
        for (int i = 0; i < 1_000_000; i++) {
            ask(i * 0x1_0000_0001L, i, false);
        }
        assertTrue(table.clients() <= 4096, "clients " + table.clients());
        assertTrue(table.clients() > 2048, "clients " + table.clients());
        assertEquals(1_000_000, table.clients() + table.forgotten());
    }

    @Test
    void aClientThatAsksOnIsNotForgottenInAFlood() {
        SplittableRandom random = new SplittableRandom(6);
        for (int i = 0; i < 200_000; i++) {
            ask(0, MAPPED | (random.nextInt() & 0xffff_ffffL), false);
            if (i % 100 == 0) {
                ask(0, HOST, false);
            }
        }
        assertEquals(2_000, record(HOST).requests());
    }

    @Test
    void withoutRoomNobodyIsRememberedOrLimited() {
        table = new ClientTable(0, Optional.empty(), 128, 42);
        for (int i = 0; i < 100; i++) {
            assertEquals(Verdict.ANSWER, ask(0, HOST, false));
        }
        table.onInterleaved();
        wrongMac();
        assertEquals(0, table.clients());
        assertEquals(List.of(), table.records());
    }

    @Test
    void itsSizeIsAPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new ClientTable(100, Optional.empty(), 128, 1));
        assertEquals(2048, NtpOptions.capacityOf(524_288, 2));
        assertEquals(4, NtpOptions.capacityOf(0, 2));
        assertEquals(65_536, NtpOptions.capacityOf(16_777_216, 2));
        assertEquals(1024, NtpOptions.capacityOf(524_288, 4));
    }

    @Test
    void theRecordTellsTheClientsManner() {
        for (int i = 0; i < 40; i++) {
            nowNanos += 64 * SECOND;
            ask(0, HOST, true);
        }
        table.onInterleaved();
        ClientRecord record = only();
        assertEquals(HOST, record.low());
        assertEquals(40, record.requests());
        assertEquals(OptionalInt.of(6), record.intervalLog2Seconds());
        assertEquals(OptionalInt.empty(), record.limitedIntervalLog2Seconds());
        assertEquals(nowNanos, record.lastNanos());
        assertEquals(4, record.version());
        assertEquals(3, record.mode());
        assertTrue(record.authenticated() && record.interleaved());
        ask(0, HOST, false);
        assertFalse(only().authenticated() || only().interleaved());
    }

    @Test
    void wrongMacsAreCountedApart() {
        ask(0, HOST, true);
        wrongMac();
        wrongMac();
        assertEquals(3, only().requests());
        assertEquals(2, only().unauthenticated());
        assertEquals(0, only().limited());
    }

    @Test
    void intervalsFromMicrosecondsToDaysAreTold() {
        for (int log2 = -19; log2 <= 17; log2++) {
            table = new ClientTable(4, Optional.empty(), 128, 1);
            for (int i = 0; i < 30; i++) {
                nowNanos += (long) Math.scalb(1e9, log2);
                ask(0, HOST, false);
            }
            assertEquals(OptionalInt.of(log2), only().intervalLog2Seconds());
        }
    }

    @Test
    void aClockThatGoesBackHarmsNothing() {
        limit(USUAL);
        ask(0, HOST, false);
        nowNanos -= 1_000 * SECOND;
        for (int i = 0; i < 7; i++) {
            assertEquals(Verdict.ANSWER, ask(0, HOST, false));
        }
        assertEquals(8, only().requests());
    }

    @Test
    void theBurstIsAnsweredThenOneInEachInterval() {
        limit(USUAL);
        for (int i = 0; i < 8; i++) {
            assertEquals(Verdict.ANSWER, ask(0, HOST, false));
        }
        // What is asked once in an interval is always answered.
        for (int i = 0; i < 1_000; i++) {
            nowNanos += 8 * SECOND;
            assertEquals(Verdict.ANSWER, ask(0, HOST, false));
        }
        assertEquals(0, only().limited());
        // After a pause the burst is there again.
        nowNanos += 64 * SECOND;
        for (int i = 0; i < 8; i++) {
            assertEquals(Verdict.ANSWER, ask(0, HOST, false));
        }
    }

    /** chrony.conf(5): "on average at least every fourth request has a response". */
    @Test
    void aboveTheLimitOneInFourLeaks() {
        for (int leak = 1; leak <= 4; leak++) {
            limit(new RateLimit(3, 8, leak, 0));
            double share = shareAnswered(100_000, SECOND / 1_000, false);
            assertEquals(Math.scalb(1.0, -leak), share, 0.01, "leak " + leak);
        }
    }

    @Test
    void intervalsBelowASecondHoldExactly() {
        limit(new RateLimit(-10, 1, 4, 0));
        // 4096 a second asked, 1024 allowed, and a sixteenth of the rest.
        double share = shareAnswered(400_000, SECOND / 4_096, false);
        assertEquals(0.25 + 0.75 / 16, share, 0.01);
    }

    @Test
    void someOfTheOthersAreToldToAskLess() {
        limit(new RateLimit(3, 8, 2, 1));
        int kisses = 0;
        int asked = 100_000;
        for (int i = 0; i < asked; i++) {
            nowNanos += SECOND / 1_000;
            kisses += ask(0, HOST, false) == Verdict.KISS ? 1 : 0;
        }
        assertEquals(0.75 / 2, (double) kisses / asked, 0.01);
    }

    @Test
    void aFloodUnderAClientsAddressDoesNotUseUpItsAuthenticatedAnswers() {
        limit(USUAL);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            nowNanos += SECOND / 2_000;
            ask(0, HOST, false);
            // Every 16 s, as chrony asks at poll 4.
            if (i % 32_000 == 0) {
                refused += ask(0, HOST, true) == Verdict.ANSWER ? 0 : 1;
            }
        }
        assertEquals(0, refused);
    }

    @Test
    void aFloodUnderOneAddressDoesNotTouchOthers() {
        limit(USUAL);
        for (int i = 0; i < 100_000; i++) {
            nowNanos += SECOND / 1_000;
            ask(0, HOST, false);
            if (i % 8_000 == 0) {
                assertEquals(Verdict.ANSWER, ask(0, HOST + 1, false));
            }
        }
    }

    /** A client that hammers while it gets no answer is answered, so that it goes back to its own pace. */
    @Test
    void aClientThatTheLimitDrivesIsLetThrough() {
        limit(new RateLimit(5, 1, 4, 0));
        int answered = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean heard = ask(0, HOST, false) == Verdict.ANSWER;
            answered += heard ? 1 : 0;
            nowNanos += heard ? 4 * SECOND : SECOND / 4;
        }
        assertTrue(answered > 10_000, "answered " + answered + " of 20000");
    }

    @Test
    void aRecordReadWhileItIsWrittenIsOfOneMoment() throws InterruptedException {
        table = new ClientTable(4, Optional.empty(), 128, 1);
        AtomicBoolean isSeen = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            SplittableRandom random = new SplittableRandom(1);
            NtpExchange own = new NtpExchange();
            // On a busy machine the reader comes late.
            for (int i = 1; i < 300_000 || (!isSeen.get() && i < 100_000_000); i++) {
                long address = 1 + random.nextLong(6);
                fill(own, address, address, START + i);
                table.onRequest(own, false);
            }
        });
        int seen = 0;
        while (writer.isAlive()) {
            for (ClientRecord record : table.records()) {
                assertEquals(record.high(), record.low());
                seen++;
            }
            isSeen.set(seen > 0);
        }
        writer.join();
        assertTrue(seen > 0);
    }

    @Test
    void inAFloodThoseAreAnsweredWhoAskedBeforeIt() {
        for (int i = 0; i < 4; i++) {
            ask(0, HOST, false);
            nowNanos += 60 * SECOND;
        }
        table.setOverload(true, true);
        assertTrue(hasRoom(HOST));
        int strangers = 0;
        for (int i = 1; i <= 16_000; i++) {
            strangers += hasRoom(HOST + i) ? 1 : 0;
        }
        assertEquals(1_000, strangers, 150);
        nowNanos += SECOND;
        for (int i = 0; i < 16; i++) {
            assertTrue(hasRoom(HOST));
        }
    }

    /** Its own requests are among them: a part of all is answered, so that one of several tries is. */
    @Test
    void inAFloodUnderAKnownClientsAddressAPartIsAnswered() {
        for (int i = 0; i < 4; i++) {
            ask(0, HOST, false);
        }
        table.setOverload(true, true);
        int answered = 0;
        for (int i = 0; i < 16_000; i++) {
            answered += hasRoom(HOST) ? 1 : 0;
        }
        assertEquals(4_000, answered, 300);
    }

    @Test
    void whoRepeatsItselfInAFloodDoesNotBecomeKnownByIt() {
        table.setOverload(true, false);
        for (int i = 0; i < 100; i++) {
            fill(exchange, 0, HOST, nowNanos);
            table.onRequest(exchange, false);
            assertTrue(table.hasRoom(exchange), "there is room now");
        }
        table.setOverload(true, true);
        int answered = 0;
        for (int i = 0; i < 1_600; i++) {
            answered += hasRoom(HOST) ? 1 : 0;
        }
        assertTrue(answered < 200, "as a stranger: " + answered);
    }

    @Test
    void whoAsksThroughTwoHoursOfFloodsStaysKnown() {
        for (int i = 0; i < 4; i++) {
            ask(0, HOST, false);
        }
        table.setOverload(true, false);
        for (int i = 0; i < 12; i++) {
            nowNanos += 600 * SECOND;
            ask(0, HOST, false);
        }
        table.setOverload(false, false);
        for (int i = 1; i <= 20_000; i++) {
            for (int again = 0; again < 4; again++) {
                ask(0, HOST + i, false);
            }
        }
        table.setOverload(true, true);
        for (int i = 0; i < 16; i++) {
            assertTrue(hasRoom(HOST), "the others are new, and have not taken its place");
        }
    }

    @Test
    void whenThereIsRoomAgainAllAreAnswered() {
        table.setOverload(true, true);
        table.setOverload(true, false);
        for (int i = 0; i < 1_000; i++) {
            assertTrue(hasRoom(HOST + i));
        }
    }

    private boolean hasRoom(long low) {
        fill(exchange, 0, low, nowNanos);
        return table.hasRoom(exchange);
    }

    private void limit(RateLimit rule) {
        table = new ClientTable(4096, Optional.of(rule), 128, 42);
    }

    private double shareAnswered(int asked, long everyNanos, boolean authenticated) {
        int answered = 0;
        for (int i = 0; i < asked; i++) {
            nowNanos += everyNanos;
            answered += ask(0, HOST, authenticated) == Verdict.ANSWER ? 1 : 0;
        }
        assertEquals(asked - answered, only().limited());
        return (double) answered / asked;
    }

    private Verdict ask(long high, long low, boolean authenticated) {
        fill(exchange, high, low, ++nowNanos);
        return table.onRequest(exchange, authenticated);
    }

    private void wrongMac() {
        fill(exchange, 0, HOST, ++nowNanos);
        table.onWrongMac(exchange);
    }

    private static final ByteBuffer REQUEST = ByteBuffer.allocate(48).put(0, (byte) (4 << 3 | 3));

    private static void fill(NtpExchange exchange, long high, long low, long nanos) {
        exchange.datagram(REQUEST, 0, 48, false).from(high, low, 40_000).receivedAt(nanos);
    }

    private ClientRecord only() {
        List<ClientRecord> all = table.records();
        assertEquals(1, all.size());
        return all.getFirst();
    }

    private ClientRecord record(long low) {
        return table.records().stream()
                .filter(record -> record.low() == low)
                .findFirst()
                .orElseThrow();
    }
}
