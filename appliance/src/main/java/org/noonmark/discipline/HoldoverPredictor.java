package org.noonmark.discipline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Foretells the frequency when edges stay away. While they come it tries itself, every minute and for several horizons: which mean of
 * the past (of 5, 20, 60 minutes, or what the models say), with or without the learned effect of temperature, would have foretold
 * the time that has now passed best? In an outage that one is used; and how wrong it was on average is what the server admits.
 *
 * <p>Longer windows, and straight lines through two windows, were tried: a day without edges ended far further off.
 */
final class HoldoverPredictor {
    private static final double ENTRY_SECONDS = 60;

    /** Entries kept: the longest horizon, the longest window before it, and some. */
    private static final int KEPT = 1_024;

    private static final int[] HORIZON_MINUTES = {10, 60, 240, 720};
    private static final int HORIZONS = HORIZON_MINUTES.length;

    /** Window of the past; 0: what the models say at the end of it. */
    private static final int[] WINDOW_MINUTES = {0, 5, 20, 60};

    /** Each window without temperature (even) and with it (odd). */
    private static final int WAYS = 2 * WINDOW_MINUTES.length;

    /** Each way for each horizon. */
    static final int TRIALS = HORIZONS * WAYS;

    /** Entries before forecasts count: the models are still settling. */
    private static final int FIRST_ENTRIES = 30;

    /** Windows do not reach back into these: the frequency was still being found. */
    private static final int FIRST_MINUTES = 5;

    /** Trials after which the oldest begin to be forgotten: a day. */
    private static final double MEMORY_TRIALS = 1_440;

    /** A way is believed after an hour of trials. */
    private static final double LEAST_TRIALS = 60;

    /** A stretch without edges longer than this is not in the books: nobody knows what the frequency was. */
    private static final double LONGEST_SECONDS = 5;

    private final ModelBank bank;
    private final TemperatureFilter temperature;

    // Running sums at the end of each entry, and what the models said then, by entry modulo KEPT.
    private final double[] seconds = new double[KEPT];
    private final double[] gainedNanos = new double[KEPT]; // integral of the frequency
    private final double[][] degreeSeconds = new double[TemperatureFilter.TERMS][KEPT];
    private final double[][] modelPpb = new double[2 * HORIZONS][KEPT];

    private double sumSeconds;
    private double sumGainedNanos;
    private final double[] sumDegreeSeconds = new double[TemperatureFilter.TERMS];
    private double entrySeconds;
    private int entries;

    private final double[] meanSquare = new double[TRIALS]; // of the forecasts' errors, ppb squared
    private final double[] trials = new double[TRIALS];

    private boolean planned;
    private final int[] plan = new int[HORIZONS]; // the way for each horizon; -1: none is known well enough
    private final double[] planPpb = new double[HORIZONS];

    HoldoverPredictor(ModelBank bank, TemperatureFilter temperature) {
        this.bank = bank;
        this.temperature = temperature;
    }

    /** What all trials have shown. */
    List<Learned.Forecast> learned() {
        List<Learned.Forecast> forecasts = new ArrayList<>();
        for (int i = 0; i < TRIALS; i++) {
            forecasts.add(new Learned.Forecast(meanSquare[i], trials[i]));
        }
        return forecasts;
    }

    /** What an earlier run's trials have shown. */
    void begin(List<Learned.Forecast> forecasts) {
        for (int i = 0; i < TRIALS; i++) {
            meanSquare[i] = forecasts.get(i).meanSquare();
            trials[i] = forecasts.get(i).trials();
        }
    }

    /** An edge came {@code sinceSeconds} after the one before; {@code frequencyPpb} is what the models hold the crystal to be now. */
    void onEdge(double sinceSeconds, double frequencyPpb) {
        planned = false;
        if (sinceSeconds > LONGEST_SECONDS) {
            return;
        }
        sumSeconds += sinceSeconds;
        sumGainedNanos += sinceSeconds * frequencyPpb;
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            sumDegreeSeconds[i] += sinceSeconds * temperature.degrees(i);
        }
        entrySeconds += sinceSeconds;
        if (entrySeconds > ENTRY_SECONDS - 0.5) {
            entrySeconds = 0;
            enter(frequencyPpb);
        }
    }

    private void enter(double frequencyPpb) {
        entries++;
        int slot = entries % KEPT;
        seconds[slot] = sumSeconds;
        gainedNanos[slot] = sumGainedNanos;
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            degreeSeconds[i][slot] = sumDegreeSeconds[i];
        }
        for (int h = 0; h < HORIZONS; h++) {
            modelPpb[2 * h][slot] = modelForecast(h, false, frequencyPpb);
            modelPpb[2 * h + 1][slot] = modelForecast(h, true, frequencyPpb);
            if (entries - HORIZON_MINUTES[h] >= FIRST_ENTRIES) {
                tryOut(h);
            }
        }
    }

    /** What the models say now of the mean frequency over the horizon; {@code warm}: less what the temperature will do. */
    private double modelForecast(int horizon, boolean warm, double frequencyPpb) {
        double steady = warm ? frequencyPpb - bank.temperaturePpb(temperature) : frequencyPpb;
        return steady + meanDrift(HORIZON_MINUTES[horizon] * 60.0);
    }

    /** What the present drift, dying away, adds to the mean frequency of the next {@code horizonSeconds}. */
    private double meanDrift(double horizonSeconds) {
        double tau = CrystalModel.DRIFT_SECONDS;
        double share = 1 - tau / horizonSeconds * -Math.expm1(-horizonSeconds / tau);
        return bank.driftPpbPerSecond() * tau * share;
    }

    /** The time since one horizon ago has shown what then was the right forecast. */
    private void tryOut(int horizon) {
        int then = entries - HORIZON_MINUTES[horizon];
        for (int way = 0; way < WAYS; way++) {
            if (then - window(way) < FIRST_MINUTES) {
                continue;
            }
            double error = pastForecast(then, horizon, way) - meanSince(then, way);
            int trial = horizon * WAYS + way;
            trials[trial]++;
            meanSquare[trial] += (error * error - meanSquare[trial]) / Math.min(trials[trial], MEMORY_TRIALS);
        }
    }

    /** What {@code way} said at entry {@code then} of the mean frequency over the horizon; with temperature: less its effect. */
    private double pastForecast(int then, int horizon, int way) {
        if (window(way) == 0) {
            return modelPpb[2 * horizon + (usesTemperature(way) ? 1 : 0)][then % KEPT];
        }
        int from = (then - window(way)) % KEPT;
        int to = then % KEPT;
        double sum = gainedNanos[to] - gainedNanos[from];
        if (usesTemperature(way)) {
            for (int i = 0; i < TemperatureFilter.TERMS; i++) {
                sum -= bank.ppbPerDegree(i) * (degreeSeconds[i][to] - degreeSeconds[i][from]);
            }
        }
        return sum / (seconds[to] - seconds[from]);
    }

    /** Mean frequency from entry {@code then} to the last edge; where {@code way} uses temperature: less its effect. */
    private double meanSince(int then, int way) {
        int from = then % KEPT;
        double sum = sumGainedNanos - gainedNanos[from];
        if (usesTemperature(way)) {
            for (int i = 0; i < TemperatureFilter.TERMS; i++) {
                sum -= bank.ppbPerDegree(i) * (sumDegreeSeconds[i] - degreeSeconds[i][from]);
            }
        }
        return sum / (sumSeconds - seconds[from]);
    }

    private static int window(int way) {
        return WINDOW_MINUTES[way / 2];
    }

    private static boolean usesTemperature(int way) {
        return way % 2 == 1;
    }

    /** The frequency to hold {@code ageSeconds} after the last edge, ppb; NaN while too little has been tried out. */
    double frequencyPpb(double ageSeconds) {
        makePlan();
        int h = 0;
        while (h < HORIZONS - 1 && plan[h + 1] >= 0 && ageSeconds > HORIZON_MINUTES[h] * 60.0) {
            h++;
        }
        if (plan[h] < 0) {
            return Double.NaN;
        }
        double ppb = planPpb[h];
        boolean warm = usesTemperature(plan[h]);
        if (h > 0 && warm == usesTemperature(plan[h - 1])) {
            // A forecast is the mean from the start: this stretch has what the shorter horizon leaves.
            double whole = planPpb[h] * HORIZON_MINUTES[h] - planPpb[h - 1] * HORIZON_MINUTES[h - 1];
            ppb = whole / (HORIZON_MINUTES[h] - HORIZON_MINUTES[h - 1]);
        }
        return warm ? ppb + bank.temperaturePpb(temperature) : ppb;
    }

    /** How far off the clock may be {@code ageSeconds} after the last edge, one sigma, ns; NaN while too little has been tried out. */
    double sigmaNanos(double ageSeconds) {
        makePlan();
        if (plan[0] < 0) {
            return Double.NaN;
        }
        double sinceSeconds = 0;
        double sinceNanos = 0;
        for (int h = 0; h < HORIZONS && plan[h] >= 0; h++) {
            double untilSeconds = HORIZON_MINUTES[h] * 60.0;
            double untilNanos = Math.max(sinceNanos, untilSeconds * Math.sqrt(meanSquare[h * WAYS + plan[h]]));
            if (ageSeconds <= untilSeconds) {
                return sinceNanos
                        + (untilNanos - sinceNanos) * (ageSeconds - sinceSeconds) / (untilSeconds - sinceSeconds);
            }
            sinceSeconds = untilSeconds;
            sinceNanos = untilNanos;
        }
        // Beyond what was tried: as the phase of a random walk of the frequency grows.
        return sinceNanos * Math.pow(ageSeconds / sinceSeconds, 1.5);
    }

    private void makePlan() {
        if (planned) {
            return;
        }
        planned = true;
        Arrays.fill(plan, -1);
        for (int h = 0; h < HORIZONS; h++) {
            for (int way = 0; way < WAYS; way++) {
                // An earlier run has tried it, perhaps, but this one must have the past that it looks at.
                boolean tried = trials[h * WAYS + way] >= LEAST_TRIALS
                        && (window(way) == 0 || entries - window(way) >= FIRST_MINUTES);
                if (tried && (plan[h] < 0 || meanSquare[h * WAYS + way] < meanSquare[h * WAYS + plan[h]])) {
                    plan[h] = way;
                    planPpb[h] = window(way) == 0
                            ? modelForecast(h, usesTemperature(way), bank.frequencyPpb(temperature))
                            : meanSince(entries - window(way), way);
                }
            }
        }
    }
}
