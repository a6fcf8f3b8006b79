package org.noonmark.doctor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel's packet filter does to requests, as far as its listing by {@code nft list ruleset} shows. Only what befalls every sender is told;
 * a rule that concerns some, or hangs on what is not in the rule itself (a set, a map), is taken for the best.
 */
final class Firewall {
    /** A client asks every 64 s at the least: so many requests are those of six hundred. Below it a limit of all together is a fault. */
    private static final double LEAST_PER_SECOND = 10;

    private static final Map<String, Double> PER_SECOND =
            Map.of("second", 1.0, "minute", 1 / 60.0, "hour", 1 / 3_600.0, "day", 1 / 86_400.0, "week", 1 / 604_800.0);
    private static final Pattern INCOMING = Pattern.compile("\\bhook (input|prerouting|ingress)\\b");
    private static final Pattern CLOSED = Pattern.compile("\\bhook input\\b[^;]*;\\s*policy (drop|reject)");
    private static final Pattern PORT = Pattern.compile("^(.*?)\\b(udp|tcp|th) dport (!= )?(\\{[^}]*\\}|\\S+)(.*)$");
    private static final Pattern CALL = Pattern.compile("\\b(?:jump|goto) ([\\w.-]+)");
    private static final Pattern ACCEPTED = Pattern.compile("\\b(accept|jump|goto|vmap)\\b");
    private static final Pattern LETS_IN = Pattern.compile("\\b(accept|vmap)\\b");
    private static final Pattern LEAVES = Pattern.compile("\\b(accept|goto|return|vmap)\\b");
    private static final Pattern OF_ITSELF = Pattern.compile("\\biif(name)? \"?lo\\b");
    /** Conditions that each request fulfils. */
    private static final Pattern EVERYBODY =
            Pattern.compile("(ct state (new|\\{[^}]*\\bnew\\b[^}]*\\}|[\\w,]*\\bnew\\b[\\w,]*) "
                    + "|meta (l4proto|nfproto) \\w+ |ip protocol \\w+ |ip6 nexthdr \\w+ |iif(name)? != \"?lo\"? )*");
    /** What changes nothing. */
    private static final String NOTES =
            "(?: counter(?: packets \\d+ bytes \\d+)?| ct state new| log(?: (?:prefix \"[^\"]*\"|level \\w+|flags [\\w,]+(?: [\\w,]+)?))*)*";

    private static final String END = "(?: with .*)?(?: comment \".*\")?\\s*";
    private static final Pattern DROPS = Pattern.compile(NOTES + " (drop|reject)" + END);
    private static final Pattern LIMITS =
            Pattern.compile(NOTES + " limit rate (over )?(\\d{1,9})/(second|minute|hour|day|week)"
                    + "(?: burst \\d+ packets)?" + NOTES + " (accept|drop|reject)" + END);
    private static final Pattern CALLS = Pattern.compile(NOTES + " (jump|goto) .*");
    /** Without a port they let in something else, or the machine itself. */
    private static final Pattern OF_OTHERS = Pattern.compile(
            "\\b(icmp\\w*|ipv6-icmp|igmp|esp|ah|gre|vrrp|ospf|sport|ct status)\\b|\\bct state (?!.*\\bnew\\b)|\\biif(name)? \"?lo\\b");

    private final String protocol;
    private final int port;
    private final String service;
    private boolean dropped;
    private boolean accepted;
    private boolean limited;
    private boolean limitedWhereAccepted;
    private boolean open;

    private Firewall(String protocol, int port, String service) {
        this.protocol = protocol;
        this.port = port;
        this.service = service;
    }

    /** Why requests to that port are dropped; empty when nothing says that they are. */
    static Optional<String> trouble(String listing, String protocol, int port, String service) {
        Firewall firewall = new Firewall(protocol, port, service);
        Map<String, List<String>> chains = chains(listing);
        boolean closed = false;
        Set<String> byAll = reached(chains, firewall::isForAll);
        // Those that are called before those that call.
        for (String name : List.copyOf(reached(chains, firewall::concerns)).reversed()) {
            List<String> rules = chains.getOrDefault(name, List.of());
            closed |= rules.stream().anyMatch(rule -> CLOSED.matcher(rule).find());
            firewall.chain(rules, byAll.contains(name));
        }
        return firewall.trouble(closed);
    }

    private Optional<String> trouble(boolean closed) {
        String upper = protocol.toUpperCase(Locale.ROOT);
        boolean letsSome = accepted || limitedWhereAccepted;
        if (dropped && !letsSome) {
            return Optional.of("the firewall drops requests to " + upper + " port " + port);
        }
        if (limited || (limitedWhereAccepted && !accepted && !open && (closed || dropped))) {
            return Optional.of("the firewall lets only so many requests per second to port " + port + " pass");
        }
        return closed && !letsSome && !open
                ? Optional.of("the firewall lets nothing in to " + upper + " port " + port)
                : Optional.empty();
    }

    /** Rules by the chain's name with its table before it. */
    private static Map<String, List<String>> chains(String listing) {
        Map<String, List<String>> chains = new LinkedHashMap<>();
        String table = "";
        List<String> rules = new ArrayList<>();
        // A long set goes over several lines.
        for (String line : listing.replaceAll(",[ \\t]*\\n\\s*", ", ")
                .lines()
                .map(String::strip)
                .toList()) {
            if (line.startsWith("table ")) {
                table = line;
            } else if (line.startsWith("chain ") && line.endsWith("{")) {
                rules = new ArrayList<>();
                chains.put(
                        table + " "
                                + line.substring("chain ".length(), line.length() - 1)
                                        .strip(),
                        rules);
            } else if (line.equals("}")) {
                rules = new ArrayList<>();
            } else if (!line.startsWith("#")) {
                rules.add(line);
            }
        }
        return chains;
    }

    /** The chains that requests come to by such rules, from the first on; all, in a listing without a beginning. */
    private static Set<String> reached(Map<String, List<String>> chains, Predicate<String> calls) {
        Deque<String> next = new ArrayDeque<>();
        chains.forEach((name, rules) -> {
            if (rules.stream().anyMatch(rule -> INCOMING.matcher(rule).find())) {
                next.add(name);
            }
        });
        if (chains.values().stream().flatMap(List::stream).noneMatch(rule -> rule.contains(" hook "))) {
            return chains.keySet();
        }
        Set<String> reached = new LinkedHashSet<>();
        while (!next.isEmpty()) {
            String name = next.remove();
            if (reached.add(name)) {
                String table = name.substring(0, name.lastIndexOf(' ') + 1);
                for (String rule : chains.getOrDefault(name, List.of())) {
                    CALL.matcher(rule)
                            .results()
                            .map(call -> table + call.group(1))
                            .filter(called -> calls.test(rule) && chains.containsKey(called))
                            .forEach(next::add);
                }
            }
        }
        return reached;
    }

    /** A rule that calls a chain for each request. */
    private boolean isForAll(String rule) {
        Matcher named = PORT.matcher(rule);
        if (named.matches()) {
            return isOfEverybody(named) && CALLS.matcher(named.group(5)).matches();
        }
        Matcher before = EVERYBODY.matcher(rule);
        return before.lookingAt()
                && CALLS.matcher(" " + rule.substring(before.end())).matches();
    }

    private boolean isOfEverybody(Matcher named) {
        return match(named) == Match.YES && EVERYBODY.matcher(named.group(1)).matches();
    }

    private boolean concerns(String rule) {
        Matcher named = PORT.matcher(rule);
        return named.matches() ? match(named) != Match.NO : !rule.contains("dport");
    }

    private void chain(List<String> rules, boolean byAll) {
        // Whether some do not come as far as this rule.
        boolean isPast = !byAll;
        for (String rule : rules) {
            Matcher named = PORT.matcher(rule);
            boolean ofPort = named.matches();
            if (!ofPort && !rule.contains("hook ") && !isOfOthers(rule)) {
                open |= LETS_IN.matcher(rule).find();
                isPast |= LEAVES.matcher(rule).find();
            } else if (ofPort
                    && match(named) != Match.NO
                    && !OF_ITSELF.matcher(rule).find()) {
                ofOurs(named, isPast || open);
                isPast |= LEAVES.matcher(rule).find();
            }
        }
    }

    private void ofOurs(Matcher named, boolean isPast) {
        String rest = named.group(5);
        boolean everybody = isOfEverybody(named);
        Matcher limit = LIMITS.matcher(rest);
        if (!everybody || !limit.matches()) {
            dropped |= everybody && !isPast && DROPS.matcher(rest).matches();
            accepted |= ACCEPTED.matcher(named.group()).find();
            return;
        }
        boolean isStrict =
                Integer.parseInt(limit.group(2)) * PER_SECOND.getOrDefault(limit.group(3), 1.0) < LEAST_PER_SECOND;
        boolean lets = limit.group(4).equals("accept");
        boolean over = limit.group(1) != null;
        limited |= isStrict && over && !lets && !isPast;
        limitedWhereAccepted |= isStrict && lets && !over;
        accepted |= lets && (over || !isStrict);
    }

    private boolean isOfOthers(String rule) {
        String other = protocol.equals("udp") ? "tcp" : "udp";
        return OF_OTHERS.matcher(rule).find() || (rule.matches(".*\\b" + other + "\\b.*") && !rule.contains(protocol));
    }

    private enum Match {
        YES,
        NO,
        /** It hangs on what the rule does not say. */
        MAYBE
    }

    /** Whether a rule is about the port. */
    private Match match(Matcher named) {
        if (!named.group(2).equals("th") && !named.group(2).equals(protocol)) {
            return Match.NO;
        }
        String what = named.group(4);
        boolean isPlain =
                what.matches("[\\w-]+|\\{[\\w, -]*\\}") && !named.group(1).matches(".* \\. ");
        if (named.group(2).equals("th") || !isPlain || what.equals("vmap") || what.equals("map")) {
            return Match.MAYBE;
        }
        boolean has = false;
        for (String each : List.of(what.replaceAll("[{}\\s]", "").split(","))) {
            has |= each.equals(service) || isWithin(each);
        }
        return has == (named.group(3) == null) ? Match.YES : Match.NO;
    }

    private boolean isWithin(String ports) {
        Matcher range = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?").matcher(ports);
        return range.matches()
                && Integer.parseInt(range.group(1)) <= port
                && port <= Integer.parseInt(range.group(2) == null ? range.group(1) : range.group(2));
    }
}
