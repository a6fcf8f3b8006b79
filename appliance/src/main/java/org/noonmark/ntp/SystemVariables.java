package org.noonmark.ntp;

import org.noonmark.time.NtpTime;

/**
 * The system variables of RFC 5905, section 11, as published by the timing thread. Immutable: a packet thread reads the reference
 * once per packet and sees one moment, never a mix.
 *
 * @param leapIndicator 0 none, 1 and 2 leap second ahead, 3 not synchronised
 * @param stratum 1 to 15; 0 (on the wire) while not synchronised, 16 in reports
 * @param precision log2 seconds of the clock's precision, negative
 * @param referenceId four octets, first one in the highest bits; ASCII left-justified at stratum 1; 0 while not synchronised
 * @param referenceTimestamp NTP stamp of the last edge used
 * @param rootDelayNanos nanoseconds; 0 for a stratum 1
 * @param dispersionNanos bound of the error at {@code dispersionAtNanos}: edge bound, residual offset and precision
 * @param dispersionAtNanos local clock at which {@code dispersionNanos} holds
 * @param dispersionGrowthPpb growth from there on: frequency uncertainty and maxclockerror
 * @param isFromServers whether the time is had from other servers now; the stratum does not tell, for one that is copied gives its own
 */
public record SystemVariables(
        int leapIndicator,
        int stratum,
        int precision,
        int referenceId,
        long referenceTimestamp,
        long rootDelayNanos,
        long dispersionNanos,
        long dispersionAtNanos,
        double dispersionGrowthPpb,
        boolean isFromServers) {

    /** The reference id of a clock that follows nothing, 127.127.1.1, as chrony's and ntpd's. */
    public static final int LOCAL_REFERENCE_ID = 0x7f7f_0101;

    /** Of a machine that has its time from a receiver, or from nowhere. */
    public SystemVariables(
            int leapIndicator,
            int stratum,
            int precision,
            int referenceId,
            long referenceTimestamp,
            long rootDelayNanos,
            long dispersionNanos,
            long dispersionAtNanos,
            double dispersionGrowthPpb) {
        this(
                leapIndicator,
                stratum,
                precision,
                referenceId,
                referenceTimestamp,
                rootDelayNanos,
                dispersionNanos,
                dispersionAtNanos,
                dispersionGrowthPpb,
                false);
    }

    /** Not synchronised: leap 3, stratum 0 on the wire, no reference. */
    public static SystemVariables unsynchronised(int precision) {
        return new SystemVariables(3, 0, precision, 0, 0, 0, 0, 0, 0);
    }

    /** Root dispersion for an answer given at {@code nowNanos}, nanoseconds, rounded up; a clock before the base counts as no age. */
    public long rootDispersionNanos(long nowNanos) {
        long age = Math.max(0, nowNanos - dispersionAtNanos);
        return dispersionNanos + (long) Math.ceil(age * (dispersionGrowthPpb * 1e-9));
    }

    /** Whether the server says that its time is proven. */
    public boolean isSynchronised() {
        return leapIndicator != 3;
    }

    /**
     * Root distance at {@code nowNanos} (RFC 5905, section 11.1, without the client's own share): the bound of the error that a client
     * of ours reckons with, nanoseconds.
     */
    public long rootDistanceNanos(long nowNanos) {
        return rootDispersionNanos(nowNanos) + rootDelayNanos / 2;
    }

    /** The reference id of an ASCII name of up to four characters, left-justified (RFC 5905, figure 12). */
    public static int asciiReferenceId(String name) {
        int id = 0;
        for (int i = 0; i < 4; i++) {
            id = id << 8 | (i < name.length() ? name.charAt(i) & 0x7f : 0);
        }
        return id;
    }

    /** The stamp of the last edge in nanoseconds since 1970, near {@code nowNanos}. */
    public long referenceNanos(long nowNanos) {
        return NtpTime.toUnixNanos(referenceTimestamp, nowNanos);
    }
}
