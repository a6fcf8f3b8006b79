package org.noonmark.discipline;

import org.noonmark.nmea.PulseNotice;

/**
 * What a timing receiver says of the pulse that it is about to give: the grain of its own clock lets each one come a little early or
 * late (UBX-TIM-TP, qErr). A notice speaks of the next pulse; it is matched by its time of week, whatever the week. It is applied on
 * trial first, and on only if that is seen to bring the edges nearer to their predictions: a wrong sign, or a notice that means another
 * pulse, would put the sawtooth in twice.
 */
final class PulseQuantisation {
    /** What has been seen of the notices' worth. */
    enum Worth {
        /** Too little so far. They are applied meanwhile: a filter that follows a slow sawtooth hides it from the trial. */
        TRIED,
        /** Too small to be seen beside the stamps' jitter: neither used nor missed. */
        UNSEEN,
        /** Applying them brings the edges nearer to their predictions. */
        HELPS,
        /** Applying them moves the edges away from their predictions. */
        HARMS
    }

    private static final long WEEK_SECONDS = 604_800;

    /** 1980-01-06, POSIX count. */
    private static final long GPS_EPOCH_SECONDS = 315_964_800;

    /** Leap seconds between GPS time and UTC: never fewer than none, and 60 not in this century. */
    private static final long MOST_LEAP_SECONDS = 60;

    /** Notices in GNSS time that stand in the same relation to UTC before they are understood. */
    private static final int NOTICES_ALIKE = 8;

    /** No grain is coarser: 10 MHz have 50 ns either way. */
    private static final double MOST_NANOS = 60;

    /** Edges over which the worth is averaged, and before a first judgement. */
    private static final double MEMORY_EDGES = 500;

    private static final double FIRST_EDGES = 100;

    /** A judgement needs this many sigmas; the sawtooth of neighbouring pulses is alike, so fewer would deceive. */
    private static final double SIGMAS = 5;

    /** Edges further off than this, in sigmas expected, say nothing of nanoseconds. */
    private static final double NEAR_SIGMAS = 4;

    private long timeOfWeekSeconds = -1;
    private boolean utcBase;
    private double lateNanos;
    private long leapSeconds = -1;
    private int alike;
    private Worth worth = Worth.TRIED;
    private double edges;
    private double meanGain;
    private double squareGain;

    /** The receiver has announced its next pulse. */
    void onNotice(PulseNotice notice) {
        double late = -notice.quantizationErrorPicos() * 1e-3;
        boolean usable = notice.quantizationValid() && notice.towMillis() % 1_000 == 0 && Math.abs(late) <= MOST_NANOS;
        timeOfWeekSeconds = usable ? notice.towMillis() / 1_000 : -1;
        utcBase = notice.utcBase();
        lateNanos = late;
    }

    /** How late the pulse of the second {@code utcSeconds} (POSIX count) came by its receiver's word; NaN where it said nothing. */
    double announcedNanos(long utcSeconds) {
        if (timeOfWeekSeconds < 0) {
            return Double.NaN;
        }
        long ahead = Math.floorMod(timeOfWeekSeconds - (utcSeconds - GPS_EPOCH_SECONDS), WEEK_SECONDS);
        timeOfWeekSeconds = -1;
        if (utcBase) {
            return ahead == 0 ? lateNanos : Double.NaN;
        }
        alike = ahead == leapSeconds ? alike + 1 : 0;
        leapSeconds = ahead;
        return ahead < MOST_LEAP_SECONDS && alike >= NOTICES_ALIKE ? lateNanos : Double.NaN;
    }

    /** Whether what is announced is to be applied. */
    boolean isApplied() {
        return worth == Worth.HELPS || worth == Worth.TRIED;
    }

    Worth worth() {
        return worth;
    }

    /**
     * An edge, as it was stamped, lay {@code innovationNanos} off its prediction (reference minus local), where {@code sigma} was
     * expected; {@code late} was announced of it.
     */
    void onEdge(double innovationNanos, double sigma, double late) {
        if (Double.isNaN(late) || Math.abs(innovationNanos) > NEAR_SIGMAS * sigma) {
            return;
        }
        double applied = innovationNanos + late;
        double gain = innovationNanos * innovationNanos - applied * applied;
        edges++;
        double rate = 1 / Math.min(edges, MEMORY_EDGES);
        meanGain += rate * (gain - meanGain);
        squareGain += rate * (gain * gain - squareGain);
        if (edges >= FIRST_EDGES) {
            double sigmaOfMean = Math.sqrt((squareGain - meanGain * meanGain) / Math.min(edges, MEMORY_EDGES));
            if (meanGain > SIGMAS * sigmaOfMean) {
                worth = Worth.HELPS;
            } else if (meanGain < -SIGMAS * sigmaOfMean) {
                worth = Worth.HARMS;
            } else if (worth == Worth.TRIED && edges >= MEMORY_EDGES) {
                worth = Worth.UNSEEN;
            }
        }
    }
}
