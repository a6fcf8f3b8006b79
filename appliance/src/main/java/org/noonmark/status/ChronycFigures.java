package org.noonmark.status;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers in the widths and units that chronyc's tables use, so that scripts made for them read ours. */
final class ChronycFigures {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE MMM dd HH:mm:ss yyyy", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** Added, it turns the zero that a changed sign left behind into the one that prints as {@code +0}. */
    private static final double POSITIVE_ZERO = 0.0;

    private ChronycFigures() {}

    /** Four columns: seconds, then minutes, hours, days, years; {@code -} for a negative count, which means never. */
    static String interval(long seconds) {
        if (seconds < 0) {
            return "   -";
        }
        if (seconds < 1_200) {
            return format("%4d", seconds);
        }
        if (seconds < 36_000) {
            return format("%3dm", seconds / 60);
        }
        if (seconds < 345_600) {
            return format("%3dh", seconds / 3_600);
        }
        long days = seconds / 86_400;
        return days > 999 ? format("%3dy", days / 365) : format("%3dd", days);
    }

    /** Six columns without a sign: {@code  102ns} to {@code 999.5s} and beyond. */
    static String magnitude(double nanos) {
        return withUnit(Math.abs(nanos), "%4.0f", "%5.1fs", "%5.0f");
    }

    /** Seven columns with a sign. */
    static String offset(double nanos) {
        return withUnit(nanos + POSITIVE_ZERO, "%+5.0f", "%+6.1fs", "%+6.0f");
    }

    private static String withUnit(double nanos, String small, String seconds, String large) {
        double size = Math.abs(nanos);
        if (size < 9_999.5) {
            return format(small + "ns", nanos);
        }
        if (size < 9_999.5e3) {
            return format(small + "us", nanos / 1e3);
        }
        if (size < 9_999.5e6) {
            return format(small + "ms", nanos / 1e6);
        }
        double s = nanos / 1e9;
        if (size < 999.5e9) {
            return format(seconds, s);
        }
        if (size < 99_999.5e9) {
            return format(large + "s", s);
        }
        if (size < 99_999.5e9 * 60) {
            return format(large + "m", s / 60);
        }
        if (size < 99_999.5e9 * 3_600) {
            return format(large + "h", s / 3_600);
        }
        return size < 99_999.5e9 * 86_400 ? format(large + "d", s / 86_400) : format(large + "y", s / (86_400 * 365.0));
    }

    /** Ten columns of parts per million. */
    static String frequency(double ppb) {
        return Math.abs(ppb) < 99_999.5e3 ? format("%10.3f", ppb / 1e3) : format("%10.0f", ppb / 1e3);
    }

    /** Ten columns of parts per million with a sign. */
    static String signedFrequency(double ppb) {
        return Math.abs(ppb) < 99_999.5e3 ? format("%+10.3f", ppb / 1e3 + POSITIVE_ZERO) : format("%+10.0f", ppb / 1e3);
    }

    /** {@code Tue Dec 01 15:17:22 2020}. */
    static String date(long unixNanos) {
        return DATE.format(Instant.ofEpochSecond(Math.floorDiv(unixNanos, 1_000_000_000L)));
    }

    /** {@code String.format} in no country's habits: a point before the decimals, whatever the locale. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more library
    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
