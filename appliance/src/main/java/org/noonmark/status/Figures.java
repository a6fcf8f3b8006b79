package org.noonmark.status;

import static org.noonmark.status.ChronycFigures.format;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers for a person: two or three digits that matter, and a unit. */
final class Figures {
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final double MINUTE = 60;
    private static final double HOUR = 3_600;
    private static final double DAY = 86_400;

    private Figures() {}

    /** A small stretch of time with its sign: {@code -38 ns}, {@code 1.2 us}, {@code 131 ms}, {@code 4.5 s}. */
    static String nanos(double nanos) {
        double size = Math.abs(nanos);
        if (!Double.isFinite(nanos)) {
            return "unknown";
        }
        if (size < 999.5) {
            return format("%.0f ns", nanos);
        }
        if (size < 999.5e3) {
            return format(size < 9.95e3 ? "%.1f us" : "%.0f us", nanos / 1e3);
        }
        if (size < 999.5e6) {
            return format(size < 9.95e6 ? "%.1f ms" : "%.0f ms", nanos / 1e6);
        }
        return size < 100e9 ? format("%.1f s", nanos / 1e9) : (nanos < 0 ? "-" : "") + lasting(size / 1e9);
    }

    /** A bound: like {@link #nanos}, rounded up, so that what is printed still bounds. */
    static String bound(long nanos) {
        long unit = nanos < 1_000
                ? 1
                : nanos < 9_900 ? 100 : nanos < 1_000_000 ? 1_000 : nanos < 9_900_000 ? 100_000 : 1_000_000;
        return nanos((double) (Math.ceilDiv(nanos, unit) * unit));
    }

    /** How long something lasts: {@code 0.4 s}, {@code 12 s}, {@code 5 min 3 s}, {@code 2 h 14 min}, {@code 3 d 4 h}. */
    static String lasting(double seconds) {
        double s = Math.max(0, seconds);
        if (s < 10) {
            return format("%.1f s", s);
        }
        if (s < MINUTE) {
            return format("%.0f s", Math.floor(s));
        }
        if (s < HOUR) {
            return format("%d min %d s", (long) (s / MINUTE), (long) (s % MINUTE));
        }
        return s < DAY
                ? format("%d h %d min", (long) (s / HOUR), (long) (s % HOUR / MINUTE))
                : format("%d d %d h", (long) (s / DAY), (long) (s % DAY / HOUR));
    }

    /** The time since {@code stampNanos}: {@code 0.4 s ago}, or {@code never} for 0. */
    static String ago(long stampNanos, long nowNanos) {
        return stampNanos == 0 ? "never" : lasting((nowNanos - stampNanos) / 1e9) + " ago";
    }

    /** {@code 2026-11-22 12:00:00}. */
    static String dateTime(long unixNanos) {
        return DATE_TIME.format(Instant.ofEpochSecond(Math.floorDiv(unixNanos, 1_000_000_000L)));
    }

    /** {@code 2026-11-22}. */
    static String date(long unixSeconds) {
        return LocalDate.ofEpochDay(Math.floorDiv(unixSeconds, 86_400L)).toString();
    }

    /** {@code 12:00:00}. */
    static String time(long unixSeconds) {
        return TIME.format(Instant.ofEpochSecond(unixSeconds));
    }
}
