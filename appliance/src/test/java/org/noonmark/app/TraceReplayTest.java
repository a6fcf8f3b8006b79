package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.pps.StampLatency;
import org.noonmark.provisioning.PulseLateness;
import org.noonmark.sim.Scenario;
import org.noonmark.sim.Trace;
import org.noonmark.sim.TraceGenerator;
import org.noonmark.status.PulseStatus;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Raspberry Pi 3 Model B Rev 1.2",
                "Raspberry Pi 4 Model B Rev 1.4",
                "Raspberry Pi 5 Model B Rev 1.0"
            })
    void aConstantLatencyThatNobodyTellsStaysWithinTheBound(String board) throws IOException {
        PulseStatus.Delay delay = StampDelay.of(
                new PulseLateness(0, 0, OptionalLong.empty(), OptionalLong.empty()), StampLatency.ofBoard(board));
        TimingOptions options =
                TimingOptions.DEFAULTS.with(it -> it.edgeDelay(delay.meanNanos(), delay.uncertaintyNanos()));
        Trace busy = trace("irqtail");
        for (long lateNanos : new long[] {0, 6_000, 12_000, 20_000}) {
            int[] served = {0};
            new TraceReplay(late(busy, lateNanos), 1_780_000_000L, options)
                    .withSecondGiven(true)
                    .run((second, errorNanos, localNanos, status) -> {
                        if (status.state().isSynchronised()) {
                            served[0]++;
                            double distance = status.errorBoundNanos()
                                    + Math.abs(status.residualOffsetNanos())
                                    + (localNanos - status.updatedNanos()) * 1e-9 * status.errorGrowthPpb();
                            assertTrue(
                                    Math.abs(errorNanos) <= distance,
                                    () -> lateNanos + " ns late, second " + second + ": " + errorNanos + " beyond "
                                            + distance);
                            assertTrue(distance < 40_000 || second < 60, () -> "not sharp: " + distance);
                        }
                    });
            assertTrue(served[0] > HOURS_2 - 60, () -> "served " + served[0]);
        }
    }

    /** A day with pulses tells half a day's forecasts hardly more than once; these two were told too well by that one. */
    @ParameterizedTest
    @ValueSource(longs = {506, 613})
    void theBoundHoldsForADayAloneAfterOneDayWithPulses(long seed) throws IOException {
        Scenario scenario = scenario("hold24h");
        Trace trace = Trace.read("hold24h", new BufferedReader(new StringReader(TraceGenerator.text(scenario, seed))));
        int[] beyond = {0};
        new TraceReplay(trace, 1_780_000_000L, TimingOptions.DEFAULTS.with(it -> it.edgeDelay(0, 0)))
                .run((second, errorNanos, localNanos, status) -> {
                    double distance = status.errorBoundNanos()
                            + Math.abs(status.residualOffsetNanos())
                            + (localNanos - status.updatedNanos()) * 1e-9 * status.errorGrowthPpb();
                    beyond[0] += status.state().isSynchronised() && Math.abs(errorNanos) > distance ? 1 : 0;
                });
        assertEquals(0, beyond[0]);
    }

    private static Trace late(Trace trace, long nanos) {
        return new Trace(
                trace.name(),
                trace.initialErrorNanos(),
                trace.outages(),
                trace.rows().stream()
                        .map(row -> new Trace.Row(
                                row.oscillatorPpb(),
                                row.edgeErrorNanos().isPresent()
                                        ? OptionalDouble.of(row.edgeErrorNanos().getAsDouble() + nanos)
                                        : row.edgeErrorNanos(),
                                row.quantisationNanos(),
                                row.celsius(),
                                row.labelErrorSeconds(),
                                row.labelDelayMillis()))
                        .toList());
    }

    private static Trace trace(String name) throws IOException {
        Scenario day = scenario(name);
        Scenario part =
                new Scenario(name, HOURS_2, day.crystal(), day.climate(), day.stamps(), day.faults(), List.of());
        return Trace.read(name, new BufferedReader(new StringReader(TraceGenerator.text(part, 1))));
    }

    private static Scenario scenario(String name) {
        return Scenario.ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow();
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
