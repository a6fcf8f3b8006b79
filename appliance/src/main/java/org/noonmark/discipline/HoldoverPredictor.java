package org.noonmark.discipline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Foretells the frequency when edges stay away. While they come it tries itself, every minute and for several horizons: which mean of
 * the past (of 5, 20, 60 minutes, what the models say, or what a {@link PastPattern} makes of it), with or without the learned effect
 * of temperature, would have foretold the time that has now passed best? In an outage that one is used; and how wrong it was on
 * average is what the server admits.
 *
 * <p>Beyond half a day, which is the longest that is tried, the crystal of a board without a sensor is held at the mean of the last
 * day: what warm and cold hours do cancels over the whole outage at the latest.
 */
final class HoldoverPredictor {
    private static final int[] HORIZON_MINUTES = {10, 60, 240, 720};
    private static final int HORIZONS = HORIZON_MINUTES.length;

    /** Window of the past; 0: what the models say at the end of it. */
    private static final int[] WINDOW_MINUTES = {0, 5, 20, 60};

    /** The plain mean from which a {@link PastPattern} starts: the further it looks, the longer; an index of the windows. */
    private static final int[] PLAIN = {1, 2, 3, 3};

    /** After the windows: what a pattern makes of them. */
    private static final int PATTERN = WINDOW_MINUTES.length;

    /** Each without temperature (even) and with it (odd). */
    private static final int WAYS = 2 * (PATTERN + 1);

    /** Of those, what is kept for the next run: patterns are learned anew. */
    private static final int LASTING_WAYS = 2 * PATTERN;

    /** Each lasting way for each horizon. */
    static final int TRIALS = HORIZONS * LASTING_WAYS;

    /** A day, but for the first minutes of a run: over it, warm and cold hours cancel. */
    private static final int DAY_MINUTES = 1_430;

    /** Minutes kept: a day, the longest horizon with the longest look before it, and some. */
    private static final int KEPT = 1_600;

    /** Minutes before forecasts count: the models are still settling. */
    private static final int FIRST_MINUTES = 30;

    /** Patterns are learned only from times that can be seen so far back as this, minutes. */
    private static final int LEARNING_REACH = 60;

    /** A day of trials counts; before, half of them, so that what has improved since counts more. */
    private static final double MEMORY_TRIALS = 1_440;

    /** A way is believed after an hour of trials. */
    private static final double LEAST_TRIALS = 60;

    /** Trials of a horizon are made every minute, and overlap: so many horizons must go by before a pattern is learned, or a trial forgotten. */
    private static final double LEAST_HORIZONS = 8;

    /**
     * How the phase goes on being missed beyond what was tried: half-way between a frequency that is missed by the same all the time (1) and
     * one that walks (1.5), because what days and nights do cancels there.
     */
    private static final double GROWTH_BEYOND = 1.25;

    /** What a random walk would do counts like one trial. */
    private static final double GUESSES = 1;

    private final ModelBank bank;
    private final TemperatureFilter temperature;
    private final FrequencyBook book;
    private final PastPattern[] patterns = new PastPattern[2 * HORIZONS];

    private final double[] meanSquare = new double[HORIZONS * WAYS]; // of the forecasts' errors, ppb squared
    private final double[] trials = new double[HORIZONS * WAYS];

    private boolean planned;
    private final int[] plan = new int[HORIZONS]; // the way for each horizon; -1: none is known well enough
    private final double[] planPpb = new double[HORIZONS];
    private double dayPpb; // mean of the last day, where it is known

    HoldoverPredictor(ModelBank bank, TemperatureFilter temperature) {
        this.bank = bank;
        this.temperature = temperature;
        book = new FrequencyBook(bank, temperature, KEPT);
        Arrays.setAll(patterns, i -> new PastPattern(HORIZON_MINUTES[i / 2], HORIZON_MINUTES[i / 2]));
    }

    /** What all trials have shown. */
    List<Learned.Forecast> learned() {
        List<Learned.Forecast> forecasts = new ArrayList<>();
        for (int h = 0; h < HORIZONS; h++) {
            for (int way = 0; way < LASTING_WAYS; way++) {
                forecasts.add(new Learned.Forecast(meanSquare[h * WAYS + way], trials[h * WAYS + way]));
            }
        }
        return forecasts;
    }

    /** What an earlier run's trials have shown. */
    void begin(List<Learned.Forecast> forecasts) {
        for (int h = 0; h < HORIZONS; h++) {
            for (int way = 0; way < LASTING_WAYS; way++) {
                meanSquare[h * WAYS + way] =
                        forecasts.get(h * LASTING_WAYS + way).meanSquare();
                trials[h * WAYS + way] = forecasts.get(h * LASTING_WAYS + way).trials();
            }
        }
    }

    /** An edge came {@code sinceSeconds} after the one before; {@code frequencyPpb} is what the models hold the crystal to be now. */
    void onEdge(double sinceSeconds, double frequencyPpb) {
        planned = false;
        if (!book.onEdge(sinceSeconds, frequencyPpb)) {
            return;
        }
        for (int h = 0; h < HORIZONS; h++) {
            if (book.minutes() - HORIZON_MINUTES[h] >= FIRST_MINUTES) {
                tryOut(h, false);
                tryOut(h, true);
            }
            for (int warm = 0; warm < 2; warm++) {
                patterns[2 * h + warm].renew(book.minutes(), meanSquare[h * WAYS + 2 * PATTERN + warm]);
            }
        }
    }

    /** The edges of the last {@code minutes} were no pulses of a receiver: nothing follows from them. */
    void takeBack(int minutes) {
        planned = false;
        book.takeBack(minutes);
    }

    /** The time since one horizon ago has shown what then was the right forecast. */
    private void tryOut(int h, boolean warm) {
        int then = book.minutes() - HORIZON_MINUTES[h];
        if (!book.isWhole(then, book.now())) {
            return; // what was foretold for that time was not put to the test: more has passed
        }
        double truth = book.meanPpb(then, book.now(), warm);
        double stood = book.stoodPpb(then, warm);
        double drift = meanDrift(h, book.driftedPpbPerSecond(then));
        judge(h, way(0, warm), stood + drift - truth);
        for (int kind = 1; kind < PATTERN; kind++) {
            int since = then - WINDOW_MINUTES[kind];
            if (book.reachesBackTo(since)) {
                judge(h, way(kind, warm), book.meanPpb(since, then, warm) - truth);
            }
        }
        int from = then - WINDOW_MINUTES[PLAIN[h]];
        if (book.reachesBackTo(from)) {
            PastPattern pattern = patterns[2 * h + (warm ? 1 : 0)];
            double plain = book.meanPpb(from, then, warm);
            pattern.look(book, then, warm, plain, stood + drift);
            judge(h, way(PATTERN, warm), plain + pattern.forecastPpbThen(then) - truth);
            if (book.isUnbrokenSince(then - LEARNING_REACH)) {
                pattern.learn(truth - plain);
            }
        }
    }

    private void judge(int h, int way, double errorPpb) {
        int trial = h * WAYS + way;
        trials[trial]++;
        double memory = Math.max(0.5 * trials[trial], LEAST_HORIZONS * HORIZON_MINUTES[h]);
        meanSquare[trial] +=
                (errorPpb * errorPpb - meanSquare[trial]) / Math.min(trials[trial], Math.min(memory, MEMORY_TRIALS));
    }

    /** What a drift, dying away, adds to the mean frequency of the horizon. */
    private static double meanDrift(int horizon, double ppbPerSecond) {
        double seconds = HORIZON_MINUTES[horizon] * 60.0;
        double tau = CrystalModel.DRIFT_SECONDS;
        double share = 1 - tau / seconds * -Math.expm1(-seconds / tau);
        return ppbPerSecond * tau * share;
    }

    private static int way(int kind, boolean warm) {
        return 2 * kind + (warm ? 1 : 0);
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
        if (!warm && ageSeconds > HORIZON_MINUTES[HORIZONS - 1] * 60.0 && isDayKnown()) {
            return dayPpb;
        }
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
        double square = 0;
        for (int h = 0; h < HORIZONS && plan[h] >= 0; h++) {
            square = h == 0 ? meanSquare[plan[0]] : lengthened(h, square);
            double untilSeconds = HORIZON_MINUTES[h] * 60.0;
            double untilNanos = untilSeconds * Math.sqrt(square);
            if (ageSeconds <= untilSeconds) {
                return sinceNanos
                        + (untilNanos - sinceNanos) * (ageSeconds - sinceSeconds) / (untilSeconds - sinceSeconds);
            }
            sinceSeconds = untilSeconds;
            sinceNanos = untilNanos;
        }
        return sinceNanos * Math.pow(ageSeconds / sinceSeconds, GROWTH_BEYOND);
    }

    /**
     * Mean square of what the plan for a horizon misses, given {@code shorter}, that for the one before. A longer time is not foretold better
     * than a shorter one; and what was tried in a time not much longer than itself says little: it is held against what the shorter one
     * would miss if the frequency were a random walk.
     */
    private double lengthened(int h, double shorter) {
        int trial = h * WAYS + plan[h];
        double growth = (double) HORIZON_MINUTES[h] / HORIZON_MINUTES[h - 1];
        double independent = trials[trial] / HORIZON_MINUTES[h];
        double expected = (independent * meanSquare[trial] + GUESSES * growth * shorter) / (independent + GUESSES);
        return Math.max(shorter, expected);
    }

    private void makePlan() {
        if (planned) {
            return;
        }
        planned = true;
        Arrays.fill(plan, -1);
        for (int h = 0; h < HORIZONS; h++) {
            for (int way = 0; way < WAYS; way++) {
                if (isKnown(h, way) && (plan[h] < 0 || meanSquare[h * WAYS + way] < meanSquare[h * WAYS + plan[h]])) {
                    plan[h] = way;
                }
            }
            if (plan[h] >= 0) {
                planPpb[h] = forecastPpb(h, plan[h] / 2, usesTemperature(plan[h]));
            }
        }
        if (isDayKnown()) {
            dayPpb = book.meanPpb(book.now() - DAY_MINUTES, book.now(), false);
        }
    }

    private boolean isDayKnown() {
        return book.reachesBackTo(book.now() - DAY_MINUTES);
    }

    /** Whether a way has been tried enough. An earlier run has done it, perhaps, but this one must have the past that it looks at. */
    private boolean isKnown(int h, int way) {
        int kind = way / 2;
        boolean tried = trials[h * WAYS + way] >= LEAST_TRIALS
                && (kind < PATTERN || patterns[2 * h + way % 2].samples() >= LEAST_HORIZONS * HORIZON_MINUTES[h]);
        int window = WINDOW_MINUTES[kind < PATTERN ? kind : PLAIN[h]];
        return tried && (window == 0 || book.reachesBackTo(book.now() - window));
    }

    /** What a way says now of the mean frequency over the horizon; {@code warm}: less what the temperature will do. */
    private double forecastPpb(int h, int kind, boolean warm) {
        double now = book.now();
        double model = book.standsPpb(warm) + meanDrift(h, book.driftsPpbPerSecond());
        if (kind == 0) {
            return model;
        }
        if (kind < PATTERN) {
            return book.meanPpb(now - WINDOW_MINUTES[kind], now, warm);
        }
        double plain = book.meanPpb(now - WINDOW_MINUTES[PLAIN[h]], now, warm);
        PastPattern pattern = patterns[2 * h + (warm ? 1 : 0)];
        pattern.look(book, now, warm, plain, model);
        return plain + pattern.forecastPpb();
    }
}
