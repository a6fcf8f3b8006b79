package org.noonmark.discipline;

/**
 * A leap second to come.
 *
 * @param direction +1: a second 23:59:60 is inserted; -1: 23:59:59 is left out
 * @param atUnixSeconds the midnight that it comes before, as POSIX counts
 * @param source who says so, as shown to a person
 */
public record LeapSecond(int direction, long atUnixSeconds, String source) {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY_SECONDS = 86_400;

    /** What a clock that counts as POSIX does shows when it must be moved: by a second, against the direction. */
    long dueNanos() {
        return (direction > 0 ? atUnixSeconds : atUnixSeconds - 1) * SECOND;
    }

    /** By how much it must be moved. */
    long deltaNanos() {
        return -direction * SECOND;
    }

    /** Whether {@code unixSeconds} lies in the day that ends with it. */
    boolean isOfDay(long unixSeconds) {
        return unixSeconds < atUnixSeconds && unixSeconds >= atUnixSeconds - DAY_SECONDS;
    }
}
