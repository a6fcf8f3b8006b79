package org.noonmark.nmea.serial;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameProbeTest {
    private static final byte[] SENTENCE =
            "$GPGLL,4916.45,N,12311.12,W,225444,A*31\r\n".getBytes(StandardCharsets.US_ASCII);

    private final FrameProbe probe = FrameProbe.ofCheckedFrames();

    @Test
    void seesASentenceThatComesInPieces() {
        for (int i = 0; i < SENTENCE.length - 3; i++) {
            assertFalse(probe.sawFrame(new byte[] {SENTENCE[i]}, 1), "at byte " + i);
        }
        boolean seen = false;
        for (int i = SENTENCE.length - 3; i < SENTENCE.length; i++) {
            seen = probe.sawFrame(new byte[] {SENTENCE[i]}, 1);
        }
        assertTrue(seen);
    }

    @Test
    void isNotTakenInByAWrongChecksum() {
        byte[] broken = SENTENCE.clone();
        broken[10]++;

        assertFalse(probe.sawFrame(broken, broken.length));
        assertFalse(probe.sawFrame(broken, 0));
    }

    @Test
    void isNotTakenInByNoise() {
        byte[] noise = new byte[20_000];
        new Random(20_261_122L).nextBytes(noise);

        assertFalse(probe.sawFrame(noise, noise.length), "seed 20261122");
    }
}
