package org.noonmark.ntp;

import java.util.OptionalInt;

/**
 * What is known of one client, or of one group of IPv6 clients. Requests that the access rules, or their own form, kept from being
 * looked at are not in it.
 *
 * @param high first 64 bits of the address
 * @param low last 64 bits, IPv4 in its mapped form
 * @param requests received
 * @param limited those not answered for their rate
 * @param unauthenticated those not answered for their MAC
 * @param intervalLog2Seconds mean interval of requests, after an answer; empty before the second
 * @param limitedIntervalLog2Seconds the same after a request that was not answered for the rate
 * @param lastNanos when the last came, nanoseconds since 1970
 * @param version of the last request
 * @param mode of the last request
 * @param authenticated whether the last answer had a MAC
 * @param interleaved whether it was in interleaved mode
 */
public record ClientRecord(
        long high,
        long low,
        long requests,
        long limited,
        long unauthenticated,
        OptionalInt intervalLog2Seconds,
        OptionalInt limitedIntervalLog2Seconds,
        long lastNanos,
        int version,
        int mode,
        boolean authenticated,
        boolean interleaved) {
    /** This and another record of the same client, as it came to several threads: the counts of both, and the manner of the later request. */
    public ClientRecord joinedWith(ClientRecord other) {
        ClientRecord later = lastNanos >= other.lastNanos ? this : other;
        return later.withCounts(
                requests + other.requests, limited + other.limited, unauthenticated + other.unauthenticated);
    }

    /** The same client with other counts. */
    public ClientRecord withCounts(long otherRequests, long otherLimited, long otherUnauthenticated) {
        return new ClientRecord(
                high,
                low,
                otherRequests,
                otherLimited,
                otherUnauthenticated,
                intervalLog2Seconds,
                limitedIntervalLog2Seconds,
                lastNanos,
                version,
                mode,
                authenticated,
                interleaved);
    }
}
