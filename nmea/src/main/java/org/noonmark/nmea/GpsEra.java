package org.noonmark.nmea;

import java.time.LocalDate;

/**
 * Puts a receiver's date into the right era. GPS counts weeks modulo 1024 (19.6 years), RMC counts years modulo 100, and
 * firmware older than an era reports dates 1024 weeks early. No time before the floor can be true, so the repaired date is the
 * first one at or after the floor that the same digits, or the same week number, can mean.
 */
public final class GpsEra {
    /** 1980-01-06, the first day of GPS week 0. */
    static final long GPS_EPOCH_DAY = LocalDate.of(1980, 1, 6).toEpochDay();

    private static final long ERA_DAYS = 1024 * 7;

    private final long floorEpochDay;
    private final int floorYear;

    /** @param floor the earliest possible date: the program's build date, or somewhat before the reference date of a capture */
    public GpsEra(LocalDate floor) {
        floorEpochDay = floor.toEpochDay();
        floorYear = floor.getYear();
    }

    /**
     * The day meant by a two-digit year.
     *
     * @param twoDigitYear 0 to 99
     * @return days since 1970, or {@link FixReport#UNKNOWN} when there is no such day in that year
     */
    public long epochDayOf(int twoDigitYear, int month, int day) {
        // The nearest year below the floor too: an old firmware's date may mean that one, 1024 weeks early.
        int year = floorYear - Math.floorMod(floorYear - twoDigitYear, 100);
        long early = repaired(year, month, day);
        long late = repaired(year + 100, month, day);
        return early == FixReport.UNKNOWN || (late != FixReport.UNKNOWN && late < early) ? late : early;
    }

    /**
     * The day meant by a four-digit year.
     *
     * @return days since 1970, or {@link FixReport#UNKNOWN} when there is no such day
     */
    public long epochDayOfFullYear(int year, int month, int day) {
        return repaired(year, month, day);
    }

    /** The first day at or after the floor that lies a whole number of eras after {@code epochDay}; later days stay. */
    public long repair(long epochDay) {
        long missing = floorEpochDay - epochDay;
        return missing <= 0 ? epochDay : epochDay + (missing + ERA_DAYS - 1) / ERA_DAYS * ERA_DAYS;
    }

    private long repaired(int year, int month, int day) {
        long epochDay = CivilDate.epochDay(year, month, day);
        return epochDay == FixReport.UNKNOWN ? FixReport.UNKNOWN : repair(epochDay);
    }
}
