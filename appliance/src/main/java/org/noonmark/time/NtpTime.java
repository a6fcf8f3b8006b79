package org.noonmark.time;

/**
 * 64-bit NTP stamps (RFC 5905, section 6) held in a {@code long}: 32 bits of seconds since 1900-01-01 modulo 2^32, 32 bits of
 * fraction. The era is lost in the stamp, so stamps are compared by subtraction (differences wrap rightly within 68 years).
 * Arithmetic only; nothing is allocated.
 */
public final class NtpTime {
    /** Seconds from 1900-01-01 to 1970-01-01 (RFC 5905, figure 4). */
    public static final long UNIX_EPOCH_SECONDS = 2_208_988_800L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private NtpTime() {}

    /** The stamp of {@code unixNanos}, nanoseconds since 1970, of any era; the fraction is rounded down. */
    public static long ofUnixNanos(long unixNanos) {
        long seconds = Math.floorDiv(unixNanos, NANOS_PER_SECOND);
        long nanos = unixNanos - seconds * NANOS_PER_SECOND;
        return (seconds + UNIX_EPOCH_SECONDS) << 32 | (nanos << 32) / NANOS_PER_SECOND;
    }

    /** Nanoseconds since 1970 of {@code stamp}, in the era that puts it nearest to {@code nearUnixNanos}; rounded to the nearest. */
    public static long toUnixNanos(long stamp, long nearUnixNanos) {
        return nearUnixNanos + differenceNanos(stamp, ofUnixNanos(nearUnixNanos));
    }

    /** {@code a - b} in nanoseconds, right when the two are less than 68 years apart, whatever their eras. */
    public static long differenceNanos(long a, long b) {
        long difference = a - b;
        long seconds = difference >> 32;
        long fraction = difference & 0xffff_ffffL;
        return seconds * NANOS_PER_SECOND + ((fraction * NANOS_PER_SECOND + (1L << 31)) >>> 32);
    }
}
