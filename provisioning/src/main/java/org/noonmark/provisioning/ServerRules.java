package org.noonmark.provisioning;

import java.util.List;
import java.util.Optional;

/**
 * When servers are believed, for all of them.
 *
 * @param maxDistanceNanos root distance beyond which one is not used
 * @param maxJitterNanos scatter beyond which one is not used
 * @param minSources so many must agree
 * @param stratumWeightNanos what each stratum counts as distance
 * @param reselectNanos distance by which another must be better to take the place of the best
 * @param combineLimit those within so many times the best one's distance make one time with it
 * @param authSelectMode how servers that show who they are and others are weighed
 * @param directories absolute paths of those with files of more servers ({@code sourcedir})
 * @param refreshSeconds names are looked up again after so long
 * @param ntsRefreshSeconds keys for NTS are not used for longer
 * @param minSamples least samples of the regression of each, where its line says nothing else
 * @param maxSamples most samples of that; 0: no limit
 * @param outgoing where requests leave
 * @param trust whose certificates are believed
 */
public record ServerRules(
        long maxDistanceNanos,
        long maxJitterNanos,
        int minSources,
        long stratumWeightNanos,
        long reselectNanos,
        double combineLimit,
        AuthSelectMode authSelectMode,
        List<String> directories,
        long refreshSeconds,
        long ntsRefreshSeconds,
        int minSamples,
        int maxSamples,
        Outgoing outgoing,
        Trust trust) {

    public ServerRules {
        directories = List.copyOf(directories);
    }

    /**
     * Where requests to servers leave.
     *
     * @param port UDP port; 0: one by chance for each request
     * @param ipv4 local address; empty: the kernel chooses
     * @param ipv6 the same
     * @param device network interface; empty: the kernel chooses
     */
    public record Outgoing(int port, Optional<IpAddress> ipv4, Optional<IpAddress> ipv6, Optional<String> device) {
        /** As the kernel chooses. */
        public static final Outgoing ANY = new Outgoing(0, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** How servers that show who they are, by a key or NTS, and those that do not are weighed, as chrony's {@code authselectmode}. */
    public enum AuthSelectMode {
        /** Others are only watched. */
        REQUIRE,
        /** Others are only watched where there are such. */
        PREFER,
        /** Where there are both, those are trusted, and one of them is required. */
        MIX,
        /** All are alike. */
        IGNORE
    }

    /**
     * Whose certificates are believed when keys for NTS are established.
     *
     * @param certificates the owner's
     * @param system whether those of the operating system are believed too, in the set 0
     * @param uncheckedUpdates dates of certificates are not looked at before so many updates of the clock
     */
    public record Trust(List<Certificates> certificates, boolean system, int uncheckedUpdates) {
        public Trust {
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * Certificates of authorities, or of servers themselves.
     *
     * @param set number by which {@code certset} names them
     * @param path absolute path of a file, or of a directory of files; PEM
     */
    public record Certificates(int set, String path) {}
}
