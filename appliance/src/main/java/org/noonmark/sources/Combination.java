package org.noonmark.sources;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Makes one time of those that agree: the mean of the near ones, by how well each is known, with the bound of the best one. */
final class Combination {
    /** Frequencies that differ by more than both may be off are not of one time. */
    private static final double SAME_SKEWS = 3;

    /**
     * A server's weight falls with this power of its distance: between chrony's 1, which takes the mean of what unequal ways make of each,
     * and 2, which would be right if that were all in proportion to the distance.
     */
    private static final double TRUST_BY_DISTANCE = 1.5;

    private Combination() {}

    /**
     * The time of {@code word}.
     *
     * @param weighty whether it may overrule what was proven before
     * @param combineLimit those further than so many times the best one's distance are left out; 0: all but the best
     * @param reselectNanos what a distance may be more than the best one's in any case
     */
    static Lead of(AgreedTime.Word word, int leapDirection, boolean weighty, double combineLimit, long reselectNanos) {
        Source best = word.best();
        long raw = word.rawNanos();
        SourceStatistics statistics = best.statistics();
        SourceStatistics.Interval interval = word.bestInterval();
        double farthest = combineLimit * (interval.distanceNanos() + reselectNanos);
        List<Source> near = word.agreeing().stream()
                .filter(source -> source == best || isNear(source, best, raw, farthest, interval))
                .toList();
        long zero = statistics.referenceMinusRawNanos(raw);
        double offset = mean(
                near,
                source -> source.statistics().referenceMinusRawNanos(raw) - zero,
                source -> Math.pow(source.statistics().interval(raw).distanceNanos(), TRUST_BY_DISTANCE));
        double slope = mean(
                near,
                source -> source.statistics().slope(),
                source -> square(source.statistics().skew()));
        long combined = zero + Math.round(offset);
        long centre = interval.lowNanos() + (interval.highNanos() - interval.lowNanos()) / 2;
        long rootDelay = Math.round(statistics.bestSample().rootDelayNanos());
        // The best one's interval holds the truth; what is told lies elsewhere in it.
        long bound = (long) Math.ceil(interval.distanceNanos() + Math.abs((double) combined - centre));
        return new Lead(
                best.shownName(),
                best.referenceIdToFollow(),
                best.stratumToFollow(),
                leapDirection,
                word.agreeing().stream().anyMatch(Source::announcesLeap),
                weighty,
                combined,
                raw,
                slope,
                statistics.skew() + Math.abs(slope - statistics.slope()),
                rootDelay,
                Math.max(0, bound - rootDelay / 2),
                statistics.newestRawNanos());
    }

    /**
     * A distance is one sample's: where the others are scattered around it, the line through all of them goes elsewhere, and what it tells
     * may be further from the best one's than the distances of both allow.
     */
    private static boolean isNear(
            Source source, Source best, long raw, double farthest, SourceStatistics.Interval truth) {
        SourceStatistics own = source.statistics();
        SourceStatistics other = best.statistics();
        long told = own.referenceMinusRawNanos(raw);
        double distance = own.interval(raw).distanceNanos();
        return distance + own.deviationNanos() <= farthest
                && truth.lowNanos() - told <= distance
                && told - truth.highNanos() <= distance
                && Math.abs(own.slope() - other.slope()) <= SAME_SKEWS * (own.skew() + other.skew());
    }

    private static double mean(
            List<Source> sources, ToDoubleFunction<Source> value, ToDoubleFunction<Source> variance) {
        double sum = 0;
        double weights = 0;
        for (Source source : sources) {
            double weight = 1 / Math.max(1e-30, variance.applyAsDouble(source));
            sum += weight * value.applyAsDouble(source);
            weights += weight;
        }
        return sum / weights;
    }

    private static double square(double value) {
        return value * value;
    }
}
