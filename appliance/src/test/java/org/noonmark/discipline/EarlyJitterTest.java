package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyJitterTest {
    private static final double JITTER = 80;

    private final SplittableRandom random = new SplittableRandom(1);
    private final EarlyJitter jitter = new EarlyJitter();

    @ParameterizedTest
    @ValueSource(doubles = {0, 9_000, -50_000, 400_000})
    void isSeenWhateverTheFrequencyAndTheCorrection(double ppb) {
        int edges = 0;
        double offset = 1e6;
        double corrected = 0;
        while (!jitter.onEdge(offset + JITTER * random.nextGaussian(), 1, corrected)) {
            edges++;
            corrected = 20_000 * random.nextDouble();
            offset += ppb - corrected;
        }
        assertTrue(edges < 40, () -> "known in time");
        assertEquals(JITTER, jitter.sigmaNanos(), 0.5 * JITTER);
        assertFalse(jitter.onEdge(0, 1, 0), "once is enough");
    }

    @Test
    void latePulsesMissingOnesAndStepsAreNoJitter() {
        double offset = 0;
        int edges = 0;
        boolean known = false;
        while (!known) {
            edges++;
            boolean afterGap = edges % 9 == 0;
            if (edges % 20 == 0) {
                offset += 1e8;
                jitter.onStepped();
            }
            double late = edges % 15 == 0 ? 30_000 : 0;
            offset += afterGap ? 18_000 : 9_000;
            known = jitter.onEdge(offset - late + JITTER * random.nextGaussian(), afterGap ? 2 : 1, 0);
        }
        assertEquals(JITTER, jitter.sigmaNanos(), 0.7 * JITTER);
    }
}
