package org.noonmark.server;

import java.time.Duration;
import java.util.Optional;
import org.noonmark.ntp.RateLimit;
import org.noonmark.nts.KeNegotiation;

/**
 * How keys are established.
 *
 * @param negotiation what clients get
 * @param mostConnections open at a time; each takes some tens of kB. One more closes the oldest of the address that has most.
 * @param parallelism processors that TLS may take at a time
 * @param patience from the first packet of a connection to its end; a slow client on a slow line needs less than a second
 * @param rateLimit of one client; empty: none
 */
public record KeOptions(
        KeNegotiation negotiation,
        int mostConnections,
        int parallelism,
        Duration patience,
        Optional<RateLimit> rateLimit) {
    /** chrony's is 2 s; a Pi in its first minute of life needs more. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);
}
