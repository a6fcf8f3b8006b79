package org.noonmark.nmea;

import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.Sentence.Problem;

/**
 * The comma-separated fields of one sentence, read in place. A reader method that meets nonsense remembers the first
 * {@link #problem()} and returns the value of an empty field, so that a parser reads all it wants and asks once.
 */
final class Fields {
    /** No sentence of use has more; what follows is not read. */
    private static final int MAX_FIELDS = 64;

    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18
    };
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int[] from = new int[MAX_FIELDS + 1];
    private byte[] bytes = new byte[0];
    private int count;
    private @Nullable Problem problem;

    /** Takes {@code length} bytes from {@code offset}: what lies between the leading {@code $} and the {@code *}. */
    void split(byte[] buffer, int offset, int length) {
        bytes = buffer;
        problem = null;
        count = 1;
        from[0] = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (buffer[i] == ',') {
                from[count] = i + 1;
                if (count == MAX_FIELDS) {
                    return;
                }
                count++;
            }
        }
        from[count] = end + 1;
    }

    /** Fields, the name included. */
    int count() {
        return count;
    }

    /** The first nonsense met, or null. */
    @Nullable Problem problem() {
        return problem;
    }

    int length(int field) {
        return field < count ? from[field + 1] - 1 - from[field] : 0;
    }

    boolean isEmpty(int field) {
        return length(field) == 0;
    }

    /** Character {@code index} of a field that is long enough, else 0. */
    char charAt(int field, int index) {
        return index < length(field) ? (char) bytes[from[field] + index] : 0;
    }

    /** A one-letter field; 0 when empty. */
    char letter(int field) {
        return charAt(field, 0);
    }

    boolean equalsText(int field, String text) {
        if (length(field) != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[from[field] + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean contains(int field, char wanted) {
        for (int i = 0; i < length(field); i++) {
            if (bytes[from[field] + i] == wanted) {
                return true;
            }
        }
        return false;
    }

    String text(int field) {
        return new String(bytes, from[field], length(field), java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** A decimal number with optional sign and fraction; NaN when empty. */
    double decimal(int field) {
        return decimal(field, 0, Problem.NUMBER);
    }

    /** A whole number with optional sign, of at most nine digits; {@code absent} when empty. */
    int integer(int field, int absent) {
        double value = decimal(field);
        if (Double.isNaN(value)) {
            return absent;
        }
        if (Math.abs(value) > 999_999_999) {
            return fail(Problem.NUMBER, absent);
        }
        return (int) value;
    }

    /** One hexadecimal digit; {@code absent} when empty. */
    int hexDigit(int field, int absent) {
        if (isEmpty(field)) {
            return absent;
        }
        int value = length(field) == 1 ? Ascii.hexDigit(bytes[from[field]]) : 256;
        return value < 16 ? value : fail(Problem.NUMBER, absent);
    }

    /** hhmmss with optional fraction; second 60 is taken at the end of a day only. */
    long timeOfDayNanos(int field) {
        int length = length(field);
        if (length == 0) {
            return FixReport.UNKNOWN;
        }
        int at = from[field];
        int hour = twoDigits(at, length);
        int minute = twoDigits(at + 2, length - 2);
        int second = twoDigits(at + 4, length - 4);
        boolean leap = hour == 23 && minute == 59 && second == 60;
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || (second > 59 && !leap)) {
            return failTime();
        }
        long fraction = fractionNanos(at + 6, length - 6);
        return fraction < 0 ? failTime() : (hour * 3600L + minute * 60L + second) * NANOS_PER_SECOND + fraction;
    }

    /** ddmmyy packed as day times 10000 plus month times 100 plus year; 0 when empty. */
    int date(int field) {
        int length = length(field);
        if (length == 0) {
            return 0;
        }
        int at = from[field];
        int day = twoDigits(at, length);
        int month = twoDigits(at + 2, length - 2);
        int year = twoDigits(at + 4, length - 4);
        if (length != 6 || day < 1 || day > 31 || month < 1 || month > 12 || year < 0) {
            return fail(Problem.DATE, 0);
        }
        return day * 10_000 + month * 100 + year;
    }

    /** (d)ddmm.mmmm and the hemisphere's letter in the field behind; NaN when either is empty. */
    double coordinate(int field, char negative, char positive, double limitDegrees) {
        if (isEmpty(field) || isEmpty(field + 1)) {
            return Double.NaN;
        }
        double raw = decimal(field, 0, Problem.POSITION);
        char hemisphere = letter(field + 1);
        double degrees = Math.floor(raw / 100);
        double minutes = raw - degrees * 100;
        double value = degrees + minutes / 60;
        // Comparisons written so that NaN fails them.
        if (!(raw >= 0 && minutes < 60 && value <= limitDegrees)
                || (hemisphere != negative && hemisphere != positive)) {
            fail(Problem.POSITION, 0);
            return Double.NaN;
        }
        return hemisphere == negative ? -value : value;
    }

    private double decimal(int field, int skip, Problem kind) {
        int at = from[Math.min(field, count)] + skip;
        int end = at - skip + length(field);
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        if (at >= end) {
            return Double.NaN;
        }
        boolean minus = bytes[at] == '-';
        if (minus || bytes[at] == '+') {
            at++;
        }
        long digits = 0;
        int taken = 0;
        int decimals = -1;
        for (; at < end; at++) {
            byte c = bytes[at];
            if (c == '.' && decimals < 0) {
                decimals = 0;
            } else if (Ascii.isDigit(c) && taken < 18) {
                digits = digits * 10 + (c - '0');
                taken++;
                decimals += decimals >= 0 ? 1 : 0;
            } else {
                fail(kind, 0);
                return Double.NaN;
            }
        }
        if (taken == 0) {
            fail(kind, 0);
            return Double.NaN;
        }
        double value = digits / POWERS_OF_TEN[Math.max(0, decimals)];
        return minus ? -value : value;
    }

    /** Two digits, or -1. */
    private int twoDigits(int at, int available) {
        return available >= 2 && Ascii.isDigit(bytes[at]) && Ascii.isDigit(bytes[at + 1])
                ? (bytes[at] - '0') * 10 + bytes[at + 1] - '0'
                : -1;
    }

    /** The fraction of a second behind its point; digits beyond the ninth are cut; -1 when it is no fraction. */
    private long fractionNanos(int at, int length) {
        if (length <= 0) {
            return 0;
        }
        if (bytes[at] != '.') {
            return -1;
        }
        long nanos = 0;
        long weight = NANOS_PER_SECOND / 10;
        for (int i = at + 1; i < at + length; i++) {
            if (!Ascii.isDigit(bytes[i])) {
                return -1;
            }
            nanos += (bytes[i] - '0') * weight;
            weight /= 10;
        }
        return nanos;
    }

    private long failTime() {
        fail(Problem.TIME, 0);
        return FixReport.UNKNOWN;
    }

    private int fail(Problem kind, int value) {
        if (problem == null) {
            problem = kind;
        }
        return value;
    }
}
