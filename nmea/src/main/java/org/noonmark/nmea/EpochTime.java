package org.noonmark.nmea;

/**
 * Which second the current epoch is, put together from what its messages say: time of day (all), date (RMC, ZDA, PUBX,04, UBX), GPS
 * time of week (UBX). A date is carried on over midnight until the next one is heard.
 */
final class EpochTime {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;
    private static final long MILLIS_PER_DAY = 86_400_000L;
    /** Times closer than this are the same epoch: UBX nano and rounded sentences differ by less, epochs of 100 Hz by more. */
    private static final long SAME_EPOCH_NANOS = 5_000_000;

    private static final long WHOLE_SECOND_TOLERANCE_NANOS = 1_000_000;

    private long timeOfDayNanos = FixReport.UNKNOWN;
    private long towMillis = FixReport.UNKNOWN;
    private long epochDay = FixReport.UNKNOWN;
    /** Time of day that {@link #epochDay} was last used with, to see midnight pass. */
    private long dayTimeNanos;
    /** GPS minus UTC as the messages themselves show it, milliseconds. */
    private long leapMillis = FixReport.UNKNOWN;

    /** True when this time of day belongs to another epoch than the current one, or there is none yet. */
    boolean differs(long otherTimeOfDayNanos) {
        if (timeOfDayNanos == FixReport.UNKNOWN) {
            return towMillis == FixReport.UNKNOWN;
        }
        return Math.abs(otherTimeOfDayNanos - timeOfDayNanos) > SAME_EPOCH_NANOS;
    }

    /** True while no message of the epoch spoke its time of day. */
    boolean isUnnamed() {
        return timeOfDayNanos == FixReport.UNKNOWN;
    }

    /** True when this GPS time of week belongs to another epoch than the current one, or there is none yet. */
    boolean differsTow(long otherTowMillis) {
        if (towMillis != FixReport.UNKNOWN) {
            return towMillis != otherTowMillis;
        }
        return timeOfDayNanos == FixReport.UNKNOWN
                || (leapMillis != FixReport.UNKNOWN && differs(timeOfDayOf(otherTowMillis)));
    }

    /** A new epoch: only the date and the leap count stay. */
    void begin() {
        timeOfDayNanos = FixReport.UNKNOWN;
        towMillis = FixReport.UNKNOWN;
    }

    void onTow(long tow) {
        towMillis = tow;
        if (timeOfDayNanos == FixReport.UNKNOWN && leapMillis != FixReport.UNKNOWN) {
            onTimeOfDay(timeOfDayOf(tow));
        }
    }

    /** UTC and GPS time of week of the same instant: the receiver shows its leap count. */
    void learnLeap(long tow, long utcTimeOfDayNanos) {
        long difference = Math.floorMod(tow - Math.round(utcTimeOfDayNanos / (double) NANOS_PER_MILLI), MILLIS_PER_DAY);
        leapMillis = Math.round(difference / 1000.0) * 1000 % MILLIS_PER_DAY;
    }

    void onTimeOfDay(long nanos) {
        timeOfDayNanos = nanos;
        if (epochDay != FixReport.UNKNOWN) {
            long step = nanos - dayTimeNanos;
            if (step < -NANOS_PER_DAY / 2) {
                epochDay++;
            } else if (step > NANOS_PER_DAY / 2) {
                epochDay--;
            }
            dayTimeNanos = nanos;
        }
    }

    /** Date and time of day heard together. */
    void onDate(long day, long nanos) {
        epochDay = day;
        dayTimeNanos = nanos;
        timeOfDayNanos = nanos;
    }

    /** UTC of the epoch, nanoseconds since 1970, or {@link FixReport#UNKNOWN}. */
    long utcNanos() {
        return epochDay == FixReport.UNKNOWN || timeOfDayNanos == FixReport.UNKNOWN
                ? FixReport.UNKNOWN
                : epochDay * NANOS_PER_DAY + timeOfDayNanos;
    }

    /** True during second 60. */
    boolean leapSecond() {
        return timeOfDayNanos >= NANOS_PER_DAY - WHOLE_SECOND_TOLERANCE_NANOS && timeOfDayNanos != FixReport.UNKNOWN;
    }

    private long timeOfDayOf(long tow) {
        return Math.floorMod(tow - leapMillis, MILLIS_PER_DAY) * NANOS_PER_MILLI;
    }
}
