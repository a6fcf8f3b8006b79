package org.noonmark.nmea;

/** Calendar arithmetic on primitives: the hot path makes no LocalDate. */
final class CivilDate {
    private CivilDate() {}

    /** Days since 1970 of a Gregorian date, or {@link FixReport#UNKNOWN} when there is no such day or the year is beyond 1970 to 2399. */
    static long epochDay(int year, int month, int day) {
        if (year < 1970 || year > 2399 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
            return FixReport.UNKNOWN;
        }
        // March-based years put the leap day last; 719468 days lie between 0000-03-01 and 1970-01-01.
        int marchYear = month > 2 ? year : year - 1;
        int marchMonth = (month + 9) % 12;
        int yearDay = (153 * marchMonth + 2) / 5 + day - 1;
        return 365L * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + yearDay - 719468;
    }

    private static int daysIn(int year, int month) {
        return switch (month) {
            case 2 -> isLeap(year) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }
}
