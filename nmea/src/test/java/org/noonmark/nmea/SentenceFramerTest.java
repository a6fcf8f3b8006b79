package org.noonmark.nmea;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentenceFramerTest {
    private static final String GLL = "$GPGLL,3723.2475,N,12158.3416,W,161229.487,A*2C";

    private final List<String> frames = new ArrayList<>();
    private final List<Long> arrivals = new ArrayList<>();
    private final SentenceFramer framer = new SentenceFramer(frame -> {
        frames.add(
                frame.protocol() == Frame.Protocol.NMEA
                        ? new String(frame.bytes(), frame.offset(), frame.length(), StandardCharsets.US_ASCII)
                        : frame.protocol() + " " + frame.length());
        arrivals.add(frame.firstByteNanos());
        arrivals.add(frame.lastByteNanos());
    });

    private void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        framer.accept(bytes, 0, bytes.length, 0);
    }

    @Test
    void findsASentenceBehindNoise() {
        send("\u0000\u00ffGPGLL,3723*2C\r\n" + GLL + "\r\n");

        assertEquals(List.of(GLL), frames);
    }

    @Test
    void findsASentenceThatCutAnotherShort() {
        send(GLL.substring(0, 20) + GLL + "\r\n");

        assertEquals(List.of(GLL), frames);
    }

    @Test
    void refusesASentenceWithoutChecksum() {
        send("$GPGLL,3723.2475,N,12158.3416,W,161229.487,A\r\n");

        assertEquals(List.of(), frames);
        assertEquals(1, framer.counts().withoutChecksum());
    }

    @Test
    void refusesASentenceWithOneWrongDigit() {
        send(GLL.replace("161229", "161228") + "\r\n");

        assertEquals(List.of(), frames);
        assertEquals(1, framer.counts().checksumFailures());
    }

    @Test
    void findsAUbxMessageWithinASentence() {
        send(GLL.substring(0, 12) + ack() + GLL.substring(12) + "\r\n" + GLL + "\r\n");

        assertEquals(List.of("UBX 10", GLL), frames);
    }

    @Test
    void findsASentenceThatABrokenUbxMessageSwallowed() {
        send("\u00b5b\u0001\u0007P\u0000" + GLL + "\r\n" + GLL + "\r\n");
        framer.endOfInput();

        assertEquals(List.of(GLL, GLL), frames);
    }

    @Test
    void givesUpOnASentenceWithoutEnd() {
        send("$" + "A".repeat(3 * SentenceFramer.MAX_SENTENCE) + GLL + "\r\n");

        assertEquals(List.of(GLL), frames);
        assertEquals(1, framer.counts().oversized());
    }

    @Test
    void skipsRtcmWithARightCrcAndSearchesThroughOneWithout() {
        byte[] good = Captures.read(Captures.pyubx2("pygpsdata-MIXED-RTCM3.log"));
        byte[] bad = Captures.read(Captures.pyubx2("pygpsdata-MIXED-RTCM3BADCRC.log"));
        framer.accept(good, 0, good.length, 0);
        framer.endOfInput();
        SentenceFramer.Counts first = framer.counts();
        framer.accept(bad, 0, bad.length, 0);
        framer.endOfInput();
        SentenceFramer.Counts both = framer.counts();

        assertEquals(0, first.checksumFailures());
        assertEquals(first.rtcm() - 1, both.rtcm() - first.rtcm());
        assertEquals(1, both.checksumFailures());
        assertEquals(2 * first.nmea(), both.nmea());
        assertEquals(2 * first.ubx(), both.ubx());
    }

    @Test
    void givesEachByteItsOwnArrival() {
        framer.setNanosPerByte(1000);
        byte[] bytes = ("xyz" + GLL + "\r\n").getBytes(StandardCharsets.US_ASCII);
        framer.accept(bytes, 0, bytes.length, 1_000_000);

        assertEquals(1_000_000 - 1000L * (bytes.length - 1 - 3), arrivals.get(0));
        assertEquals(1_000_000 - 1000L * 2, arrivals.get(1));
    }

    @Test
    void putsNoByteBeforeTheChunkAheadOfIt() {
        framer.setNanosPerByte(1_000_000);
        framer.accept(new byte[] {'x'}, 0, 1, 500);
        byte[] bytes = (GLL + "\r\n").getBytes(StandardCharsets.US_ASCII);
        framer.accept(bytes, 0, bytes.length, 1000);

        assertEquals(500, arrivals.get(0));
    }

    private static String ack() {
        return "\u00b5b\u0005\u0001\u0002\u0000\u0006\u0001\u000f8";
    }
}
