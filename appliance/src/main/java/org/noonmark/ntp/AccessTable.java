package org.noonmark.ntp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for the time: the allow and deny directives with the meaning that chrony.conf(5) gives them. Nobody is allowed
 * until a rule says so; the most specific rule wins, where prefixes count in steps of four bits; of two rules in the same step the
 * later wins; a rule with {@code all} overrides every earlier rule inside its subnet. Immutable; a look-up allocates nothing and takes
 * log2 of the number of rules.
 *
 * <p>The rules are resolved once into address ranges in unsigned order, each with the rule that decides it.
 */
public final class AccessTable {
    private final long[] startHigh;
    private final long[] startLow;
    private final @Nullable AccessRule[] ruling;

    /** @param rules the directives in the order of the configuration */
    public AccessTable(List<AccessRule> rules) {
        List<Bound> bounds = bounds(rules);
        startHigh = new long[bounds.size()];
        startLow = new long[bounds.size()];
        ruling = new AccessRule[bounds.size()];
        for (int i = 0; i < ruling.length; i++) {
            startHigh[i] = bounds.get(i).high;
            startLow[i] = bounds.get(i).low;
            ruling[i] = resolve(rules, startHigh[i], startLow[i]);
        }
    }

    /** Whether this address is served; IPv4 in its mapped form. */
    public boolean allows(long addressHigh, long addressLow) {
        AccessRule rule = ruling[indexOf(addressHigh, addressLow)];
        return rule != null && rule.allow();
    }

    /** The rule that decides on an address of 4 or 16 octets; null when none covers it, and so nobody is allowed. */
    public @Nullable AccessRule rulingOn(byte[] address) {
        return ruling[indexOf(AccessRule.highBits(address), AccessRule.lowBits(address))];
    }

    /** Whether any address at all is allowed: if not, there is no reason to open a port. */
    public boolean allowsAny() {
        for (AccessRule rule : ruling) {
            if (rule != null && rule.allow()) {
                return true;
            }
        }
        return false;
    }

    /** The last range that starts at or below the address; the first range starts at 0. */
    private int indexOf(long high, long low) {
        int below = 0;
        int above = startHigh.length;
        while (above - below > 1) {
            int middle = (below + above) >>> 1;
            int order = Long.compareUnsigned(startHigh[middle], high);
            if (order < 0 || (order == 0 && Long.compareUnsigned(startLow[middle], low) <= 0)) {
                below = middle;
            } else {
                above = middle;
            }
        }
        return below;
    }

    private static @Nullable AccessRule resolve(List<AccessRule> rules, long high, long low) {
        AccessRule best = null;
        for (AccessRule rule : rules) {
            if (rule.covers(high, low) && (best == null || rule.all() || rule.level() >= best.level())) {
                best = rule;
            }
        }
        return best;
    }

    private static List<Bound> bounds(List<AccessRule> rules) {
        List<Bound> bounds = new ArrayList<>();
        bounds.add(new Bound(0, 0));
        bounds.add(new Bound(0, AccessRule.MAPPED_PREFIX));
        bounds.add(new Bound(0, AccessRule.MAPPED_PREFIX + (1L << 32)));
        for (AccessRule rule : rules) {
            bounds.add(new Bound(rule.firstHigh(), rule.firstLow()));
            // The address behind the last; at the very end of the space it wraps to 0, which is a bound already.
            long behindLow = rule.lastLow() + 1;
            bounds.add(new Bound(behindLow == 0 ? rule.lastHigh() + 1 : rule.lastHigh(), behindLow));
        }
        return bounds.stream().distinct().sorted().toList();
    }

    private record Bound(long high, long low) implements Comparable<Bound> {
        @Override
        public int compareTo(Bound other) {
            int order = Long.compareUnsigned(high, other.high);
            return order != 0 ? order : Long.compareUnsigned(low, other.low);
        }
    }
}
