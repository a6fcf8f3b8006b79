package org.noonmark.provisioning;

import java.util.Optional;
import java.util.Set;

/**
 * A line {@code server} or {@code pool}: other clocks that vote on the receiver.
 *
 * @param name host name, or address
 * @param pool whether the name stands for several servers
 * @param maxSources how many of them are asked; 1 where it is no pool
 * @param port UDP port
 * @param version NTP version of the requests
 * @param keyId symmetric key, unsigned, one of those of the key file; 0: none
 * @param nts how its answers are authenticated by NTS; empty: they are not
 * @param offsetNanos added to what is measured
 * @param minStratum stratum that it is taken to have at least
 * @param minPollLog2 log2 seconds of the shortest interval of requests
 * @param maxPollLog2 log2 seconds of the longest, not below the shortest
 * @param pollTarget samples that the interval is adapted to keep
 * @param maxDelayNanos longest round trip
 * @param maxDelayRatio longest round trip over the shortest one; 0: any
 * @param maxDelayDevRatio longest excess of the round trip over the scatter of offsets
 * @param minSamples least samples of the regression
 * @param maxSamples most samples of the regression; 0: no limit
 * @param flags words without a value
 */
public record ServerConfig(
        String name,
        boolean pool,
        int maxSources,
        int port,
        int version,
        int keyId,
        Optional<Nts> nts,
        long offsetNanos,
        int minStratum,
        int minPollLog2,
        int maxPollLog2,
        int pollTarget,
        long maxDelayNanos,
        double maxDelayRatio,
        double maxDelayDevRatio,
        int minSamples,
        int maxSamples,
        Set<Flag> flags) {

    /**
     * Network Time Security.
     *
     * @param port TCP port where keys are established
     * @param certificateSet number of the set of certificates that are trusted for it
     */
    public record Nts(int port, int certificateSet) {}

    /** Words of the line that have no value. */
    public enum Flag {
        IBURST,
        BURST,
        PREFER,
        NOSELECT,
        TRUST,
        REQUIRE,
        OFFLINE,
        AUTO_OFFLINE
    }

    /** Copies the flags. */
    public ServerConfig {
        flags = Set.copyOf(flags);
    }
}
