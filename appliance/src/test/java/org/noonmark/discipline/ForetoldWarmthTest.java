package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.discipline.SimulatedDay.SHARP;
import static org.noonmark.discipline.SimulatedDay.START;

import java.util.Locale;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.PulseModel.Noise;

/** An owner who knows what warmth does to his crystal (chrony's tempcomp). */
class ForetoldWarmthTest {
    private static final double PPB_PER_DEGREE = 200;

    /** The pulses are lost after two minutes, just as a heater begins to warm the board by five degrees: 1 ppm. */
    private static double heater(long second) {
        return second < 120 ? 40 : 45 - 5 * Math.exp((120 - second) / 600.0);
    }

    @Test
    void aHoldoverInTheFirstMinutesKnowsTheWarmth() {
        double told = errorAfterAnHour(Optional.of(new Learned.Term(PPB_PER_DEGREE, PPB_PER_DEGREE / 4)), 1);
        double alone = errorAfterAnHour(Optional.empty(), 1);
        String figures = String.format(Locale.ROOT, "after an hour %.0f us off, untold %.0f us", told, alone);
        System.out.println("foretoldWarmth " + figures);
        assertTrue(told < alone / 5, figures);
    }

    @Test
    void anOwnerWhoIsWrongIsCorrectedByThePulses() {
        SimulatedDay day = day(
                second -> 42 + 2 * Math.sin(second * 2 * Math.PI / 1_800),
                Optional.of(new Learned.Term(-PPB_PER_DEGREE, PPB_PER_DEGREE / 4)),
                2);
        day.countFrom(7_200).run(0, 14_400);
        assertTrue(day.rmsNanos() < 300, () -> "rms " + day.rmsNanos());
        day.assertHonest("a wrong tempcomp");
    }

    @Test
    void whatIsSavedIsOfNoSensor() {
        SimulatedDay day =
                day(ForetoldWarmthTest::heater, Optional.of(new Learned.Term(PPB_PER_DEGREE, PPB_PER_DEGREE / 4)), 3);
        day.run(0, 300);
        Learned learned = day.core.learned().orElseThrow();
        assertTrue(learned.isSane());
        assertEquals(Double.NaN, learned.referenceCelsius());
        assertEquals(0, learned.perDegree().getFirst().ppb());
        assertEquals(day.core.status().frequencyPpb(), learned.frequencyPpb(), 20);
    }

    private static double errorAfterAnHour(Optional<Learned.Term> perDegree, long seed) {
        SimulatedDay day = day(ForetoldWarmthTest::heater, perDegree, seed);
        day.pulsesLost = k -> k >= 120;
        day.run(0, 120 + 3_600);
        day.assertHonest("holdover");
        return Math.abs(day.clock.errorNanos() * 1e-3);
    }

    /** What the crystal needs grows with warmth, of which it feels what the sensor has shown 30 s ago. */
    private static SimulatedDay day(LongToDoubleFunction celsius, Optional<Learned.Term> perDegree, long seed) {
        Oscillator quiet = Oscillator.wandering(Oscillator.Wander.QUIET, seed);
        Oscillator crystal =
                second -> quiet.frequencyPpb(second) - PPB_PER_DEGREE * (celsius.applyAsDouble(second - 30) - 40);
        SimulatedDay day =
                new SimulatedDay(START, 0, crystal, Noise.BUSY, SHARP.with(it -> it.perDegree(perDegree)), seed);
        day.celsius = celsius;
        return day;
    }
}
