package org.noonmark.sources;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The interval that lies in most of the intervals of some sources (Marzullo's, as in RFC 5905, section 11.2.1, and chrony): what the
 * largest number of them can agree on. Intervals of trusted sources count before all others.
 *
 * @param lowNanos its lower end, reference minus raw time
 * @param highNanos its upper end
 * @param trustedLowNanos lower end of what most trusted sources agree on; only where there are such
 * @param trustedHighNanos upper end of that
 * @param majorityLowNanos the truth is no less, as long as fewer than half of the voters lie: a liar who agrees almost could draw the
 *     deepest place away from it
 * @param majorityHighNanos and no more
 * @param depth so many intervals hold it: trusted ones alone where there are such
 * @param voters so many had a vote
 * @param byTrust whether trusted sources decided
 */
record AgreedInterval(
        long lowNanos,
        long highNanos,
        long trustedLowNanos,
        long trustedHighNanos,
        long majorityLowNanos,
        long majorityHighNanos,
        int depth,
        int voters,
        boolean byTrust) {
    private record End(long nanos, boolean low, boolean trusted) {}

    /** Of at least one source. */
    static AgreedInterval of(
            List<Source> sources, Function<Source, SourceStatistics.Interval> intervals, Predicate<Source> isTrusted) {
        List<End> ends = new ArrayList<>(2 * sources.size());
        int trusted = 0;
        for (Source source : sources) {
            SourceStatistics.Interval interval = intervals.apply(source);
            boolean trust = isTrusted.test(source);
            trusted += trust ? 1 : 0;
            ends.add(new End(interval.lowNanos(), true, trust));
            ends.add(new End(interval.highNanos(), false, trust));
        }
        // Where one ends as another begins, both hold that point.
        ends.sort(Comparator.comparingLong(End::nanos).thenComparing(end -> !end.low()));
        AgreedInterval all = deepest(ends, trusted > 0, sources.size());
        return trusted == 0 ? all : deepestAmongTrusted(ends, trusted, all);
    }

    /** The deepest place of all, or, with trusted sources, of those where most of them agree. */
    private static AgreedInterval deepest(List<End> ends, boolean byTrust, int voters) {
        int depth = 0;
        int trustDepth = 0;
        int bestDepth = 0;
        int bestTrust = 0;
        long low = 0;
        long high = 0;
        int majority = voters / 2 + 1;
        long majorityLow = Long.MAX_VALUE;
        long majorityHigh = Long.MIN_VALUE;
        for (End end : ends) {
            if (end.low()) {
                depth++;
                majorityLow = depth >= majority ? Math.min(majorityLow, end.nanos()) : majorityLow;
                trustDepth += end.trusted() ? 1 : 0;
                if (trustDepth > bestTrust || (trustDepth == bestTrust && depth > bestDepth)) {
                    bestTrust = trustDepth;
                    bestDepth = depth;
                    low = end.nanos();
                }
            } else {
                if (depth == bestDepth && trustDepth == bestTrust) {
                    high = end.nanos();
                }
                majorityHigh = depth >= majority ? end.nanos() : majorityHigh;
                depth--;
                trustDepth -= end.trusted() ? 1 : 0;
            }
        }
        return new AgreedInterval(low, high, low, high, majorityLow, majorityHigh, bestDepth, voters, byTrust);
    }

    private static AgreedInterval deepestAmongTrusted(List<End> ends, int trusted, AgreedInterval all) {
        AgreedInterval narrow = deepest(ends.stream().filter(End::trusted).toList(), true, trusted);
        return new AgreedInterval(
                all.lowNanos,
                all.highNanos,
                narrow.lowNanos,
                narrow.highNanos,
                narrow.majorityLowNanos,
                narrow.majorityHighNanos,
                narrow.depth,
                trusted,
                true);
    }

    boolean isMajority() {
        return 2 * depth > voters;
    }

    /** Whether a source's interval holds the agreed one, or lies in it. */
    boolean agreesWith(SourceStatistics.Interval other) {
        return (other.lowNanos() <= lowNanos && other.highNanos() >= highNanos)
                || (other.lowNanos() >= lowNanos && other.highNanos() <= highNanos);
    }

    /** Whether a source could not draw the time out of what trusted ones allow. */
    boolean isWithinTrusted(SourceStatistics.Interval other) {
        return other.lowNanos() >= trustedLowNanos && other.highNanos() <= trustedHighNanos;
    }
}
