package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.discipline.SimulatedDay.SHARP;
import static org.noonmark.discipline.SimulatedDay.START;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.pps.EdgeGuard;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.Oscillator.Wander;
import org.noonmark.sim.PulseModel.Noise;

/** Crystals, interrupts and receivers that do what the estimator has no state for. The bound must hold all the same. */
class HardDaysTest {
    private static final int HOUR = 3_600;
    private static final int DAY = 86_400;

    /** The bound without the allowance for a constant delay, where there is none. */
    private static final TimingOptions SHARP_AND_PATIENT = SHARP.with(it -> it.holdoverLimitNanos(1_000_000_000));

    private static boolean isOutSixHoursAfterADay(long second) {
        return second >= DAY && second < DAY + 6 * HOUR;
    }

    /** 10 ppb an hour: a hundred times what a crystal of some months does. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void oscillatorAges(long seed) {
        Oscillator quiet = Oscillator.wandering(Wander.QUIET, seed);
        SimulatedDay day = day(second -> quiet.frequencyPpb(second) + second * (10.0 / HOUR), SHARP_AND_PATIENT, seed);
        day.pulsesLost = HardDaysTest::isOutSixHoursAfterADay;
        report("oscillatorAges", seed, day.countFrom(DAY + 7 * HOUR).run(0, DAY + 8 * HOUR));
    }

    /** What warmth does depends on where it came from: 20 ppb per degree follow only beyond two degrees of play. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void warmthHasHysteresis(long seed) {
        Oscillator quiet = Oscillator.wandering(Wander.QUIET, seed);
        double[] dragged = {45};
        Oscillator crystal = second -> {
            double celsius = room(second);
            dragged[0] = Math.clamp(dragged[0], celsius - 2, celsius + 2);
            return quiet.frequencyPpb(second) - 70 * (celsius - 45) - 20 * (dragged[0] - 45);
        };
        SimulatedDay day = day(crystal, SHARP_AND_PATIENT, seed);
        day.celsius = HardDaysTest::room;
        day.pulsesLost = HardDaysTest::isOutSixHoursAfterADay;
        report("warmthHasHysteresis", seed, day.countFrom(DAY + 7 * HOUR).run(0, DAY + 8 * HOUR));
    }

    /** From 5 us to 18 us and back in six hours, as the load of a board does it; no owner said a word of it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void interruptLatencyDriftsSlowly(long seed) {
        SimulatedDay day = day(Oscillator.wandering(Wander.QUIET, seed), TimingOptions.DEFAULTS, seed);
        day.pulseShiftNanos = k -> Math.round(11_500 - 6_500 * Math.cos(2 * Math.PI * k / (6.0 * HOUR)));
        report("interruptLatencyDrifts", seed, day.countFrom(600).run(0, DAY));
        assertTrue(day.rmsNanos() < 18_000, () -> "rms " + day.rmsNanos());
    }

    /** For twenty minutes its pulses leave the second by 10 ns each, up to 12 us, wait and come back: less than what is allowed for. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void receiverDragsItsPulse(long seed) {
        SimulatedDay day = day(Oscillator.wandering(Wander.QUIET, seed), TimingOptions.DEFAULTS, seed);
        day.pulseShiftNanos = k -> 10L * Math.clamp(Math.min(k - HOUR, 3 * HOUR - k), 0, 1_200);
        report("receiverDragsItsPulse", seed, day.countFrom(600).run(0, 4 * HOUR));
        assertEquals(SyncState.DISCIPLINED, day.history.getLast());
    }

    /**
     * For eight minutes its pulses run away, faster than a crystal that stands in still air does. After four hours the clock knows its
     * crystal well enough to tell, leaves the pulses and goes on alone, and follows again when they are back.
     */
    @ParameterizedTest
    @CsvSource({"1,100", "2,100", "3,-100", "4,150", "5,300", "6,-1000"})
    void receiverRunsAwayWithItsPulse(long seed, long nanosPerSecond) {
        SimulatedDay day = day(Oscillator.wandering(Wander.QUIET, seed), TimingOptions.DEFAULTS, seed);
        SplittableRandom sensor = new SplittableRandom(seed);
        day.celsius = _ -> Math.rint((50 + 0.2 * sensor.nextGaussian()) / 0.487) * 0.487;
        day.pulseShiftNanos = k -> k >= 4 * HOUR && k < 4 * HOUR + 480 ? nanosPerSecond * (k - 4 * HOUR) : 0;
        day.run(0, 4 * HOUR + 120);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
        assertTrue(day.core.status().why().startsWith("the pulses ran away by "), day.core.status()::why);
        report(
                "receiverRunsAway " + nanosPerSecond,
                seed,
                day.countFrom(4 * HOUR).run(4 * HOUR + 120, 5 * HOUR));
        assertEquals(
                List.of(
                        SyncState.COLD,
                        SyncState.LABELLED,
                        SyncState.DISCIPLINED,
                        SyncState.HOLDOVER,
                        SyncState.DISCIPLINED),
                day.history);
        assertTrue(day.rmsNanos() < 5_000, () -> "rms " + day.rmsNanos());
    }

    /**
     * A crystal that changes its rate at once, as none in still air does: it is taken for pulses that are dragged. After ten minutes they are
     * believed, service has not ended, and the next change of that kind is followed at once. A worse one is still noticed.
     */
    @ParameterizedTest
    @CsvSource({"1,100", "2,-150", "3,400"})
    void aFalseAlarmTeachesWhatTheCrystalDoes(long seed, double ppb) {
        Oscillator quiet = Oscillator.wandering(Wander.QUIET, seed);
        Oscillator crystal = second -> quiet.frequencyPpb(second)
                + (second < 4 * HOUR ? 0 : second < 6 * HOUR ? ppb : second < 8 * HOUR ? 0 : 5 * ppb);
        SimulatedDay day = day(crystal, TimingOptions.DEFAULTS, seed);
        SplittableRandom sensor = new SplittableRandom(seed);
        day.celsius = _ -> Math.rint((50 + 0.2 * sensor.nextGaussian()) / 0.487) * 0.487;
        day.run(0, 4 * HOUR + 120);
        assertTrue(day.core.status().why().startsWith("the pulses ran away by "), day.core.status()::why);
        day.run(4 * HOUR + 120, 4 * HOUR + 780);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state(), day.core.status()::why);
        day.countFrom(5 * HOUR).run(4 * HOUR + 780, 8 * HOUR);
        report("falseAlarm " + ppb, seed, day);
        assertEquals(
                List.of(
                        SyncState.COLD,
                        SyncState.LABELLED,
                        SyncState.DISCIPLINED,
                        SyncState.HOLDOVER,
                        SyncState.DISCIPLINED),
                day.history);
        assertTrue(day.rmsNanos() < 1_000, () -> "rms " + day.rmsNanos());
        day.run(8 * HOUR, 8 * HOUR + 120);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
    }

    /** A line that begins to bounce: for half an hour every edge comes twice. */
    @ParameterizedTest
    @ValueSource(longs = {20_000, 300_000, 5_000_000, 400_000_000, 700_000_000})
    void twoEdgesInASecond(long bounceNanos) {
        SimulatedDay day = day(Oscillator.wandering(Wander.QUIET, 4), SHARP_AND_PATIENT, 4);
        day.guard = new EdgeGuard();
        day.bounceNanos = k -> k >= HOUR && k < HOUR + 1_800 ? bounceNanos : 0;
        report("twoEdgesInASecond " + bounceNanos, 4, day.countFrom(HOUR).run(0, 2 * HOUR));
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertTrue(day.rmsNanos() < 1_000, () -> "rms " + day.rmsNanos());
    }

    /** No sensor, a room that is warm by day and cold by night, and a heating that switches. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void dayWithoutSensor(long seed) {
        Oscillator quiet = Oscillator.wandering(Wander.QUIET, seed);
        Oscillator crystal = second -> quiet.frequencyPpb(second)
                - 90 * 2.5 * Math.sin(2 * Math.PI * second / DAY + seed)
                - 90 * 0.6 * Math.sin(2 * Math.PI * second / 2_700.0 + 2 * seed);
        SimulatedDay day = day(crystal, SHARP_AND_PATIENT, seed);
        day.pulsesLost = k -> k >= DAY && k < 2 * DAY;
        day.run(0, 2 * DAY - 1);
        assertEquals(SyncState.HOLDOVER, day.core.status().state(), day.core.status()::why);
        report("dayWithoutSensor", seed, day.countFrom(2 * DAY + 600).run(2 * DAY - 1, 2 * DAY + HOUR));
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
    }

    private static double room(long second) {
        return 45 + 2.5 * Math.sin(2 * Math.PI * second / DAY) + 1.5 * Math.sin(2 * Math.PI * second / 5_400.0);
    }

    private static SimulatedDay day(Oscillator crystal, TimingOptions options, long seed) {
        return new SimulatedDay(START, 1_000_000, crystal, Noise.BUSY, options, seed);
    }

    private static void report(String what, long seed, SimulatedDay day) {
        System.out.printf(
                Locale.ROOT,
                "%s seed=%d rms_ns=%.0f checks=%d violations=%d worst=%.2f %s%n",
                what,
                seed,
                day.rmsNanos(),
                day.checks,
                day.violations,
                day.worstShareOfBound,
                day.history);
        assertEquals(0, day.servedWrongSecondNanos);
        day.assertHonest(what);
    }
}
