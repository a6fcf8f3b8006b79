package org.noonmark.nmea.setup;

/**
 * UBX-CFG-TP5, 32 bytes (u-blox 8 / M8 protocol description, section 32.10.38): one pulse a second at the top of the second, only
 * while the receiver knows the time. Length and polarity of the pulse and the delays that the owner has set stay.
 */
final class UbxPulse {
    private static final int PERIOD = 8;
    private static final int PERIOD_LOCKED = 12;
    private static final int LENGTH = 16;
    private static final int LENGTH_LOCKED = 20;
    private static final int FLAGS = 28;

    private static final int ACTIVE = 1;
    private static final int FOLLOWS_GNSS = 1 << 1;
    private static final int LOCKED_DIFFERS = 1 << 2;
    private static final int IS_FREQUENCY = 1 << 3;
    private static final int IS_LENGTH = 1 << 4;
    private static final int AT_TOP_OF_SECOND = 1 << 5;
    private static final int GRID_SHIFT = 7;
    private static final int GRID = 0xf << GRID_SHIFT;
    private static final int GPS_GRID = 1;

    private static final long SECOND_MICROS = 1_000_000;
    private static final long USUAL_LENGTH_MICROS = 100_000;

    private UbxPulse() {}

    /** The message as it should be; equal to {@code found} when that is so already. */
    static byte[] wanted(byte[] found) {
        byte[] wanted = found.clone();
        int flags = (int) UbxFrames.get(found, FLAGS, 4);
        boolean usualLength = (flags & IS_LENGTH) != 0
                && (flags & IS_FREQUENCY) == 0
                && isPulse(UbxFrames.get(found, lengthAt(flags), 4));
        long length = usualLength ? UbxFrames.get(found, lengthAt(flags), 4) : USUAL_LENGTH_MICROS;
        UbxFrames.put(wanted, PERIOD, 4, SECOND_MICROS);
        UbxFrames.put(wanted, PERIOD_LOCKED, 4, SECOND_MICROS);
        UbxFrames.put(wanted, LENGTH, 4, 0);
        UbxFrames.put(wanted, LENGTH_LOCKED, 4, length);
        int kept = flags & ~IS_FREQUENCY;
        if ((flags & GRID) >> GRID_SHIFT > GPS_GRID) {
            kept &= ~GRID; // of UTC: nobody here knows the seconds of the others
        }
        kept |= ACTIVE | FOLLOWS_GNSS | LOCKED_DIFFERS | IS_LENGTH | AT_TOP_OF_SECOND;
        UbxFrames.put(wanted, FLAGS, 4, kept);
        return wanted;
    }

    /** In a few words. */
    static String describe(byte[] message) {
        int flags = (int) UbxFrames.get(message, FLAGS, 4);
        if ((flags & ACTIVE) == 0) {
            return "off";
        }
        boolean differs = (flags & LOCKED_DIFFERS) != 0;
        long period = UbxFrames.get(message, differs ? PERIOD_LOCKED : PERIOD, 4);
        boolean onlyLocked = differs && UbxFrames.get(message, LENGTH, 4) == 0;
        return ((flags & IS_FREQUENCY) != 0 ? period + " Hz" : period + " us")
                + (onlyLocked ? " while the time is known" : " always");
    }

    private static int lengthAt(int flags) {
        return (flags & LOCKED_DIFFERS) != 0 ? LENGTH_LOCKED : LENGTH;
    }

    private static boolean isPulse(long micros) {
        return micros > 0 && micros < SECOND_MICROS;
    }
}
