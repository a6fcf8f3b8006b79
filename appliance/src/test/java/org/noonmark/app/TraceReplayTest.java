package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.sim.Scenario;
import org.noonmark.sim.Trace;
import org.noonmark.sim.TraceGenerator;

/** The core over two hours of generated days: the limits are those of the reference estimator on whole days, a fifth added. */
class TraceReplayTest {
    private static final int HOURS_2 = 7_200;

    @Test
    void busyMachineIsHeldToATenthOfAMicrosecond() throws IOException {
        assertTrue(rmsNanos(trace("irqtail"), true) < 130);
    }

    @Test
    void sensorHalvesWhatAHeatingCycleDoes() throws IOException {
        Trace trace = trace("tempcycle");
        double with = rmsNanos(trace, true);
        double without = rmsNanos(trace, false);
        assertTrue(with < 130, () -> "rms " + with);
        assertTrue(without > 1.1 * with, () -> "rms " + without + " without, " + with + " with the sensor");
    }

    @Test
    void announcedGrainOfTheReceiverIsTakenOff() throws IOException {
        Trace told = trace("hwstamp");
        Trace untold = new Trace(
                told.name(),
                told.initialErrorNanos(),
                told.outages(),
                told.rows().stream()
                        .map(row -> new Trace.Row(
                                row.oscillatorPpb(),
                                row.edgeErrorNanos(),
                                0,
                                row.celsius(),
                                row.labelErrorSeconds(),
                                row.labelDelayMillis()))
                        .toList());
        double with = rmsNanos(told, true);
        double without = rmsNanos(untold, true);
        assertTrue(with < 8, () -> "rms " + with);
        assertTrue(without > 1.05 * with, () -> "rms " + without + " untold, " + with + " told");
    }

    @Test
    void coldStartIsWithinAMicrosecondAfterSixSecondsWhenTheSecondIsGiven() throws IOException {
        double[] errors = errors(trace("coldstart"), true, true);
        for (int k = 6; k < 66; k++) {
            assertEquals(0, errors[k], 1_000, "second " + k);
        }
    }

    private static Trace trace(String name) throws IOException {
        Scenario day = Scenario.ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow();
        Scenario part =
                new Scenario(name, HOURS_2, day.crystal(), day.climate(), day.stamps(), day.faults(), List.of());
        return Trace.read(name, new BufferedReader(new StringReader(TraceGenerator.text(part, 1))));
    }

    private static double rmsNanos(Trace trace, boolean sensor) {
        double[] errors = errors(trace, sensor, false);
        double squares = 0;
        for (int k = HOURS_2 / 2; k < HOURS_2; k++) {
            squares += errors[k] * errors[k];
        }
        return Math.sqrt(squares / (HOURS_2 - HOURS_2 / 2.0));
    }

    private static double[] errors(Trace trace, boolean sensor, boolean secondGiven) {
        double[] errors = new double[trace.rows().size()];
        new TraceReplay(trace, 1_780_000_000L, TimingOptions.DEFAULTS)
                .withSensor(sensor)
                .withSecondGiven(secondGiven)
                .run((second, errorNanos, _, _) -> errors[second] = errorNanos);
        return errors;
    }
}
