package org.noonmark.sources;

/**
 * Whether a server tells a smeared time: one that spreads a leap second over hours, in place of the second itself. It is then up to a second
 * off, and others that smear alike would make a majority with it. Known by the reference id that some announce it with, by a missing
 * announcement of the leap second near it, and by a rate that no clock has that follows UTC. Once known, it is left out until a day after
 * the leap second.
 */
final class SmearWatch {
    /** What servers spread a leap second over at most, before or after it. */
    static final long SPAN_NANOS = 86_400_000_000_000L;

    /** A server that follows UTC has heard of the leap second by then: RFC 5905 has it announced on the day. */
    private static final long ANNOUNCED_NANOS = 43_200_000_000_000L;

    /** A second within a day is 11.6 ppm; a server that follows UTC has this against a clock that does. */
    private static final double MOST_RATE_PPB = 3_000;

    /** ntpd's while it smears: 254, and the offset in the other octets. */
    private static final int NTPD_NET = 254;

    /** chrony's (127.127.1.255) while it smooths. */
    private static final int CHRONY_SMOOTHS = 0x7f7f_01ff;

    /** {@code GOOG}: its servers always smear. */
    private static final int GOOGLE = 0x474f_4f47;

    private long untilRawNanos = Long.MIN_VALUE;
    private String reason = "";

    /** Why its time is not used at {@code rawNanos}, one phrase; empty when it is. */
    String reason(long rawNanos) {
        return rawNanos < untilRawNanos ? reason : "";
    }

    /**
     * The server has told the time.
     *
     * @param leapRawNanos when the leap second is or was that is nearest; {@link Long#MAX_VALUE}: none known
     * @param announced whether a server announces it: where none does, it may be this machine that is wrong
     */
    void onReply(Reply reply, long rawNanos, long leapRawNanos, boolean announced) {
        if (reply.referenceId() == CHRONY_SMOOTHS) {
            exclude("its reference id says that it smears a leap second", rawNanos + SPAN_NANOS);
        }
        if (!isNear(rawNanos, leapRawNanos)) {
            return;
        }
        // Else it may be that of an IPv6 address, of which one in 256 begins so.
        if (reply.stratum() > 1 && reply.referenceId() >>> 24 == NTPD_NET) {
            exclude("its reference id says that it smears a leap second", leapRawNanos + SPAN_NANOS);
        }
        long left = leapRawNanos - rawNanos;
        if (reply.referenceId() == GOOGLE) {
            exclude("it smears leap seconds, and one is near", leapRawNanos + SPAN_NANOS);
        } else if (announced && left > 0 && left < ANNOUNCED_NANOS && reply.leapIndicator() == 0) {
            exclude("it does not announce the leap second of today: it may smear it", leapRawNanos + SPAN_NANOS);
        }
    }

    /** Near a leap second, its time runs against a clock that follows UTC, at a rate known to {@code skewPpb}. */
    void onRate(double ppb, double skewPpb, long rawNanos, long leapRawNanos) {
        if (isNear(rawNanos, leapRawNanos) && Math.abs(ppb) - skewPpb > MOST_RATE_PPB) {
            exclude("it drifts away near a leap second, as one that smears it", leapRawNanos + SPAN_NANOS);
        }
    }

    private static boolean isNear(long rawNanos, long leapRawNanos) {
        return leapRawNanos != Long.MAX_VALUE && Math.abs(leapRawNanos - rawNanos) < SPAN_NANOS;
    }

    private void exclude(String why, long until) {
        reason = why;
        untilRawNanos = Math.max(untilRawNanos, until);
    }
}
