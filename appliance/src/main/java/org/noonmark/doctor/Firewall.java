package org.noonmark.doctor;

import java.util.Optional;
import java.util.regex.Pattern;

/** What the kernel's packet filter does to requests, as far as its listing by {@code nft list ruleset} shows. */
final class Firewall {
    private static final Pattern CLOSED_INPUT = Pattern.compile("hook input[^;]*;\\s*policy (drop|reject)");
    /** A rule that names no port may let everything in from somewhere: then nothing is said against it. */
    private static final Pattern OPEN_BY_ADDRESS =
            Pattern.compile("(?m)^(?!.*dport).*\\b(saddr|iifname|iif (?!\"?lo\\b))[^\\n]*\\baccept\\b");

    private Firewall() {}

    /** Why requests to that port are dropped; empty when nothing says that they are. */
    static Optional<String> trouble(String listing, String protocol, int port, String service) {
        Pattern named = Pattern.compile(
                "(?m)^[^\\n#]*\\b" + protocol + " dport (\\{[^}\\n]*\\b)?(" + port + "|" + service + ")\\b[^\\n]*$");
        boolean dropped = false;
        boolean accepted = false;
        boolean limited = false;
        var rules = named.matcher(listing);
        while (rules.find()) {
            String rule = rules.group();
            dropped |= rule.contains(" drop") || rule.contains(" reject");
            accepted |= rule.contains(" accept") || rule.contains("jump") || rule.contains("goto");
            limited |= rule.contains("limit rate");
        }
        if (dropped && !accepted) {
            return Optional.of(
                    "the firewall drops requests to " + protocol.toUpperCase(java.util.Locale.ROOT) + " port " + port);
        }
        if (limited) {
            return Optional.of("the firewall lets only so many requests per second to port " + port + " pass");
        }
        boolean closed = CLOSED_INPUT.matcher(listing).find()
                && !OPEN_BY_ADDRESS.matcher(listing).find();
        return closed && !accepted
                ? Optional.of("the firewall lets nothing in to " + protocol.toUpperCase(java.util.Locale.ROOT)
                        + " port " + port)
                : Optional.empty();
    }
}
