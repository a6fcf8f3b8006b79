package org.noonmark.status;

import java.util.OptionalInt;

/**
 * One client of the server.
 *
 * @param address as people write it; of a group of IPv6 clients, its first
 * @param requests received that the access rules and their own form let pass
 * @param limited those not answered for their rate
 * @param unauthenticated those not answered for their MAC
 * @param intervalLog2Seconds mean interval of requests after an answer; empty before the second
 * @param limitedIntervalLog2Seconds the same after a request that was not answered for its rate
 * @param lastNanos when the last came, nanoseconds since 1970
 * @param version of NTP, of the last request
 * @param mode of the last request
 * @param authenticated whether the last had a right MAC
 * @param interleaved whether the last was answered in interleaved mode
 */
public record ClientStatus(
        String address,
        long requests,
        long limited,
        long unauthenticated,
        OptionalInt intervalLog2Seconds,
        OptionalInt limitedIntervalLog2Seconds,
        long lastNanos,
        int version,
        int mode,
        boolean authenticated,
        boolean interleaved) {}
