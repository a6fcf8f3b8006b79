package org.noonmark.nmea;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a capture is cut into reads, the same comes out, arrival times included. */
class CaptureCutsTest {
    private static final long NANOS_PER_BYTE = 86_806;
    private static final long START = 1_500_000_000_000_000_000L;

    private record Outcome(List<Object> told, SentenceFramer.Counts counts) {}

    static Stream<Path> captures() {
        return Captures.all().stream();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void cutsMakeNoDifference(Path capture) {
        byte[] bytes = Captures.read(capture);
        Random random = new Random(capture.getFileName().toString().hashCode());

        Outcome whole = fed(bytes, () -> bytes.length);

        assertEquals(whole, fed(bytes, () -> 1));
        assertEquals(whole, fed(bytes, () -> 1 + random.nextInt(random.nextBoolean() ? 20 : 5000)));
    }

    private static Outcome fed(byte[] bytes, java.util.function.IntSupplier lengths) {
        Recording recording = new Recording();
        ReceiverDecoder decoder = new ReceiverDecoder(Captures.era(bytes), recording);
        decoder.setNanosPerByte(NANOS_PER_BYTE);
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(lengths.getAsInt(), bytes.length - at);
            decoder.accept(bytes, at, length, START + (at + length - 1) * NANOS_PER_BYTE);
            at += length;
        }
        decoder.endOfInput();
        return new Outcome(recording.all, decoder.counts());
    }
}
