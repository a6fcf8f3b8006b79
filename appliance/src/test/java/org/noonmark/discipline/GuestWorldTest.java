package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The estimator in two hundred of the worlds that the emulated rig plays one by one, with a restart before the outage as there; the clock is
 * never corrected. Errors are root mean squares over all worlds.
 *
 * <p>chronyd (git, June 2026) in the same worlds under clknetsim, the best of poll 1 to 4 in each stretch: 49 ns in peace, 81 among late stamps,
 * 56 among missing ones; the clock that our daemon steers is a few ns worse than the estimates here. In the outage chronyd has 1.086 of the error of
 * who knows the frequency to the last digit and holds it; of a walk nobody can foretell more.
 */
class GuestWorldTest {
    private static final int WORLDS = 200;
    private static final double WALK_PPB = 1;

    /** What the guest's own stamping adds, as its logs show. */
    private static final double JITTER_NANOS = 74;

    /** For so long the guest has been powered when its world begins, and so long its daemon takes to start anew, seconds. */
    private static final double POWERED = 430;

    private static final int STARTS = 26;

    private static final double[] SQUARES =
            new double[GuestWorld.END]; // of the error, by the second, mean over the worlds
    private static final double[] HELD = new double[GuestWorld.END]; // of the exact frequency held, the same

    @BeforeAll
    static void playAll() {
        for (int seed = 1; seed <= WORLDS; seed++) {
            play(new GuestWorld(seed, WALK_PPB), new SplittableRandom(seed));
        }
    }

    private static void play(GuestWorld world, SplittableRandom random) {
        ClockEstimator clock = new ClockEstimator(0, TimingOptions.UNKNOWN_FREQUENCY_SIGMA_PPB, POWERED);
        boolean tracking = false;
        double offsetNanos = 0;
        double held = 0;
        for (int n = 0; n < GuestWorld.END; n++) {
            SQUARES[n] += Math.pow(clock.offsetNanos() - offsetNanos, 2) / WORLDS;
            if (n == GuestWorld.RESTART) {
                clock = new ClockEstimator(clock.learned().orElseThrow(), POWERED + GuestWorld.RESTART);
                tracking = false;
            }
            boolean starting = n >= GuestWorld.RESTART && n < GuestWorld.RESTART + STARTS;
            double stampNanos = world.lateNanos[n] + JITTER_NANOS * random.nextGaussian();
            if (world.pulse[n] && !starting) {
                if (tracking) {
                    clock.update(offsetNanos - stampNanos);
                } else {
                    clock.restart(offsetNanos - stampNanos);
                }
                tracking = true;
            }
            if (n >= GuestWorld.OUTAGE) {
                HELD[n] += held * held / WORLDS;
                held += world.crystalPpb[n] - world.crystalPpb[GuestWorld.OUTAGE];
            }
            offsetNanos -= world.crystalPpb[n];
            clock.advance(1, 0);
        }
    }

    @Test
    void playsTheGuestsOwnWorlds() {
        GuestWorld world = new GuestWorld(32, WALK_PPB);
        // As a log of the guest has them.
        assertEquals(12_001.783, world.crystalPpb[1], 1e-3);
        assertEquals(11_959.804, world.crystalPpb[GuestWorld.OUTAGE], 1e-3);
        assertEquals(11_995.177, world.crystalPpb[GuestWorld.END - 1], 1e-3);
    }

    /** The first guess of the jitter is six times too large: it must not make the clock sluggish for minutes. */
    @Test
    void isNearlyAsSteadyInTheFirstMinutesAsLater() {
        assertBelow(48, "peace", 120, 240);
    }

    @Test
    void isNotMovedByLateAndMissingStamps() {
        assertBelow(45, "late stamps", 240, 420);
        assertBelow(45, "missing pulses", 420, GuestWorld.RESTART);
        assertBelow(45, "after a restart", 640, GuestWorld.OUTAGE);
    }

    /** World 32 began this, with a drift that was none. */
    @Test
    void aRestartBeforeAnOutageLosesNothingOfWhatIsKnown() {
        double held = rms(HELD, GuestWorld.OUTAGE, GuestWorld.END);
        assertBelow(1.085 * held, "outage", GuestWorld.OUTAGE, GuestWorld.END);
    }

    private static void assertBelow(double mostNanos, String what, int from, int to) {
        double nanos = rms(SQUARES, from, to);
        String figure = String.format(Locale.ROOT, "guestWorlds %s: %.0f ns, at most %.0f", what, nanos, mostNanos);
        System.out.println(figure);
        assertTrue(nanos < mostNanos, figure);
    }

    private static double rms(double[] squares, int from, int to) {
        double sum = 0;
        for (int n = from; n < to; n++) {
            sum += squares[n];
        }
        return Math.sqrt(sum / (to - from));
    }
}
