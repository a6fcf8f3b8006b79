package org.noonmark.provisioning;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One {@code allow} or {@code deny}. Of the rules whose subnet holds a client, the one with the longest prefix decides, where lengths
 * count in steps of four bits ({@link IpPrefix#step}), of those in one step the later; a client that no rule names is denied.
 */
public sealed interface AccessRule {
    /** Whether clients of its subnets are answered. */
    boolean allow();

    /** Whether the rule also overrides earlier rules for smaller subnets inside its own (the word {@code all}). */
    boolean all();

    /**
     * The subnets that it is about.
     *
     * @param onLink those that the machine is on just now
     * @param hosts addresses of host names, as far as they are known
     */
    List<IpPrefix> prefixes(Collection<IpPrefix> onLink, Map<String, ? extends Collection<IpPrefix>> hosts);

    /**
     * A rule for one subnet.
     *
     * @param prefix the subnet; a bare {@code allow} makes one rule for each family
     */
    record Subnet(IpPrefix prefix, boolean allow, boolean all) implements AccessRule {
        @Override
        public List<IpPrefix> prefixes(Collection<IpPrefix> onLink, Map<String, ? extends Collection<IpPrefix>> hosts) {
            return List.of(prefix);
        }

        @Override
        public String toString() {
            return words(this) + prefix;
        }
    }

    /** A rule for whoever is near ({@code onlink}): the subnets that the machine is on, and addresses that no router carries far. */
    record OnLink(boolean allow, boolean all) implements AccessRule {
        /** Link-local of IPv4 (RFC 3927) and IPv6 (RFC 4291), and the unique local addresses that a site gives itself (RFC 4193). */
        static final List<IpPrefix> ALWAYS = Stream.of("169.254.0.0/16", "fe80::/10", "fc00::/7")
                .map(prefix -> IpPrefix.parse(prefix).orElseThrow())
                .toList();

        /** A tunnel's interface may claim the whole internet as its subnet; that is not near. */
        @Override
        public List<IpPrefix> prefixes(Collection<IpPrefix> onLink, Map<String, ? extends Collection<IpPrefix>> hosts) {
            return Stream.concat(ALWAYS.stream(), onLink.stream().filter(prefix -> prefix.length() > 0))
                    .toList();
        }

        @Override
        public String toString() {
            return words(this) + "onlink";
        }
    }

    /** A rule for the addresses of a host; for nobody while they are not known. */
    record Host(String name, boolean allow, boolean all) implements AccessRule {
        @Override
        public List<IpPrefix> prefixes(Collection<IpPrefix> onLink, Map<String, ? extends Collection<IpPrefix>> hosts) {
            Collection<IpPrefix> known = hosts.get(name);
            return known == null ? List.of() : List.copyOf(known);
        }

        @Override
        public String toString() {
            return words(this) + name;
        }
    }

    private static String words(AccessRule rule) {
        return (rule.allow() ? "allow " : "deny ") + (rule.all() ? "all " : "");
    }
}
