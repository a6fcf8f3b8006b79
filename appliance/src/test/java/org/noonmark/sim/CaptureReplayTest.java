package org.noonmark.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noonmark.nmea.GpsEra;
import org.noonmark.nmea.SentenceFramer;
import org.noonmark.sim.ReceiverScript.Chunk;

class CaptureReplayTest {
    private static final long SECOND = 1_000_000_000L;
    private static final GpsEra ERA = new GpsEra(LocalDate.of(2010, 1, 1));
    private static final SerialLine LINE = new SerialLine(115_200);

    @ParameterizedTest
    @CsvSource({
        "mt3339,            2015-04-13T20:26:40Z",
        "et-332,            2010-04-23T15:33:47Z",
        "ublox-8,           2017-01-10T00:09:41Z",
        "quectel-l76k-nmea, 2026-08-05T05:52:34Z",
        "sirfstarv-nmea,    2019-02-05T02:09:35Z",
        "u-blox-m8t-time,   2021-02-23T18:04:29Z",
        "ublox-zed-f9p-hp,  2019-04-22T21:19:20Z"
    })
    void everyCaptureIsPacedByItsOwnSeconds(String name, Instant first) throws IOException {
        CaptureReplay replay = replay(name);
        assertEquals(first, Instant.ofEpochSecond(replay.firstSecond()));
        long last = Long.MIN_VALUE;
        int seconds = 0;
        for (long second = replay.firstSecond(); second <= replay.lastSecond(); second++) {
            List<Chunk> chunks = replay.chunks(second);
            seconds += chunks.isEmpty() ? 0 : 1;
            assertTrue(replay.hasPulse(second));
            if (!chunks.isEmpty()) {
                long delay = chunks.getFirst().dueNanos() - second * SECOND;
                assertTrue(delay > 120_000_000 && delay < 640_000_000, name + " second " + second + ": " + delay);
            }
            for (Chunk chunk : chunks) {
                assertTrue(chunk.dueNanos() >= last);
                last = chunk.dueNanos();
            }
        }
        assertTrue(seconds >= 3, "seconds " + seconds);
        assertEquals(last, replay.endNanos());
        assertFalse(replay.hasPulse(replay.firstSecond() - 1));
    }

    @ParameterizedTest
    @CsvSource({"mt3339", "et-332", "ublox-8", "quectel-l76k-nmea", "u-blox-m8t-time"})
    void sendsEveryByteBehindTheHeader(String name) throws IOException {
        byte[] capture = capture(name);
        byte[] sent = sent(replay(name));
        assertArrayEquals(Arrays.copyOfRange(capture, capture.length - sent.length, capture.length), sent);
        assertFalse(new String(sent, StandardCharsets.ISO_8859_1).startsWith("#"));
        SentenceFramer whole = framed(capture);
        assertEquals(whole.counts().nmea(), framed(sent).counts().nmea());
        assertEquals(whole.counts().ubx(), framed(sent).counts().ubx());
    }

    @Test
    void theBurstOfABinaryReceiverBeginsWithItsPulseMessage() throws IOException {
        CaptureReplay replay = replay("u-blox-m8t-time");
        byte[] third = replay.chunks(replay.firstSecond() + 2).getFirst().bytes();
        assertArrayEquals(new byte[] {(byte) 0xb5, 0x62, 0x0d, 0x01}, Arrays.copyOf(third, 4));
    }

    @Test
    void fifthsOfASecondComeAFifthApart() {
        CaptureReplay replay = of("""
                $GPRMC,120000.000,A,,,,,,,010120,,,A*79
                $GPRMC,120000.200,A,,,,,,,010120,,,A*7B
                $GPRMC,120000.400,A,,,,,,,010120,,,A*7D
                """);
        List<Chunk> chunks = replay.chunks(replay.firstSecond());
        long first = Instant.parse("2020-01-01T12:00:00Z").getEpochSecond() * SECOND + 120_000_000;
        assertEquals(
                first,
                chunks.getFirst().dueNanos() - LINE.nanosOf(chunks.getFirst().bytes().length));
        assertEquals(first + 400_000_000 + LINE.nanosOf(40), replay.endNanos());
    }

    @Test
    void midnightComesBeforeTheNewDate() {
        CaptureReplay replay = of("""
                $GPGGA,235959.00,,,,,1,,,,,,,,*64
                $GPRMC,235959.00,A,,,,,,,311219,,,A*41
                $GPGGA,000000.00,,,,,1,,,,,,,,*6E
                $GPRMC,000000.00,A,,,,,,,010120,,,A*4A
                """);
        assertEquals(Instant.parse("2019-12-31T23:59:59Z").getEpochSecond(), replay.firstSecond());
        assertEquals(Instant.parse("2020-01-01T00:00:00Z").getEpochSecond(), replay.lastSecond());
    }

    @Test
    void aJumpOfTheToldTimeIsHeardAndNotLived() {
        CaptureReplay replay = of("""
                $GPRMC,000100.00,V,,,,,,,010120,,,N*53
                $GPRMC,000101.00,V,,,,,,,010120,,,N*52
                $GPRMC,120000.00,A,,,,,,,050620,,,A*4A
                $GPRMC,120001.00,A,,,,,,,050620,,,A*4B
                $GPRMC,120002.00,A,,,,,,,050620,,,A*48
                """);
        assertEquals(Instant.parse("2020-06-05T11:59:58Z").getEpochSecond(), replay.firstSecond());
        assertEquals(Instant.parse("2020-06-05T12:00:02Z").getEpochSecond(), replay.lastSecond());
    }

    @Test
    void refusesACaptureThatTellsNoTime() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> of("$GPGGA,120000.00,,,,,1,,,,,,,,*66\n"));
        assertTrue(String.valueOf(refusal.getMessage()).contains("RMC, ZDA"), refusal.getMessage());
    }

    @Test
    void noBytesBreakThePlan() throws IOException {
        SplittableRandom random = new SplittableRandom(2026);
        byte[] capture = capture("ublox-zed-f9p-hp");
        byte[] other = capture("mt3339");
        for (int i = 0; i < 400; i++) {
            byte[] mutant = i % 2 == 0 ? capture.clone() : other.clone();
            for (int k = random.nextInt(1, 40); k > 0; k--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
            }
            CaptureReplay replay = new CaptureReplay(mutant, ERA, LINE, 0);
            assertTrue(sent(replay).length <= mutant.length);
        }
    }

    private static CaptureReplay of(String text) {
        return new CaptureReplay(corrected(text).getBytes(StandardCharsets.US_ASCII), ERA, LINE, 120_000_000);
    }

    /** The sentences with the checksums that they should have. */
    private static String corrected(String text) {
        StringBuilder out = new StringBuilder();
        for (String line : text.lines().toList()) {
            String body = line.substring(1, line.indexOf('*'));
            int sum = body.chars().reduce(0, (a, b) -> a ^ b);
            out.append("$%s*%02X\n".formatted(body, sum));
        }
        return out.toString();
    }

    private static CaptureReplay replay(String name) throws IOException {
        return new CaptureReplay(capture(name), ERA, LINE, 120_000_000);
    }

    private static byte[] capture(String name) throws IOException {
        try (InputStream file = CaptureReplayTest.class.getResourceAsStream("/receivers/gpsd/" + name + ".log")) {
            return Objects.requireNonNull(file, name).readAllBytes();
        }
    }

    private static byte[] sent(CaptureReplay replay) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (long second = replay.firstSecond(); second <= replay.lastSecond(); second++) {
            replay.chunks(second).forEach(chunk -> all.writeBytes(chunk.bytes()));
        }
        return all.toByteArray();
    }

    private static SentenceFramer framed(byte[] bytes) {
        SentenceFramer framer = new SentenceFramer(_ -> {});
        framer.accept(bytes, 0, bytes.length, 0);
        framer.endOfInput();
        return framer;
    }
}
