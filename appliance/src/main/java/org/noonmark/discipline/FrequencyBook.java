package org.noonmark.discipline;

/**
 * What the crystal did, minute by minute: running sums of its frequency and of the temperature's terms, from which the mean over any
 * stretch follows, and what the models foretold at the end of each minute, a drift believed no further than it stands out. Moments are
 * told in minutes on the book's own count, which stands still while no edges come. Allocates nothing after construction.
 */
final class FrequencyBook {
    /** Minutes that have just begun to be written count as full from here, seconds: edges may be missing. */
    private static final double MINUTE_SECONDS = 59.5;

    /** A stretch without edges longer than this is not in the book: nobody knows what the frequency was. */
    private static final double LONGEST_SECONDS = 5;

    /** Of a time in which few edges were missing. */
    private static final double MOST_STRETCH = 1.05;

    /** The first minutes are left out: the frequency was still being found. */
    private static final int FIRST_MINUTE = 5;

    private static final int SECONDS = 0;
    private static final int NANOS = 1;
    private static final int DEGREES = 2; // in both
    private static final int ELAPSED = DEGREES + TemperatureFilter.TERMS; // with the time when no edges came
    private static final int SUMS = ELAPSED + 1;

    private static final int FREQUENCY = 0;
    private static final int DRIFT = 1;
    private static final int STANDS = DEGREES + TemperatureFilter.TERMS;

    private final ModelBank bank;
    private final TemperatureFilter temperature;
    private final int kept;
    private final double[][] sums; // at the end of each minute, by its number modulo kept
    private final double[][] stood; // then
    private final double[] sum = new double[SUMS]; // at the last edge
    private final double[] stands = new double[STANDS]; // then
    private int minutes;
    private double minuteSeconds;
    private int unbrokenSince = FIRST_MINUTE;

    /** {@code kept}: how many minutes it reaches back. */
    FrequencyBook(ModelBank bank, TemperatureFilter temperature, int kept) {
        this.bank = bank;
        this.temperature = temperature;
        this.kept = kept;
        sums = new double[SUMS][kept];
        stood = new double[STANDS][kept];
    }

    /**
     * An edge came {@code sinceSeconds} after the one before; {@code ppb} is what the models hold the crystal to be now. Whether a minute is
     * full.
     */
    boolean onEdge(double sinceSeconds, double ppb) {
        stands[FREQUENCY] = bank.shrunkFrequencyPpb(temperature);
        stands[DRIFT] = bank.shrunkDriftPpbPerSecond();
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            stands[DEGREES + i] = temperature.degrees(i);
        }
        sum[ELAPSED] += sinceSeconds;
        if (sinceSeconds > LONGEST_SECONDS) {
            unbrokenSince = minutes + 1;
            return false;
        }
        sum[SECONDS] += sinceSeconds;
        sum[NANOS] += sinceSeconds * ppb;
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            sum[DEGREES + i] += sinceSeconds * temperature.degrees(i);
        }
        minuteSeconds += sinceSeconds;
        if (minuteSeconds <= MINUTE_SECONDS) {
            return false;
        }
        minuteSeconds = 0;
        minutes++;
        for (int i = 0; i < SUMS; i++) {
            sums[i][minutes % kept] = sum[i];
        }
        for (int i = 0; i < STANDS; i++) {
            stood[i][minutes % kept] = stands[i];
        }
        return true;
    }

    /** The last {@code back} minutes, and what was begun after them, are no more in the book. */
    void takeBack(int back) {
        minutes = Math.max(0, minutes - back);
        minuteSeconds = 0;
        for (int i = 0; i < SUMS; i++) {
            sum[i] = sums[i][minutes % kept];
        }
        for (int i = 0; i < STANDS; i++) {
            stands[i] = stood[i][minutes % kept];
        }
    }

    /** Full minutes so far. */
    int minutes() {
        return minutes;
    }

    /** The moment of the last edge. */
    double now() {
        return minutes + minuteSeconds / 60;
    }

    /** Whether the book has every minute from {@code moment} on. */
    boolean reachesBackTo(double moment) {
        return moment >= FIRST_MINUTE && now() - moment < kept - 1;
    }

    /** Whether edges have come all the time since {@code moment}. */
    boolean isUnbrokenSince(double moment) {
        return moment >= unbrokenSince && reachesBackTo(moment);
    }

    /** Whether the time between two moments is about as long as it is in the book. */
    boolean isWhole(double from, double to) {
        double elapsed = at(ELAPSED, to) - at(ELAPSED, from);
        return elapsed <= MOST_STRETCH * (at(SECONDS, to) - at(SECONDS, from));
    }

    /** Mean frequency between two moments, ppb; {@code warm}: less what the temperature explains, as is known today. */
    double meanPpb(double from, double to, boolean warm) {
        double gained = at(NANOS, to) - at(NANOS, from);
        if (warm) {
            for (int i = 0; i < TemperatureFilter.TERMS; i++) {
                gained -= bank.ppbPerDegree(i) * (at(DEGREES + i, to) - at(DEGREES + i, from));
            }
        }
        return gained / (at(SECONDS, to) - at(SECONDS, from));
    }

    private double at(int which, double moment) {
        int minute = (int) moment;
        double begin = sums[which][minute % kept];
        if (moment == minute) {
            return begin;
        }
        boolean full = minute < minutes;
        double end = full ? sums[which][(minute + 1) % kept] : sum[which];
        double length = full ? 1 : now() - minutes;
        return begin + (end - begin) * (moment - minute) / length;
    }

    /** What the models foretold the frequency to be from the end of {@code minute}; {@code warm}: less what the temperature explains. */
    double stoodPpb(int minute, boolean warm) {
        double ppb = stood[FREQUENCY][minute % kept];
        for (int i = 0; warm && i < TemperatureFilter.TERMS; i++) {
            ppb -= bank.ppbPerDegree(i) * stood[DEGREES + i][minute % kept];
        }
        return ppb;
    }

    /** As {@link #stoodPpb}, at the last edge. */
    double standsPpb(boolean warm) {
        double ppb = stands[FREQUENCY];
        for (int i = 0; warm && i < TemperatureFilter.TERMS; i++) {
            ppb -= bank.ppbPerDegree(i) * stands[DEGREES + i];
        }
        return ppb;
    }

    /** The models' drift at the end of {@code minute}, as far as it was believed. */
    double driftedPpbPerSecond(int minute) {
        return stood[DRIFT][minute % kept];
    }

    /** The models' drift at the last edge, as far as it is believed. */
    double driftsPpbPerSecond() {
        return stands[DRIFT];
    }
}
