package org.noonmark.status;

import java.time.LocalDate;

/** UTC as ISO 8601 text, the form of gpsd and of our logs. */
final class UtcText {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MILLIS_PER_DAY = 86_400_000;

    private UtcText() {}

    /** {@code 2017-01-10T00:09:41.000Z}, rounded to the millisecond. */
    static String millis(long utcNanos) {
        long millis = Math.floorDiv(utcNanos + NANOS_PER_MILLI / 2, NANOS_PER_MILLI);
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(millis, MILLIS_PER_DAY));
        int rest = (int) Math.floorMod(millis, MILLIS_PER_DAY);
        StringBuilder out = new StringBuilder(24).append(day).append('T');
        digits(out, rest / 3_600_000, 2).append(':');
        digits(out, rest / 60_000 % 60, 2).append(':');
        digits(out, rest / 1000 % 60, 2).append('.');
        return digits(out, rest % 1000, 3).append('Z').toString();
    }

    private static StringBuilder digits(StringBuilder out, int value, int width) {
        String text = Integer.toString(value);
        return out.repeat('0', width - text.length()).append(text);
    }
}
