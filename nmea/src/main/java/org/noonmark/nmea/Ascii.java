package org.noonmark.nmea;

/** Digits in a byte array. */
final class Ascii {
    private Ascii() {}

    static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** Value of a hexadecimal digit of either case; 256 for anything else, which no checksum equals. */
    static int hexDigit(byte c) {
        if (isDigit(c)) {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 256;
    }
}
