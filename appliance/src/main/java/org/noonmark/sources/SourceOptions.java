package org.noonmark.sources;

import java.util.Optional;

/**
 * How one server is asked and weighed: the options of chrony.conf(5) with the same meaning.
 *
 * @param port UDP port that it is asked at
 * @param version of the requests, 1 to 4
 * @param keyId symmetric key of the association, unsigned; 0: none
 * @param nts how its answers are authenticated by NTS; empty: they are not
 * @param offsetNanos added to each measured offset; positive when the server is known to be behind
 * @param minStratum it is taken to have this stratum at least
 * @param manner in which mode it is asked
 * @param polling when it is asked
 * @param limits which samples are used
 * @param choice its part in selection
 */
public record SourceOptions(
        int port,
        int version,
        int keyId,
        Optional<Nts> nts,
        long offsetNanos,
        int minStratum,
        Manner manner,
        Polling polling,
        Limits limits,
        Choice choice) {
    /** What chrony does when a line names a server and nothing else. */
    public static final SourceOptions DEFAULTS = new SourceOptions(
            123, 4, 0, Optional.empty(), 0, 0, Manner.DEFAULTS, Polling.DEFAULTS, Limits.DEFAULTS, Choice.DEFAULTS);

    /**
     * In which mode a server is asked.
     *
     * @param peer as an equal, in symmetric mode (RFC 5905, section 3): it answers passively, and asks by itself where it is told to
     * @param interleaved in interleaved mode (RFC 9769), where it can
     * @param copy one that follows it takes its stratum and reference id for its own
     * @param presendLog2 from this poll interval on, a request goes ahead two seconds before, to warm the way up; {@link #NO_PRESEND}: never
     * @param family which addresses of its name are asked
     */
    public record Manner(boolean peer, boolean interleaved, boolean copy, int presendLog2, Family family) {
        /** No poll interval is so long. */
        public static final int NO_PRESEND = 100;

        static final Manner DEFAULTS = new Manner(false, false, false, NO_PRESEND, Family.ANY);
    }

    /** Kinds of addresses. */
    public enum Family {
        ANY,
        IPV4,
        IPV6;

        boolean has(SourceAddress address) {
            boolean ipv6 = address.text().indexOf(':') >= 0;
            return this == ANY || ipv6 == (this == IPV6);
        }
    }

    /**
     * Network Time Security.
     *
     * @param port TCP port where keys are established
     * @param certificateSet number of the set of certificates that are trusted for it
     * @param refreshNanos keys are not used for longer
     */
    public record Nts(int port, int certificateSet, long refreshNanos) {}

    /**
     * When a server is asked.
     *
     * @param minLog2Seconds shortest interval
     * @param maxLog2Seconds longest interval
     * @param target samples that the interval is adapted to keep
     * @param iburst begin with up to eight requests, two seconds apart
     * @param burst up to four requests at each poll
     * @param offline wait for a command before the first request
     * @param autoOffline stop asking when a request cannot be sent
     */
    public record Polling(
            int minLog2Seconds,
            int maxLog2Seconds,
            int target,
            boolean iburst,
            boolean burst,
            boolean offline,
            boolean autoOffline) {
        static final Polling DEFAULTS = new Polling(6, 10, 8, false, false, false, false);
    }

    /**
     * Which samples are used.
     *
     * @param maxDelayNanos longest round trip
     * @param maxDelayRatio longest round trip over the shortest one; below 1: any
     * @param maxDelayDevRatio longest excess of the round trip over the scatter of offsets
     * @param minSamples least samples that the regression keeps
     * @param maxSamples most samples; 0: as many as there is room for
     * @param maxDelayQuantile share of all round trips, the shortest ones, that is used; 0: all, and then maxDelayDevRatio counts
     * @param filterPolls of the samples of so many polls the middle one is used; 1: all
     * @param asymmetry what jitter of the delay moves the offset by: -0.5 where requests alone have it, 0.5 where answers do
     */
    public record Limits(
            long maxDelayNanos,
            double maxDelayRatio,
            double maxDelayDevRatio,
            int minSamples,
            int maxSamples,
            double maxDelayQuantile,
            int filterPolls,
            double asymmetry) {
        static final Limits DEFAULTS = new Limits(3_000_000_000L, 0, 10, 6, 0, 0, 1, 0);
    }

    /**
     * A server's part in selection.
     *
     * @param prefer chosen before its equals
     * @param noselect only watched
     * @param trust its interval counts before that of others
     * @param require nothing is agreed without one that is required
     */
    public record Choice(boolean prefer, boolean noselect, boolean trust, boolean require) {
        static final Choice DEFAULTS = new Choice(false, false, false, false);
    }

    /** Whether its answers show who it is. */
    public boolean isAuthenticated() {
        return keyId != 0 || nts.isPresent();
    }

    SourceOptions withPolling(Polling newPolling) {
        return new SourceOptions(
                port, version, keyId, nts, offsetNanos, minStratum, manner, newPolling, limits, choice);
    }

    SourceOptions withChoice(Choice newChoice) {
        return new SourceOptions(
                port, version, keyId, nts, offsetNanos, minStratum, manner, polling, limits, newChoice);
    }

    SourceOptions withNts(Nts how) {
        return new SourceOptions(
                port, version, keyId, Optional.of(how), offsetNanos, minStratum, manner, polling, limits, choice);
    }

    SourceOptions withKey(int id) {
        return new SourceOptions(port, version, id, nts, offsetNanos, minStratum, manner, polling, limits, choice);
    }

    SourceOptions withManner(Manner newManner) {
        return new SourceOptions(
                port, version, keyId, nts, offsetNanos, minStratum, newManner, polling, limits, choice);
    }

    SourceOptions withLimits(Limits newLimits) {
        return new SourceOptions(
                port, version, keyId, nts, offsetNanos, minStratum, manner, polling, newLimits, choice);
    }
}
