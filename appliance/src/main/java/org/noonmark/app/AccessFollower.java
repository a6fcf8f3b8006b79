package org.noonmark.app;

import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.noonmark.ntp.AccessTable;
import org.noonmark.provisioning.AccessRule;
import org.noonmark.provisioning.IpPrefix;
import org.tinylog.Logger;

/**
 * Who is served, also while the machine's own addresses come and go ({@code allow onlink}), and those of hosts that rules name, which {@link
 * HostFollower} looks up. One thread looks; packet threads read one reference, and see the old table or the new one, never a mix.
 */
final class AccessFollower implements Runnable, Supplier<AccessTable> {
    /** Where the machine's subnets are read. */
    interface Networks {
        Set<IpPrefix> onLink() throws SocketException;
    }

    /** A client that has just got its address asks again before this is long; each look costs some 0.2 ms. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final List<AccessRule> rules;
    private final Networks networks;
    private Set<IpPrefix> known = Set.of();
    private Map<String, Set<IpPrefix>> hosts = Map.of();
    private boolean blind;
    private volatile AccessTable table;

    AccessFollower(List<AccessRule> rules, Networks networks) {
        this.rules = rules;
        this.networks = networks;
        this.table = tableOf(rules, known, hosts);
        if (isNeeded()) {
            look();
        }
    }

    /** The rules as they are now. Any thread may ask. */
    @Override
    public AccessTable get() {
        return table;
    }

    /** Whether any rule depends on the machine's addresses. */
    boolean isNeeded() {
        return rules.stream().anyMatch(AccessRule.OnLink.class::isInstance);
    }

    /** Whether anybody may ever be allowed: a host whose address is not known yet, too. */
    boolean mayAllowAny() {
        return table.allowsAny()
                || rules.stream().anyMatch(rule -> rule instanceof AccessRule.Host host && host.allow());
    }

    /** The hosts that rules name. */
    Set<String> hostNames() {
        return hostNames(rules);
    }

    /** The hosts that {@code rules} name. */
    static Set<String> hostNames(List<AccessRule> rules) {
        return rules.stream()
                .flatMap(rule -> rule instanceof AccessRule.Host host ? Stream.of(host.name()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    /** These are the addresses of the hosts now, as far as they are known. Any thread may say so. */
    synchronized void onHosts(Map<String, Set<IpPrefix>> now) {
        hosts = Map.copyOf(now);
        table = tableOf(rules, known, hosts);
    }

    @Override
    public void run() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the machine's subnets, and makes a new table when they have changed. What cannot be read stays as it was. */
    void look() {
        Set<IpPrefix> now;
        try {
            now = networks.onLink();
        } catch (SocketException e) {
            if (!blind) {
                Logger.warn(
                        "this machine's addresses cannot be read ({}): 'onlink' stays what it was: {}",
                        e.getMessage(),
                        words(known));
            }
            blind = true;
            return;
        }
        blind = false;
        if (!now.equals(known)) {
            onNetworks(now);
            Logger.info("'onlink' is now {}, besides link-local and unique local addresses", words(now));
        }
    }

    /**
     * Whether a client would be answered, for whoever looks names up as the daemon does.
     *
     * @param hosts addresses of the hosts that rules name; where one is missing, its rule is for nobody
     */
    static Predicate<InetAddress> answers(
            List<AccessRule> rules, Collection<IpPrefix> onLink, Map<String, Set<IpPrefix>> hosts) {
        AccessTable table = tableOf(rules, onLink, hosts);
        return client -> {
            var rule = table.rulingOn(client.getAddress());
            return rule != null && rule.allow();
        };
    }

    private synchronized void onNetworks(Set<IpPrefix> now) {
        known = now;
        table = tableOf(rules, known, hosts);
    }

    private static AccessTable tableOf(
            List<AccessRule> rules, Collection<IpPrefix> onLink, Map<String, Set<IpPrefix>> hosts) {
        return new AccessTable(rules.stream()
                .flatMap(rule -> rule.prefixes(onLink, hosts).stream().map(prefix -> ofPrefix(rule, prefix)))
                .toList());
    }

    private static org.noonmark.ntp.AccessRule ofPrefix(AccessRule rule, IpPrefix prefix) {
        return org.noonmark.ntp.AccessRule.of(
                rule.allow(), rule.all(), prefix.network().toBytes(), prefix.length(), rule.toString());
    }

    private static String words(Set<IpPrefix> prefixes) {
        return prefixes.stream().map(IpPrefix::toString).sorted().collect(Collectors.joining(", "));
    }
}
