package org.noonmark.app;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.TimingCore;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.pps.PpsEdge;

/**
 * What the timing core costs where this runs: time and garbage of one second (a temperature, an edge, a label and a tick, whose making is
 * not counted), and the memory that it holds. The crystal is a true one and only the pulses scatter, so that all that happens is known
 * beforehand.
 */
public final class CoreCost {
    /**
     * What was found.
     *
     * @param seconds that were measured
     * @param meanMicros of a second, processor time
     * @param medianMicros of a second
     * @param p99Micros 99 of 100 seconds take less
     * @param garbageBytes of a second
     * @param coreBytes held by a core
     */
    public record Findings(
            int seconds, double meanMicros, double medianMicros, double p99Micros, long garbageBytes, long coreBytes) {}

    private static final long START_SECOND = 1_780_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final double JITTER_NANOS = 500;
    private static final double SENSOR_GRAIN = 0.487;

    /** Forecasts of half a day are tried, too. */
    private static final int SECONDS = 60_000;

    /** Short enough that nothing is collected meanwhile. */
    private static final int GARBAGE_SECONDS = 2_000;

    private static final int CORES = 16;

    private final PpsEdge[] edges = new PpsEdge[SECONDS];
    private final TimeLabel[] labels = new TimeLabel[SECONDS];
    private final double[] micros = new double[SECONDS];
    private final TimingCore[] held = new TimingCore[CORES];

    public CoreCost() {
        SplittableRandom random = new SplittableRandom(1);
        for (int k = 0; k < SECONDS; k++) {
            long nanos = (START_SECOND + k) * SECOND;
            edges[k] =
                    new PpsEdge(nanos + Math.round(JITTER_NANOS * random.nextGaussian()), k, PpsEdge.Polarity.ASSERT);
            labels[k] = new TimeLabel(
                    START_SECOND + k, false, nanos + 150_000_000, TimeLabel.Trust.UTC_PROVEN, "NAV-TIMEUTC");
        }
    }

    /** Measures, after a whole pass that warms up. */
    public Findings measure() {
        pass(core(), 0, SECONDS);
        TimingCore core = core();
        pass(core, 0, SECONDS - GARBAGE_SECONDS);
        long before = usedBytes();
        pass(core, SECONDS - GARBAGE_SECONDS, SECONDS);
        Runtime runtime = Runtime.getRuntime();
        long garbage = runtime.totalMemory() - runtime.freeMemory() - before;
        Arrays.sort(micros);
        return new Findings(
                SECONDS,
                Arrays.stream(micros).average().orElse(Double.NaN),
                micros[SECONDS / 2],
                micros[SECONDS / 100 * 99],
                garbage / GARBAGE_SECONDS,
                coreBytes());
    }

    private long coreBytes() {
        long before = usedBytes();
        Arrays.setAll(held, _ -> core());
        return (usedBytes() - before) / CORES;
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static TimingCore core() {
        return new TimingCore(TimingOptions.DEFAULTS, 0);
    }

    private void pass(TimingCore core, int from, int to) {
        for (int k = from; k < to; k++) {
            long nanos = (START_SECOND + k) * SECOND;
            long start = System.nanoTime();
            core.onTemperature(50 + SENSOR_GRAIN * (k / 100 % 7), nanos);
            apply(core, core.onEdge(edges[k]), nanos + 10_000_000);
            apply(core, core.onLabel(labels[k]), nanos + 200_000_000);
            apply(core, core.onTick(nanos + 950_000_000), nanos + 960_000_000);
            micros[k] = (System.nanoTime() - start) * 1e-3;
        }
    }

    /** The clock needs no correction, and takes none on. */
    private static void apply(TimingCore core, Correction correction, long atNanos) {
        switch (correction) {
            case Correction.Step _ -> core.onStepped(0, atNanos);
            case Correction.Steer _, Correction.Slew _, Correction.Refuse _ -> core.onSteered(0, atNanos);
            case Correction.Hold _ -> {}
        }
    }
}
