package org.noonmark.nmea;

/**
 * The name of one second, as the receiver spoke it: "the burst that began to arrive at {@code burstArrivalNanos} describes the
 * whole second {@code utcSeconds}". Only whole-second epochs become labels.
 *
 * @param utcSeconds seconds since 1970-01-01 UTC as POSIX counts them; 23:59:60 has the number of the following 00:00:00
 * @param leapSecond true when the receiver said second 60
 * @param burstArrivalNanos local clock, nanoseconds since 1970, when the first byte of the epoch's burst arrived
 * @param trust how far the receiver itself stands behind the label
 * @param source the message that completed the label, such as {@code RMC} or {@code NAV-TIMEUTC}
 */
public record TimeLabel(long utcSeconds, boolean leapSecond, long burstArrivalNanos, Trust trust, String source) {
    /** In rising order of trust. */
    public enum Trust {
        /** The receiver's own clock runs, but no satellite has set it in this run: never numbers a second. */
        RTC,
        /** The receiver claims a fix (RMC status A, GGA quality 1 or better), but does not say whether the leap count is known. */
        FIX,
        /** The receiver says that UTC is valid and the leap count is the current one (NAV-TIMEUTC validUTC, NAV-PVT fullyResolved). */
        UTC_PROVEN
    }

    /** The same word about the second {@code seconds} later: some receivers speak of another pulse than the last. */
    public TimeLabel plusSeconds(long seconds) {
        return new TimeLabel(utcSeconds + seconds, leapSecond, burstArrivalNanos, trust, source);
    }
}
