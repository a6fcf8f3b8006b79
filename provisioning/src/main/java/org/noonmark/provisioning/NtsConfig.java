package org.noonmark.provisioning;

import java.util.List;
import java.util.Optional;

/**
 * How keys for NTS are established.
 *
 * @param port TCP port; 0: none
 * @param authorityDirectory absolute path of the directory of the built-in authority; empty: there is none
 * @param pairs the owner's certificates with their keys, in the order of the configuration
 * @param acme who certifies public names; empty: nobody is asked
 * @param aeads numbers of the algorithms that may be chosen
 * @param ntpServer whom clients shall ask for the time; empty: this server
 * @param mostConnections open at a time
 * @param parallelism processors taken at a time, at least 1
 * @param rateLimit empty: clients get keys as often as they ask
 */
public record NtsConfig(
        int port,
        Optional<String> authorityDirectory,
        List<Pair> pairs,
        Optional<Acme> acme,
        List<Integer> aeads,
        Optional<String> ntpServer,
        int mostConnections,
        int parallelism,
        Optional<RateLimitConfig> rateLimit) {
    /**
     * Absolute paths of a certificate and of its key; may be one file.
     *
     * @param certificate PEM
     * @param key PEM
     */
    public record Pair(String certificate, String key) {}

    /**
     * An ACME service, and what it is asked for.
     *
     * @param service URL of its directory
     * @param names public ones of this server, at least one
     * @param hook absolute path of a program for DNS challenges; empty: HTTP challenges
     * @param httpPort TCP port to which port 80 of the names leads
     * @param directory absolute path of what is kept
     * @param trust absolute path of the authorities (PEM) that the service's certificate is judged by
     */
    public record Acme(
            String service, List<String> names, Optional<String> hook, int httpPort, String directory, String trust) {
        public Acme {
            names = List.copyOf(names);
        }
    }

    public NtsConfig {
        pairs = List.copyOf(pairs);
        aeads = List.copyOf(aeads);
    }

    /** Whether there is anything to be served with. */
    public boolean isServed() {
        return port != 0 && (authorityDirectory.isPresent() || !pairs.isEmpty() || acme.isPresent());
    }
}
