package org.noonmark.status;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.noonmark.provisioning.AccessRule;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.IpPrefix;

/**
 * A packet filter (nftables) for a machine that is a time server and nothing else, made from the daemon's own configuration: its ports, and its
 * allow list as far as that is fixed. Subnets that the machine is on and addresses of host names change while rules stay: with such rules in the
 * list everybody reaches the daemon, which decides as it does anyway.
 */
public final class FirewallSetup {
    private static final String CLIENTS = "jump clients";
    private static final String EVERYBODY = "accept";

    private final ApplianceConfig config;
    private final List<AccessRule> rules;
    private final boolean fixed;

    private FirewallSetup(ApplianceConfig config) {
        this.config = config;
        rules = inForce(config.accessRules());
        fixed = !rules.isEmpty() && rules.stream().allMatch(rule -> rule instanceof AccessRule.Subnet);
    }

    /** The whole ruleset, for {@code nft -f}. */
    public static String text(ApplianceConfig config) {
        return new FirewallSetup(config).ruleset();
    }

    private String ruleset() {
        return """
                #!/usr/sbin/nft -f
                # The firewall: the time server answers time, SSH, ping and its own name; nothing else can be reached.
                # Made by 'noonmark config firewall'. It does not see packets that the directive 'xdp' takes from the network's driver: there the
                # daemon alone decides, by its allow lines.

                # Starts from nothing, so that loading it again gives the same.
                flush ruleset

                table inet noonmark {
                """ + untracked() + (fixed ? clients() : "") + """
                  chain input {
                    # Whoever is not named below gets no answer.
                    type filter hook input priority filter; policy drop;

                """ + time() + """
                    # The machine talks to itself.
                    iif lo accept
                    # Answers to what it asked.
                    ct state established,related accept
                    # Neither beginning nor part of any connection.
                    ct state invalid drop
                    # Ping and the errors without which path MTU and IPv6 do not work. A ping flood is held down.
                    icmp type echo-request limit rate 50/second burst 100 packets accept
                    icmp type { destination-unreachable, time-exceeded, parameter-problem } accept
                    icmpv6 type echo-request limit rate 50/second burst 100 packets accept
                    icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept
                    # Neighbours and routers, from this link only: a router between would have counted the hop limit down.
                    ip6 hoplimit 255 icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect } accept
                    # Multicast listener queries: without answers switches stop to forward IPv6 multicast to this box.
                    icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } accept
                    # The same of IPv4, for mDNS.
                    ip protocol igmp accept
                """ + keys() + """
                    # The owner's way in.
                    tcp dport 22 accept
                    # HOSTNAME.local.
                    udp dport 5353 ip daddr 224.0.0.251 accept
                    udp dport 5353 ip6 daddr ff02::fb accept
                    # DHCP answers are addressed to an address that this machine does not have yet, so they look unasked.
                    udp sport 67 udp dport 68 accept
                    ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept
                  }

                  chain forward {
                    # A host, no router.
                    type filter hook forward priority filter; policy drop;
                  }
                }
                """;
    }

    private static String port(String text, int port) {
        return String.format(Locale.ROOT, text, port);
    }

    private String untracked() {
        return config.port() == 0 ? "" : port("""
                  chain raw_in {
                    type filter hook prerouting priority raw; policy accept;
                    # Requests are not tracked: each would cost memory for 30 s and a flood would fill the table that SSH needs.
                    udp dport %d notrack
                  }

                """, config.port()) + port("""
                  chain raw_out {
                    type filter hook output priority raw; policy accept;
                    # Nor are the answers.
                    udp sport %d notrack
                  }

                """, config.port());
    }

    private String time() {
        return config.port() == 0
                ? ""
                : "    # First what comes most: NTP. Who may ask is the business of 'allow' in noonmark.conf, which can say why not.\n"
                        + port("    udp dport %d ", config.port())
                        + verdict();
    }

    private String keys() {
        String text = "";
        if (config.nts().isServed()) {
            text +=
                    "    # Keys for NTS. Who may ask is again the business of 'allow'; how many and how often that of the daemon.\n"
                            + port("    tcp dport %d ", config.nts().port())
                            + verdict();
        }
        boolean asked = config.nts().acme().map(acme -> acme.hook().isEmpty()).orElse(false);
        if (asked) {
            text += "    # Where the ACME service looks whether the names are this machine's: from anywhere.\n"
                    + port(
                            "    tcp dport %d accept\n",
                            config.nts().acme().get().httpPort());
        }
        return text;
    }

    private String verdict() {
        return (fixed ? CLIENTS : EVERYBODY) + "\n";
    }

    /** The first rule that fits decides. Machines on loopback reach all by another rule. */
    private String clients() {
        StringBuilder chain = new StringBuilder("""
                  chain clients {
                    # The allow list of noonmark.conf, the smaller subnets first, in steps of four bits. Whoever it does not name goes no further.
                    iif lo accept
                """);
        for (AccessRule.Subnet rule : strongestFirst()) {
            IpPrefix prefix = rule.prefix();
            chain.append("    ")
                    .append(
                            prefix.length() == 0
                                    ? "meta nfproto " + (prefix.network().ipv6() ? "ipv6" : "ipv4")
                                    : (prefix.network().ipv6() ? "ip6" : "ip") + " saddr " + prefix)
                    .append(rule.allow() ? " accept" : " drop")
                    .append('\n');
        }
        return chain.append("    drop\n  }\n\n").toString();
    }

    /** As the daemon decides ({@link org.noonmark.ntp.AccessTable}): by steps of four bits, and in one step the later rule first. */
    private List<AccessRule.Subnet> strongestFirst() {
        return rules.reversed().stream()
                .map(AccessRule.Subnet.class::cast)
                .sorted(Comparator.comparingInt(rule -> -rule.prefix().step()))
                .toList();
    }

    /** Without those that a later rule for the same subnet, or one with 'all' for a larger, has overridden. */
    private static List<AccessRule> inForce(List<AccessRule> given) {
        List<AccessRule> rules = new ArrayList<>();
        for (int at = 0; at < given.size(); at++) {
            AccessRule rule = given.get(at);
            List<AccessRule> later = given.subList(at + 1, given.size());
            boolean overridden = switch (rule) {
                // They may be of either family, wherever the machine or the host is just then.
                case AccessRule.OnLink _, AccessRule.Host _ ->
                    isOverridden(IpPrefix.ALL_IPV4, later) && isOverridden(IpPrefix.ALL_IPV6, later);
                case AccessRule.Subnet subnet ->
                    isOverridden(subnet.prefix(), later)
                            || later.stream()
                                    .anyMatch(other -> other instanceof AccessRule.Subnet same
                                            && same.prefix().equals(subnet.prefix()));
            };
            if (!overridden) {
                rules.add(rule);
            }
        }
        return rules;
    }

    private static boolean isOverridden(IpPrefix prefix, List<AccessRule> later) {
        return later.stream()
                .anyMatch(rule ->
                        rule instanceof AccessRule.Subnet wide && wide.all() && isInside(prefix, wide.prefix()));
    }

    private static boolean isInside(IpPrefix small, IpPrefix large) {
        return small.length() >= large.length() && large.contains(small.network());
    }
}
