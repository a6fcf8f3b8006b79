package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.discipline.SimulatedDay.SHARP;
import static org.noonmark.discipline.SimulatedDay.START;

import java.util.Locale;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.PulseModel.Noise;

/** A run that begins with what an earlier one has learned. */
class WarmStartTest {
    private static final double PPB_PER_DEGREE = -90;

    /** The board warms up and cools down by 3 degrees every hour and a half. */
    private static double room(long second) {
        return 45 + 3 * Math.sin(second * 2 * Math.PI / 5_400);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void locksAtOnce(long seed) {
        Learned learned = learn();
        // Four degrees warmer than it ever was in the run before.
        SimulatedDay day = day(second -> room(second) + 7, seed, SHARP.with(it -> it.learned(Optional.of(learned))));
        day.run(0, 5);
        assertTrue(day.core.status().state().isSynchronised(), day.core.status()::why);
        double worst = 0;
        for (int k = 5; k < 60; k++) {
            worst = Math.max(worst, Math.abs((double) day.clock.errorNanos()));
            day.run(k, k + 1);
        }
        String figures = String.format(Locale.ROOT, "seed %d: worst %.0f ns from 5 s on", seed, worst);
        System.out.println("warmStart " + figures);
        assertTrue(worst < 1_500, figures);
        day.assertHonest("warm start");
    }

    @Test
    void knowsTheEffectOfWarmthAndItsOwnForecasts() {
        Learned learned = learn();
        assertTrue(learned.isSane());
        double sum = learned.perDegree().getLast().ppb();
        assertEquals(-PPB_PER_DEGREE, sum, 15);
        SimulatedDay day = day(WarmStartTest::room, 7, SHARP.with(it -> it.learned(Optional.of(learned))));
        day.pulsesLost = k -> k >= 300;
        day.run(0, 300 + 3_600);
        ClockStatus status = day.core.status();
        assertEquals(SyncState.HOLDOVER, status.state());
        assertTrue(Math.abs(day.clock.errorNanos()) < 100_000, () -> day.clock.errorNanos() + " ns after an hour");
        assertTrue(status.errorBoundNanos() < 1_000_000, () -> "bound " + status.errorBoundNanos());
        day.assertHonest("holdover after a warm start");
    }

    /** The card was put into another board, 30 ppm away. */
    @ParameterizedTest
    @ValueSource(doubles = {-30_000, 5_000, 30_000})
    void recoversFromTheLearningOfAnotherBoard(double apartPpb) {
        Learned learned = learn();
        Oscillator other = Oscillator.constant(9_000 + apartPpb);
        SimulatedDay day =
                new SimulatedDay(START, 0, other, Noise.BUSY, SHARP.with(it -> it.learned(Optional.of(learned))), 3);
        day.run(0, 300);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(-(9_000 + apartPpb), day.core.status().frequencyPpb(), 100);
        assertTrue(Math.abs(day.clock.errorNanos()) < 2_000, () -> day.clock.errorNanos() + " ns");
        day.assertHonest("another board");
    }

    private static Learned learn() {
        SimulatedDay day = day(WarmStartTest::room, 11, SHARP);
        day.run(0, 4 * 3_600);
        return day.core.learned().orElseThrow();
    }

    private static SimulatedDay day(LongToDoubleFunction celsius, long seed, TimingOptions options) {
        Oscillator wandering = Oscillator.wandering(Oscillator.Wander.QUIET, seed);
        Oscillator crystal =
                second -> wandering.frequencyPpb(second) + PPB_PER_DEGREE * (celsius.applyAsDouble(second) - 45);
        SimulatedDay day = new SimulatedDay(START, 0, crystal, Noise.BUSY, options, seed);
        day.celsius = celsius;
        return day;
    }
}
