package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.discipline.SimulatedDay.START;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.Oscillator.Wander;
import org.noonmark.sim.PulseModel.Noise;

/** The constant delay of stamps, first assumed and then measured while the clock is served. */
class EdgeDelayTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 6_000, 8_200, 20_000})
    void aMeasuredDelayMovesTheClockToTheTruthAndSharpensTheBoundWithoutEndingService(long lateNanos) {
        SimulatedDay day = new SimulatedDay(
                START,
                0,
                Oscillator.wandering(Wander.QUIET, 41),
                Noise.BUSY.withDelay(lateNanos),
                TimingOptions.DEFAULTS.with(it -> it.edgeDelay(8_000, 15_000)),
                41);
        day.run(0, 1_000);
        assertTrue(day.core.status().errorBoundNanos() >= 15_000);
        day.core.onEdgeDelay(lateNanos + 300, 1_500); // what was measured is off a little
        day.run(1_000, 1_060);
        day.countFrom(1_060).run(1_060, 2_000);
        assertEquals(List.of(SyncState.COLD, SyncState.LABELLED, SyncState.DISCIPLINED), day.history);
        assertTrue(day.rmsNanos() < 500, () -> "rms " + day.rmsNanos());
        assertTrue(
                day.core.status().errorBoundNanos() < 5_500,
                () -> "bound " + day.core.status().errorBoundNanos());
        day.assertHonest("delay of " + lateNanos);
        assertEquals(0, day.violations);
    }
}
