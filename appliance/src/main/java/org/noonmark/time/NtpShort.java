package org.noonmark.time;

/** NTP short format (RFC 5905, section 6): 16 bits of seconds, 16 bits of fraction, in an {@code int}; for delays and dispersions. */
public final class NtpShort {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private NtpShort() {}

    /** {@code nanos} rounded up (an error bound must not shrink); negative becomes 0, anything from 65 536 s on saturates. */
    public static int ceilOfNanos(long nanos) {
        if (nanos <= 0) {
            return 0;
        }
        if (nanos >= 65_535L * NANOS_PER_SECOND) {
            return 0xffff_ffff;
        }
        return (int) (((nanos << 16) + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND);
    }

    /** Nanoseconds of {@code value}, rounded to the nearest. */
    public static long toNanos(int value) {
        return ((value & 0xffff_ffffL) * NANOS_PER_SECOND + (1L << 15)) >> 16;
    }
}
