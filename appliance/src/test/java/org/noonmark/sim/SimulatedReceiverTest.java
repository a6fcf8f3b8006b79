package org.noonmark.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.noonmark.nmea.Frame;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.sim.ReceiverScript.Chunk;

class SimulatedReceiverTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOON = Instant.parse("2026-11-22T12:00:00Z").getEpochSecond();

    @ParameterizedTest
    @EnumSource(ReceiverOptions.Dialect.class)
    void everyByteBelongsToACheckedFrame(ReceiverOptions.Dialect dialect) {
        for (ReceiverOptions options : List.of(
                ReceiverOptions.DEFAULT.withDialect(dialect),
                ReceiverOptions.DEFAULT.withDialect(dialect).withLine(115_200, 5),
                ReceiverOptions.DEFAULT.withDialect(dialect).withFix(_ -> false))) {
            SentenceFramer framer = new SentenceFramer(_ -> {});
            for (long second = NOON; second < NOON + 100; second++) {
                byte[] bytes = bytes(new SimulatedReceiver(options), second);
                framer.accept(bytes, 0, bytes.length, 0);
            }
            SentenceFramer.Counts counts = framer.counts();
            assertEquals(0, counts.noiseBytes());
            assertEquals(0, counts.checksumFailures());
            assertTrue(counts.nmea() + counts.ubx() >= 300, counts.toString());
        }
    }

    @Test
    void speaksLikeAUblox8() {
        List<String> burst = sentences(ReceiverOptions.DEFAULT, NOON);
        assertEquals("$GNRMC,120000.00,A,5128.66866,N,00000.08850,W,0.021,,221126,,,A,V*01", burst.getFirst());
        assertEquals("$GNGGA,120000.00,5128.66866,N,00000.08850,W,1,12,0.84,46.9,M,45.4,M,,*61", burst.get(1));
        assertEquals("$GNZDA,120000.00,22,11,2026,00,00*7D", burst.getLast());
        assertEquals(5, burst.stream().filter(s -> s.contains("GSV,")).count());
    }

    @Test
    void speaksLikeAnMt3339() {
        List<String> burst = sentences(
                ReceiverOptions.DEFAULT
                        .withDialect(ReceiverOptions.Dialect.MTK_NMEA)
                        .withLine(9_600, 1),
                NOON);
        assertEquals("$GPRMC,120000.000,A,5128.6687,N,00000.0885,W,0.021,,221126,,,A*52", burst.getFirst());
        assertEquals("$GPZDA,120000.000,22,11,2026,,*53", burst.getLast());
    }

    @Test
    void tellsItsOwnClockWhileItHasNoFix() {
        ReceiverOptions options =
                ReceiverOptions.DEFAULT.withFix(s -> s >= NOON + 10).withoutFix(false, -3);
        SimulatedReceiver receiver = new SimulatedReceiver(options);
        assertTrue(sentences(options, NOON).getFirst().startsWith("$GNRMC,115957.00,V,,,,,,,221126,,,N,V*"));
        assertTrue(sentences(options, NOON + 10).getFirst().startsWith("$GNRMC,120010.00,A,"));
        assertFalse(receiver.hasPulse(NOON));
        assertTrue(receiver.hasPulse(NOON + 10));
    }

    @Test
    void oldFirmwareLivesInTheLastEra() {
        List<String> burst = sentences(ReceiverOptions.DEFAULT.withLateWeeks(1024), NOON);
        assertTrue(burst.getFirst().contains(",080407,"), burst.getFirst());
        assertTrue(burst.getLast().contains(",08,04,2007,"), burst.getLast());
    }

    @Test
    void tellsTwoDigitYearsFrom1980To2106() {
        for (int year = 1980; year <= 2106; year++) {
            long second = Instant.parse(year + "-01-01T00:00:00Z").getEpochSecond();
            List<String> burst = sentences(ReceiverOptions.DEFAULT, second);
            assertTrue(burst.getFirst().contains(",0101%02d,".formatted(year % 100)), burst.getFirst());
            assertTrue(burst.getLast().contains(",01,01," + year + ","), burst.getLast());
        }
    }

    @Test
    void ubxNamesTheSecondInItsPvt() {
        ReceiverOptions ubx = ReceiverOptions.DEFAULT.withDialect(ReceiverOptions.Dialect.UBX);
        List<Integer> kinds = new ArrayList<>();
        List<byte[]> frames = new ArrayList<>();
        SentenceFramer framer = new SentenceFramer(frame -> {
            assertEquals(Frame.Protocol.UBX, frame.protocol());
            frames.add(Arrays.copyOfRange(frame.bytes(), frame.offset(), frame.offset() + frame.length()));
            kinds.add((frame.bytes()[frame.offset() + 2] & 0xff) << 8 | (frame.bytes()[frame.offset() + 3] & 0xff));
        });
        byte[] bytes = bytes(new SimulatedReceiver(ubx), NOON);
        framer.accept(bytes, 0, bytes.length, 0);
        assertEquals(List.of(0x0107, 0x0121, 0x0135, 0x0126, 0x0d01), kinds);
        byte[] pvt = frames.getFirst();
        // 2026-11-22 is a Sunday: the week is 12 hours and the leap seconds old.
        assertEquals((12 * 3_600 + 18) * 1_000, littleEndian(pvt, 6, 4));
        assertEquals(2026, littleEndian(pvt, 10, 2));
        assertEquals(12, pvt[14]);
        assertEquals((12 * 3_600 + 1) * 1_000, littleEndian(frames.getLast(), 6, 4));
    }

    @Test
    void nothingIsDueBeforeItsSecondAndDueTimesRise() {
        ReceiverOptions nervous = ReceiverOptions.DEFAULT.withLine(38_400, 1).withDelay(5_000_000, 20_000_000);
        SimulatedReceiver receiver = new SimulatedReceiver(nervous);
        for (long second = NOON; second < NOON + 1_000; second++) {
            long last = second * SECOND;
            for (Chunk chunk : receiver.chunks(second)) {
                assertTrue(chunk.dueNanos() > last, "second " + second);
                last = chunk.dueNanos();
            }
        }
    }

    @Test
    void theDelayHasTheMeanAndSpreadThatWereAsked() {
        SimulatedReceiver receiver =
                new SimulatedReceiver(ReceiverOptions.DEFAULT.withLine(0, 1).withDelay(130_000_000, 10_000_000));
        double sum = 0;
        double squares = 0;
        for (long second = NOON; second < NOON + 2_000; second++) {
            double delay = receiver.chunks(second).getFirst().dueNanos() - second * SECOND;
            sum += delay;
            squares += (delay - 130e6) * (delay - 130e6);
        }
        assertEquals(130e6, sum / 2_000, 1e6);
        assertEquals(10e6, Math.sqrt(squares / 2_000), 1e6);
    }

    @Test
    void fiveReportsASecondDescribeFifths() {
        List<String> rmc = sentences(ReceiverOptions.DEFAULT.withLine(115_200, 5), NOON).stream()
                .filter(s -> s.contains("RMC"))
                .map(s -> s.substring(7, 16))
                .toList();
        assertEquals(List.of("120000.00", "120000.20", "120000.40", "120000.60", "120000.80"), rmc);
    }

    @Test
    void refusesALineThatIsTooSlow() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> new SimulatedReceiver(ReceiverOptions.DEFAULT.withLine(4_800, 1)));
        assertTrue(String.valueOf(refusal.getMessage()).contains("take a faster line"), refusal.getMessage());
    }

    private static List<String> sentences(ReceiverOptions options, long second) {
        return new String(bytes(new SimulatedReceiver(options), second), StandardCharsets.US_ASCII)
                .lines()
                .toList();
    }

    private static byte[] bytes(ReceiverScript receiver, long second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        receiver.chunks(second).forEach(chunk -> all.writeBytes(chunk.bytes()));
        return all.toByteArray();
    }

    private static int littleEndian(byte[] bytes, int at, int count) {
        int value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        return value;
    }
}
