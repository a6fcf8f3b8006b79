package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.sim.Trace;

/** What the receiver says of its pulses' grain, through the whole core: stamps of 9 ns, a sawtooth of 11. */
class QuantisationReplayTest {
    /** From a sawtooth that is over in nine seconds to one that takes five minutes, which a filter alone would follow. */
    @ParameterizedTest
    @ValueSource(doubles = {0.22, 0.05, 0.02, 0.0066})
    void takesAwaySawtoothsFastAndSlow(double step) {
        assertTrue(rms(step, 1) < 8, () -> "rms " + rms(step, 1));
    }

    @Test
    void aWrongSignIsFoundAndSaid() {
        ClockStatus[] last = new ClockStatus[1];
        double wrong = rms(0.05, -1, last);
        double silent = rms(0.05, 0);
        assertTrue(wrong < 1.1 * silent, () -> wrong + " ns, and " + silent + " without any notice");
        assertTrue(last[0].why().contains("does not fit, and is not used"), last[0]::why);
    }

    private static double rms(double step, int sign) {
        return rms(step, sign, new ClockStatus[1]);
    }

    private static double rms(double step, int sign, ClockStatus[] last) {
        SplittableRandom random = new SplittableRandom(5);
        List<Trace.Row> rows = new ArrayList<>();
        for (int k = 0; k < 7_200; k++) {
            double late = 11 * (2 * (k * step / 2 % 1) - 1);
            double error = late + 9 * random.nextGaussian();
            rows.add(new Trace.Row(9_000, OptionalDouble.of(error), sign * late, 50, OptionalInt.of(0), 120));
        }
        double[] squares = new double[1];
        new TraceReplay(new Trace("sawtooth", 0, List.of(), rows), 1_780_000_000L, TimingOptions.DEFAULTS)
                .run((second, errorNanos, _, status) -> {
                    squares[0] += second >= 3_600 ? errorNanos * errorNanos : 0;
                    last[0] = status;
                });
        assertEquals(7_200, rows.size());
        return Math.sqrt(squares[0] / 3_600);
    }
}
