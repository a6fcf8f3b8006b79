package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Pulses that stay away for ten minutes before forecasts could be tried out: many worlds, root mean squares of the error beside that of who
 * knows the frequency to the last digit when they stop, and holds it. Of a walk nobody can foretell more.
 */
class EarlyOutageTest {
    private static final int WORLDS = 200;
    private static final int OUTAGE_SECONDS = 600;
    private static final double WALK_PPB = 0.3;
    private static final double JITTER_NANOS = 30;

    /** Ours, over that of the exact frequency held. */
    private record Errors(double ratio, double oursNanos, double heldNanos) {
        Errors {
            System.out.printf(Locale.ROOT, "earlyOutage ratio %.3f: %.0f to %.0f ns%n", ratio, oursNanos, heldNanos);
        }

        static Errors of(double squares, double heldSquares, int count) {
            double ours = Math.sqrt(squares / count);
            double held = Math.sqrt(heldSquares / count);
            return new Errors(ours / held, ours, held);
        }
    }

    @Test
    void aWalkIsNotTakenForADrift() {
        Errors errors = endOfOutage(0, 300, _ -> 0);
        assertTrue(errors.ratio < 1.12, errors::toString);
    }

    @Test
    void aBoardThatHasLongBeenWarmIsNotHeldToWarmUp() {
        Errors errors = endOfOutage(1_200, 120, _ -> 0);
        assertTrue(errors.ratio < 1.12, errors::toString);
    }

    @Test
    void aBoardJustSwitchedOnIsFollowedAsItWarmsUp() {
        Errors errors = endOfOutage(0, 120, second -> 100 * Math.exp(-second / CrystalModel.DRIFT_SECONDS));
        assertTrue(errors.ratio < 0.4, errors::toString);
    }

    @Test
    void aDriftThatIsPlainToSeeIsFollowed() {
        // A room that is heated by turns, every hour and a half, on its way up.
        Errors errors = endOfOutage(1_200, 600, second -> 300 * Math.sin((second - 900) * 2 * Math.PI / 5_400));
        assertTrue(errors.ratio < 0.9, errors::toString);
    }

    /** After {@code lock} seconds with pulses; {@code driftingPpb}: what is added to the walk, by the second. */
    private static Errors endOfOutage(double poweredSeconds, int lock, DoubleUnaryOperator driftingPpb) {
        double squares = 0;
        double heldSquares = 0;
        for (int seed = 0; seed < WORLDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ClockEstimator clock = new ClockEstimator(0, TimingOptions.SAVED_FREQUENCY_SIGMA_PPB, poweredSeconds);
            double steadyPpb = 300 * random.nextGaussian();
            double offsetNanos = 0;
            double heldPpb = 0;
            double heldNanos = 0;
            clock.restart(0);
            for (int second = 0; second < lock + OUTAGE_SECONDS; second++) {
                steadyPpb += WALK_PPB * random.nextGaussian();
                double ppb = steadyPpb + driftingPpb.applyAsDouble(second);
                heldPpb = second <= lock ? ppb : heldPpb;
                heldNanos += ppb - heldPpb;
                offsetNanos += ppb;
                clock.advance(1, 0);
                if (second < lock) {
                    clock.update(offsetNanos + JITTER_NANOS * random.nextGaussian());
                }
            }
            squares += Math.pow(clock.offsetNanos() - offsetNanos, 2);
            heldSquares += heldNanos * heldNanos;
        }
        return Errors.of(squares, heldSquares, WORLDS);
    }
}
