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
        Polling polling,
        Limits limits,
        Choice choice) {
    /** What chrony does when a line names a server and nothing else. */
    public static final SourceOptions DEFAULTS =
            new SourceOptions(123, 4, 0, Optional.empty(), 0, 0, Polling.DEFAULTS, Limits.DEFAULTS, Choice.DEFAULTS);

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
     */
    public record Limits(
            long maxDelayNanos, double maxDelayRatio, double maxDelayDevRatio, int minSamples, int maxSamples) {
        static final Limits DEFAULTS = new Limits(3_000_000_000L, 0, 10, 6, 0);
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
        return new SourceOptions(port, version, keyId, nts, offsetNanos, minStratum, newPolling, limits, choice);
    }

    SourceOptions withChoice(Choice newChoice) {
        return new SourceOptions(port, version, keyId, nts, offsetNanos, minStratum, polling, limits, newChoice);
    }

    SourceOptions withNts(Nts how) {
        return new SourceOptions(
                port, version, keyId, Optional.of(how), offsetNanos, minStratum, polling, limits, choice);
    }

    SourceOptions withKey(int id) {
        return new SourceOptions(port, version, id, nts, offsetNanos, minStratum, polling, limits, choice);
    }
}
