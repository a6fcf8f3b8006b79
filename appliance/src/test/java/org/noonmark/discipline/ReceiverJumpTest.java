package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.discipline.SimulatedDay.START;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.discipline.SimulatedDay.Spoken;
import org.noonmark.nmea.TimeLabel.Trust;

/** A receiver that moves its pulses, or says that it must not be believed, against a clock that was right. */
class ReceiverJumpTest {

    @ParameterizedTest
    @ValueSource(longs = {1_000_000, -1_000_000, 4_000_000, 8_000_000, 100_000_000, 300_000_000})
    void aJumpOfThePulsesEndsInHoldoverAndTheirReturnEndsThat(long jumpNanos) {
        SimulatedDay day = SimulatedDay.usual(TimingOptions.DEFAULTS, 31);
        day.pulseShiftNanos = k -> k >= 1_000 && k < 1_300 ? jumpNanos : 0;
        day.run(0, 1_290);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
        assertTrue(day.core.status().why().contains("moved"), day.core.status()::why);
        assertEquals(
                0, day.steps.stream().filter(step -> Math.abs(step) > 50_000).count(), () -> "steps " + day.steps);
        day.run(1_290, 1_400);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(
                List.of(
                        SyncState.COLD,
                        SyncState.LABELLED,
                        SyncState.DISCIPLINED,
                        SyncState.HOLDOVER,
                        SyncState.DISCIPLINED),
                day.history);
        assertTrue(Math.abs(day.clock.errorNanosAt((START + 1_400) * SimulatedDay.SECOND)) < 10_000);
        day.assertHonest("jump of " + jumpNanos);
        assertTrue(day.worstShareOfBound < 1, () -> "worst " + day.worstShareOfBound);
    }

    /** Longer than a minute the clock cannot contradict a tenth of a millisecond: its own bound has grown by as much. */
    @Test
    void aJumpOfATenthOfAMillisecondIsWithstoodAsLongAsTheClockCanTell() {
        SimulatedDay day = SimulatedDay.usual(TimingOptions.DEFAULTS, 35);
        day.pulseShiftNanos = k -> k >= 1_000 && k < 1_040 ? 100_000 : 0;
        day.run(0, 1_038);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
        day.run(1_038, 1_100);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertTrue(day.worstShareOfBound < 1, () -> "worst " + day.worstShareOfBound);
    }

    @Test
    void pulsesThatStayElsewhereAreProvenAnewAfterTenMinutes() {
        SimulatedDay day = SimulatedDay.usual(TimingOptions.DEFAULTS, 32);
        day.pulseShiftNanos = k -> k >= 1_000 ? 2_000_000 : 0;
        day.run(0, 1_590);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
        day.run(1_590, 1_700);
        assertTrue(day.history.contains(SyncState.LABELLED));
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(-2_000_000, day.clock.errorNanosAt((START + 1_700) * SimulatedDay.SECOND), 50_000);
    }

    @Test
    void aWitnessOnThePulsesSideEndsTheStandoffAtOnce() {
        // It says that the clock is 2 ms slow, to half a millisecond: as the pulses do.
        Witness witness =
                () -> new Witness.Testimony("ntp.example", -2_000_000, 500_000, START * SimulatedDay.SECOND, 0, true);
        Standoff standoff = new Standoff(600 * SimulatedDay.SECOND, List.of(witness));
        assertEquals(false, standoff.believesClock(-2_000_000, START * SimulatedDay.SECOND, 0));
        Standoff other = new Standoff(600 * SimulatedDay.SECOND, List.of(witness));
        assertEquals(true, other.believesClock(5_000_000, START * SimulatedDay.SECOND, 0), "on nobody's side");
    }

    @Test
    void aWitnessOnTheClocksSideProlongsTheStandoff() {
        long later = (START + 3_000) * SimulatedDay.SECOND;
        Witness witness = () -> new Witness.Testimony("ntp.example", 100_000, 500_000, later, 0, true);
        Standoff standoff = new Standoff(600 * SimulatedDay.SECOND, List.of(witness));
        assertTrue(standoff.believesClock(-2_000_000, START * SimulatedDay.SECOND, 0));
        assertTrue(standoff.believesClock(-2_000_000, later, 0));
    }

    @Test
    void aDistrustedReceiverIsNotFollowedAndItsReasonIsTold() {
        SimulatedDay day = SimulatedDay.usual(TimingOptions.DEFAULTS, 33);
        // A counterfeiter drags the pulses by a microsecond a second, and then says another second.
        day.pulseShiftNanos = k -> k >= 1_000 && k < 1_600 ? (k - 1_000) * 1_000 : 0;
        day.labels = k -> new Spoken(150_000_000, k >= 1_200 && k < 1_600 ? 3_600 : 0, Trust.FIX);
        day.distrust = k -> k >= 1_005 && k < 1_660 ? "it says itself that it is being spoofed" : "";
        day.run(0, 1_500);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
        assertEquals(
                "the receiver is distrusted: it says itself that it is being spoofed; the clock runs on its learned frequency",
                day.core.status().why());
        day.run(1_500, 1_800);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(0, day.servedWrongSecondNanos);
        day.assertHonest("drag under distrust");
    }

    @Test
    void aReceiverDistrustedFromTheStartIsNeverServed() {
        SimulatedDay day = SimulatedDay.usual(TimingOptions.DEFAULTS, 34);
        day.distrust = _ -> "it says itself that it is jammed";
        day.run(0, 300);
        assertEquals(-1, day.firstServedSecond);
        assertEquals(
                "the receiver is distrusted: it says itself that it is jammed",
                day.core.status().why());
    }
}
