package org.noonmark.nmea;

/** The CRC of RTCM 3 frames: 24 bits, polynomial 0x1864CFB, start value 0 (RTCM 10403.3, section 4). */
final class Crc24q {
    private static final int[] TABLE = table();

    private Crc24q() {}

    /** True when the last three of {@code length} bytes are the CRC of those before them. */
    static boolean matches(byte[] bytes, int offset, int length) {
        int crc = 0;
        for (int i = offset; i < offset + length; i++) {
            crc = (crc << 8 & 0xffffff) ^ TABLE[(crc >>> 16 ^ bytes[i]) & 0xff];
        }
        return crc == 0;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int crc = i << 16;
            for (int bit = 0; bit < 8; bit++) {
                crc <<= 1;
                if ((crc & 0x1000000) != 0) {
                    crc ^= 0x1864cfb;
                }
            }
            table[i] = crc;
        }
        return table;
    }
}
