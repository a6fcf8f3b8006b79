package org.noonmark.provisioning;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A line {@code server}, {@code pool} or {@code peer}: other clocks that vote on the receiver.
 *
 * @param name host name, or address
 * @param role which of these words begins the line
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
 * @param minSamples least samples of the regression; empty: as the directive of that name says
 * @param maxSamples most samples of the regression, 0: no limit; empty: as the directive of that name says
 * @param shaping which of its samples are used, and how
 * @param flags words without a value
 */
public record ServerConfig(
        String name,
        Role role,
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
        OptionalInt minSamples,
        OptionalInt maxSamples,
        Shaping shaping,
        Set<Flag> flags) {

    /**
     * Network Time Security.
     *
     * @param port TCP port where keys are established
     * @param certificateSet number of the set of certificates that are trusted for it
     */
    public record Nts(int port, int certificateSet) {}

    /** What stands behind the name. */
    public enum Role {
        /** One server. */
        SERVER,
        /** Several. */
        POOL,
        /** An equal, asked in symmetric mode. */
        PEER
    }

    /**
     * Which samples are used, and how.
     *
     * @param presendLog2 log2 seconds of the interval from which on a request goes ahead of each; empty: none does
     * @param maxDelayQuantile share of the shortest round trips that is used; 0: all
     * @param filterPolls of the samples of so many polls the middle one is used; 1: all
     * @param asymmetry of the jitter of delays, -0.5 to 0.5
     */
    public record Shaping(OptionalInt presendLog2, double maxDelayQuantile, int filterPolls, double asymmetry) {}

    /** Words of the line that have no value. */
    public enum Flag {
        IBURST,
        BURST,
        PREFER,
        NOSELECT,
        TRUST,
        REQUIRE,
        OFFLINE,
        AUTO_OFFLINE,
        XLEAVE,
        COPY,
        IPV4,
        IPV6
    }

    /** Copies the flags. */
    public ServerConfig {
        flags = Set.copyOf(flags);
    }
}
