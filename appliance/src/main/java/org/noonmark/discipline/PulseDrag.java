package org.noonmark.discipline;

/**
 * Notices pulses that run away as no crystal does: within a minute they leave what the five minutes before foretold, further than the
 * crystal has ever gone, go on doing so, and the temperature has stood still meanwhile. Only a sensor can tell that from a fan that
 * starts; without one, and until an hour has shown what this crystal does, nothing is noticed. Pulses dragged by less than 40 ns a second
 * pass for wander. Phases are the free crystal's, reference minus local, ns.
 */
final class PulseDrag {
    /** The minute that may be spoilt, and the one before it. */
    static final int SPOILT_MINUTES = 2;

    private static final double STEP_SECONDS = 4.5;

    /** The stretch that may be dragged, of 5 s steps: a minute. */
    private static final int RECENT = 12;

    private static final double RECENT_SECONDS = 60;

    /** The stretch that it is held against. */
    private static final int PAST = 60;

    /** Who jumped and stands again was not dragged: the last quarter of a minute must have its share. */
    private static final int LAST = 3;

    private static final double LAST_SHARE = 0.1;

    private static final int KEPT = RECENT + PAST + 1;

    /** The temperature must have stood still for two minutes. */
    private static final int STILL_STEPS = 24;

    /** Edges missing for longer break the track. */
    private static final double LONGEST_SECONDS = 10;

    /** The first edges after that may have been late ones. */
    private static final double SETTLE_SECONDS = 60;

    /** Sigmas of what this crystal does in a minute, and the least that is noticed: 40 ppb over a minute. */
    private static final double SIGMAS = 8;

    private static final double LEAST_NANOS = 2_400;

    /** What a crystal did once it may do again, and a little more. */
    private static final double ROOM = 1.5;

    /** An hour before anything is noticed; a day is remembered. */
    private static final double LEAST_TRIALS = 720;

    private static final double MEMORY_TRIALS = 17_280;

    private static final long LARGE_STEP_NANOS = 1_000_000_000L;

    private final double[] phase = new double[KEPT];
    private final double[] moment = new double[KEPT];
    private final double[][] degreeSeconds = new double[TemperatureFilter.TERMS][KEPT];
    private final double[] passedDegreeSeconds = new double[TemperatureFilter.TERMS];
    private final ModelBank bank;
    private double correctedNanos;
    private double seconds;
    private double lastEdge;
    private double settledAt;
    private int steps;
    private int stillSteps;
    private double meanSquare;
    private double trials;
    private double ppb;
    private double away;

    PulseDrag(ModelBank bank) {
        this.bank = bank;
    }

    /** Time has passed. */
    void advance(Elapsed elapsed) {
        seconds += elapsed.seconds();
        correctedNanos += elapsed.correctedNanos();
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            passedDegreeSeconds[i] += elapsed.degreeSeconds(i);
        }
    }

    /** The clock was moved by {@code deltaNanos}. */
    void onStepped(long deltaNanos) {
        if (Math.abs(deltaNanos) < LARGE_STEP_NANOS) {
            correctedNanos += deltaNanos;
        } else {
            // Years, as at a first setting, would leave no digits for nanoseconds.
            correctedNanos = 0;
            forget();
        }
    }

    /**
     * An edge was followed.
     *
     * @param offsetNanos of the clock, as it is known now
     * @param still whether the temperature is known to stand still
     * @return whether the pulses run away
     */
    boolean onEdge(double offsetNanos, boolean still) {
        if (seconds - lastEdge > LONGEST_SECONDS) {
            forget();
        }
        lastEdge = seconds;
        if (seconds < settledAt) {
            return false;
        }
        if (steps > 0 && seconds - moment[index(0)] < STEP_SECONDS) {
            return false;
        }
        steps++;
        phase[index(0)] = offsetNanos + correctedNanos;
        moment[index(0)] = seconds;
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            degreeSeconds[i][index(0)] = passedDegreeSeconds[i];
        }
        stillSteps = still ? stillSteps + 1 : 0;
        return steps >= KEPT && stillSteps >= STILL_STEPS && runsAway();
    }

    private boolean runsAway() {
        ppb = gained(RECENT, RECENT + PAST) / (moment[index(RECENT)] - moment[index(RECENT + PAST)]);
        away = gained(0, RECENT) - ppb * (seconds - moment[index(RECENT)]);
        double last = gained(0, LAST) - ppb * (seconds - moment[index(LAST)]);
        boolean far = Math.abs(away) > Math.max(LEAST_NANOS, SIGMAS * sigmaNanos());
        if (trials >= LEAST_TRIALS && far) {
            return last / away > LAST_SHARE;
        }
        trials++;
        meanSquare += (away * away - meanSquare) / Math.min(trials, MEMORY_TRIALS);
        return false;
    }

    /** By the crystal itself, less what the temperature explains, as is known now. */
    private double gained(int to, int from) {
        double nanos = phase[index(to)] - phase[index(from)];
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            nanos -= bank.ppbPerDegree(i) * (degreeSeconds[i][index(to)] - degreeSeconds[i][index(from)]);
        }
        return nanos;
    }

    private int index(int stepsAgo) {
        return Math.floorMod(steps - stepsAgo, KEPT);
    }

    /** The crystal has changed its rate by {@code ppb} by itself, and may do so again: for a day or two that is not noticed. */
    void allow(double ppb) {
        double sigma = ROOM * Math.max(Math.abs(away), Math.abs(ppb) * RECENT_SECONDS) / SIGMAS;
        meanSquare = Math.max(meanSquare, sigma * sigma);
    }

    /** The track begins anew; what the crystal does is remembered. */
    void forget() {
        steps = 0;
        stillSteps = 0;
        settledAt = seconds + SETTLE_SECONDS;
    }

    /** What the crystal does in a minute, one sigma. */
    double sigmaNanos() {
        return Math.sqrt(meanSquare);
    }

    /** Where pulses run away: the crystal's frequency before, less what the temperature explains. */
    double ppbBefore() {
        return ppb;
    }

    /** Where pulses run away: how far they have gone. */
    double awayNanos() {
        return away;
    }
}
