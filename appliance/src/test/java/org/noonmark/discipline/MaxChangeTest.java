package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.discipline.SimulatedDay.SHARP;
import static org.noonmark.discipline.SimulatedDay.START;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.noonmark.discipline.ChangeLimit.Verdict;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.Oscillator.Wander;
import org.noonmark.sim.PulseModel.Noise;

class MaxChangeTest {

    @Test
    void theFirstUpdatesAreFreeAndLaterOnesAreCountedBeforeTheEnd() {
        ChangeLimit limit = limit(1_000, 2, 2);
        assertEquals(Verdict.FOLLOWED, limit.onUpdate(1e18));
        limit.onMoved();
        assertEquals(Verdict.FOLLOWED, limit.onUpdate(-5e9));
        limit.onMoved();
        assertEquals(Verdict.FOLLOWED, limit.onUpdate(1_000));
        assertEquals(Verdict.IGNORED, limit.onUpdate(2_001));
        assertEquals(Verdict.FOLLOWED, limit.onUpdate(0));
        assertEquals(Verdict.IGNORED, limit.onUpdate(-1_001));
        assertEquals(Verdict.FATAL, limit.onUpdate(-1_001));
    }

    @Test
    void negativeNumbersSwitchTheCheckOrTheEndOff() {
        ChangeLimit unchecked = limit(0, -1, 0);
        ChangeLimit endless = limit(1_000, 0, -1);
        for (int i = 0; i < 1_000; i++) {
            assertEquals(Verdict.FOLLOWED, unchecked.onUpdate(1e9 * i));
            assertEquals(Verdict.IGNORED, endless.onUpdate(1e9));
        }
    }

    @Test
    void whatIsStillBeingWorkedOffIsNoNewChange() {
        ChangeLimit limit = limit(1_000, 1, 0);
        limit.onUpdate(4_000_000);
        for (double left = 3_500_000; left > 0; left -= 500_000) {
            assertEquals(Verdict.FOLLOWED, limit.onUpdate(left));
        }
        assertTrue(limit.allows(-900));
        assertFalse(limit.allows(-1_100));
        assertEquals(Verdict.FATAL, limit.onUpdate(600_000));
    }

    @Test
    void aFirstSlewOfTenMillisecondsIsFollowedToItsEnd() {
        SimulatedDay day = day(-10_000_000, SHARP.with(it -> it.makestep(0, 0)), 100_000, 1, 0);
        day.run(0, 120);
        assertEquals(List.of(), day.refusals);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(0, (double) day.clock.errorNanos(), 5_000);
    }

    /** A receiver whose pulses and labels both move is believed by nobody who expects no more than 1 ms. */
    @Test
    void pulsesThatMoveFurtherThanAllowedAreIgnoredTwiceAndThenEndTheProgram() {
        SimulatedDay day = day(0, SHARP.with(it -> it.standoffNanos(0)), 1_000_000, 1, 2);
        day.run(0, 300);
        int steps = day.steps.size();
        day.pulseShiftNanos = _ -> 5_000_000;
        for (int k = 300; day.refusals.size() < 3 && k < 400; k++) {
            day.run(k, k + 1);
            assertTrue(Math.abs(day.clock.errorNanos()) < 100_000, () -> "off by " + day.clock.errorNanos());
        }
        assertEquals(
                List.of(false, false, true),
                day.refusals.stream().map(Correction.Refuse::last).toList());
        assertEquals(5_000_000, (double) Math.abs(day.refusals.getLast().changeNanos()), 100_000);
        assertEquals(steps, day.steps.size());
        assertFalse(day.core.status().state().isSynchronised());
        assertTrue(
                day.core.status().why().contains("more than 'maxchange' allows"),
                day.core.status().why());
    }

    @Test
    void pulsesThatComeBackAreFollowedAgain() {
        SimulatedDay day = day(0, SHARP.with(it -> it.standoffNanos(0)), 1_000_000, 1, -1);
        day.pulseShiftNanos = k -> k >= 300 && k < 400 ? 5_000_000 : 0;
        day.run(0, 600);
        assertFalse(day.refusals.isEmpty());
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(0, (double) day.clock.errorNanos(), 5_000);
    }

    private static ChangeLimit limit(long offsetNanos, int start, int ignore) {
        return new ChangeLimit(new TimingOptions.MaxChange(offsetNanos, start, ignore));
    }

    private static SimulatedDay day(long errorNanos, TimingOptions options, long offsetNanos, int start, int ignore) {
        TimingOptions.MaxChange change = new TimingOptions.MaxChange(offsetNanos, start, ignore);
        return new SimulatedDay(
                START,
                errorNanos,
                Oscillator.wandering(Wander.QUIET, 31),
                Noise.BUSY,
                options.with(it -> it.limits(TimingOptions.Limits.DEFAULTS.withMaxChange(change))),
                31);
    }
}
