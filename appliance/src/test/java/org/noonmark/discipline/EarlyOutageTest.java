package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Pulses that stay away for ten minutes before forecasts could be tried out: many worlds, the error at the end, root mean square. */
class EarlyOutageTest {
    private static final int WORLDS = 100;
    private static final int OUTAGE_SECONDS = 600;
    private static final double WALK_PPB = 0.3;
    private static final double JITTER_NANOS = 30;

    /** What a random walk of the frequency does in that time, nanoseconds: nobody can foretell less. */
    private static final double WALKED_NANOS = WALK_PPB * Math.sqrt(Math.pow(OUTAGE_SECONDS, 3) / 3);

    @Test
    void aWalkIsNotTakenForADrift() {
        double nanos = endOfOutage(0, 300, 0);
        assertTrue(nanos < 1.12 * WALKED_NANOS, nanos + " ns, walked " + WALKED_NANOS);
    }

    @Test
    void aBoardThatHasLongBeenWarmIsNotHeldToWarmUp() {
        double nanos = endOfOutage(1_200, 120, 0);
        assertTrue(nanos < 1.5 * WALKED_NANOS, nanos + " ns, walked " + WALKED_NANOS);
    }

    @Test
    void aBoardJustSwitchedOnIsFollowedAsItWarmsUp() {
        double nanos = endOfOutage(0, 120, 100);
        assertTrue(nanos < 2 * WALKED_NANOS, nanos + " ns, walked " + WALKED_NANOS);
    }

    /** After {@code lock} seconds with pulses; {@code warmPpb}: what the first minutes of a board add to its frequency. */
    private static double endOfOutage(double poweredSeconds, int lock, double warmPpb) {
        double squares = 0;
        for (int seed = 0; seed < WORLDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ClockEstimator clock = new ClockEstimator(0, TimingOptions.SAVED_FREQUENCY_SIGMA_PPB, poweredSeconds);
            double steadyPpb = 300 * random.nextGaussian();
            double offsetNanos = 0;
            clock.restart(0);
            for (int second = 0; second < lock + OUTAGE_SECONDS; second++) {
                steadyPpb += WALK_PPB * random.nextGaussian();
                offsetNanos += steadyPpb + warmPpb * Math.exp(-second / CrystalModel.DRIFT_SECONDS);
                clock.advance(1, 0);
                if (second < lock) {
                    clock.update(offsetNanos + JITTER_NANOS * random.nextGaussian());
                }
            }
            squares += Math.pow(clock.offsetNanos() - offsetNanos, 2);
        }
        return Math.sqrt(squares / WORLDS);
    }
}
