package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PulseNoiseTest {
    /** Values of erfc: Abramowitz and Stegun, table 7.1 and 7.2, and symmetry. */
    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "0.5, 0.4795001222",
        "1, 0.1572992070",
        "2, 0.0046777350",
        "-1, 1.8427007930",
        "3, 0.00002209049700",
        "5, 1.537459794e-12"
    })
    void complementaryErrorFollowsTheTables(double x, double expected) {
        assertEquals(expected, PulseNoise.complementaryError(x), 1e-8 * expected);
    }

    @Test
    void cleanEdgeCountsFullyAndStrayEdgeNot() {
        PulseNoise noise = new PulseNoise();
        weigh(noise, 100, 1_000_000);
        assertTrue(noise.cleanShare() > 0.9);
        weigh(noise, 200_000_000, 1_000_000);
        assertTrue(noise.junkShare() > 0.999);
        assertEquals(0, noise.pull(), 1e-12);
    }

    @Test
    void lateEdgePullsLessThanAnEarlyOneWouldSurprise() {
        PulseNoise noise = new PulseNoise();
        weigh(noise, -10_000, 10_000); // stamped late: the offset looks negative
        double late = noise.junkShare();
        weigh(noise, 10_000, 10_000); // stamped early: no interrupt is served before it is raised
        assertTrue(late < 0.01 && noise.junkShare() > 0.9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {50, 200, 1_000, 5_000})
    void learnsTheJitter(double sigma) {
        SplittableRandom random = new SplittableRandom(3);
        PulseNoise noise = new PulseNoise();
        for (int i = 0; i < 20_000; i++) {
            weigh(noise, sigma * random.nextGaussian(), 0.01 * sigma * sigma);
            noise.learn();
        }
        assertEquals(sigma, Math.sqrt(noise.variance()), 0.1 * sigma);
    }

    @Test
    void staysFiniteForAnyInnovation() {
        SplittableRandom random = new SplittableRandom(4);
        PulseNoise noise = new PulseNoise();
        for (int i = 0; i < 100_000; i++) {
            double size = Math.pow(10, random.nextDouble(18));
            weigh(noise, (random.nextBoolean() ? 1 : -1) * size, Math.pow(10, random.nextDouble(-3, 18)));
            noise.learn();
            assertTrue(Double.isFinite(noise.pull()) && Double.isFinite(noise.narrowing()) && noise.variance() > 0);
        }
    }

    private static void weigh(PulseNoise noise, double innovationNanos, double predictedVariance) {
        noise.onEdge();
        noise.weigh(innovationNanos, predictedVariance, 1);
    }
}
