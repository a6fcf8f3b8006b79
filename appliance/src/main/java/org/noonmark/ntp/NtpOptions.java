package org.noonmark.ntp;

import java.util.List;
import java.util.Optional;

/**
 * What the owner has chosen for the service, beside who may ask.
 *
 * @param keys shared with clients, with different ids
 * @param capacity clients remembered by each packet thread, and pairs of stamps kept for those in interleaved mode, at most: a power of
 *     two from 4; 0: nobody is remembered, and all are answered in basic mode
 * @param rateLimit empty: everybody is answered as often as he asks
 * @param ipv6PrefixBits IPv6 addresses that agree in so many bits are one client; 128: each is its own
 * @param nts empty: requests with NTS are not answered
 */
public record NtpOptions(
        List<SymmetricKey> keys,
        int capacity,
        Optional<RateLimit> rateLimit,
        int ipv6PrefixBits,
        Optional<NtsProvider> nts) {
    /** A record of 64 octets, a pair of 24, and a place among the known of 32. */
    private static final long BYTES_FOR_ONE = 64 + 24 + 32;

    private static final long LEAST_CAPACITY = 4;
    private static final long MOST_CAPACITY = 1 << 16;

    /** No keys, no limit, and the memory that chrony takes by default. */
    public static final NtpOptions PLAIN =
            new NtpOptions(List.of(), capacityOf(524_288, 2), Optional.empty(), 128, Optional.empty());

    /** Copies the list. */
    public NtpOptions {
        keys = List.copyOf(keys);
    }

    /** How many clients of each of so many packet threads fit into so much memory. */
    public static int capacityOf(long bytes, int threads) {
        return (int) Long.highestOneBit(Math.clamp(bytes / threads / BYTES_FOR_ONE, LEAST_CAPACITY, MOST_CAPACITY));
    }

    /** The same with other keys. */
    public NtpOptions withKeys(List<SymmetricKey> others) {
        return new NtpOptions(others, capacity, rateLimit, ipv6PrefixBits, nts);
    }

    /** The same with a limit. */
    public NtpOptions withRateLimit(RateLimit limit) {
        return new NtpOptions(keys, capacity, Optional.of(limit), ipv6PrefixBits, nts);
    }

    /** The same without a limit. */
    public NtpOptions withoutRateLimit() {
        return new NtpOptions(keys, capacity, Optional.empty(), ipv6PrefixBits, nts);
    }

    /** The same with another capacity. */
    public NtpOptions withCapacity(int other) {
        return new NtpOptions(keys, other, rateLimit, ipv6PrefixBits, nts);
    }

    /** The same with NTS. */
    public NtpOptions withNts(NtsProvider provider) {
        return new NtpOptions(keys, capacity, rateLimit, ipv6PrefixBits, Optional.of(provider));
    }
}
