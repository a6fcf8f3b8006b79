package org.noonmark.sources;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides which sources agree, by the rules that chrony.conf(5) states, and which has the best figures. Used by one thread. */
final class Selection {
    /** Another takes the place of the best when its score has come to this. */
    private static final double SCORE_LIMIT = 10;

    /** Stamps of a busy machine are wrong by this now and then, without any share of the server's; near servers vote all the same. */
    private static final double OWN_ERROR_NANOS = 50_000;

    /** Of the scatter of samples about their line. */
    private static final double SIGMAS = 3;

    private final SelectionRules rules;
    private final double maxClockErrorPpb;
    private Map<Source, Verdict> verdicts = Map.of();
    private final Map<Source, SourceStatistics.Interval> intervals = new HashMap<>();
    private final Map<Source, SourceOptions.Choice> choices = new HashMap<>();
    private final Map<Source, Double> scores = new HashMap<>();
    private @Nullable Source best;
    private String why = "no source has been measured yet";

    Selection(SelectionRules rules, double maxClockErrorPpb) {
        this.rules = rules;
        this.maxClockErrorPpb = maxClockErrorPpb;
    }

    /**
     * Decides anew.
     *
     * @param lines all that name servers, those whose name has no address too
     * @param updated the one with a new sample; null: none
     * @return what they agree on; null when they do not
     */
    AgreedTime.@Nullable Word decide(
            List<SourceConfig> lines, List<Source> sources, long rawNanos, @Nullable Source updated) {
        Map<Source, Verdict> now = new HashMap<>();
        verdicts = now;
        intervals.clear();
        weigh(lines, sources);
        List<Source> able = able(sources, rawNanos, now);
        if (mustWait(sources, able, now)) {
            return none("waiting for the first samples of all sources", able, Verdict.WAITS_FOR_SAMPLES);
        }
        if (able.isEmpty()) {
            return none("no source can be used", able, Verdict.STALE);
        }
        if (rules.orphanStratum() != 0) {
            able = withoutOrphans(able, now);
            if (able.isEmpty()) {
                return none("all that can be used are orphans, and follow this machine", able, Verdict.ORPHAN);
            }
        }
        AgreedInterval agreed = AgreedInterval.of(
                able, this::intervalOf, source -> choice(source).trust());
        if (!agreed.isMajority()) {
            String who = agreed.byTrust() ? "trusted sources" : "sources";
            return none(
                    "no majority: only " + agreed.depth() + " of " + agreed.voters() + " " + who + " agree",
                    able,
                    Verdict.FALSETICKER);
        }
        List<Source> agreeing = agreeing(able, agreed, now);
        boolean requiredMissing = isAnyRequired(lines, sources)
                && agreeing.stream().noneMatch(s -> choice(s).require());
        if (requiredMissing || agreeing.size() < Math.max(1, rules.minSources())) {
            return none(
                    requiredMissing
                            ? "no source that is required agrees"
                            : agreeing.size() + " of the " + rules.minSources()
                                    + " sources that must agree (minsources)",
                    agreeing,
                    Verdict.WAITS_FOR_SOURCES);
        }
        List<Source> preferred = preferred(agreeing, now);
        best = best(preferred, updated);
        now.put(best, Verdict.BEST);
        why = "";
        return new AgreedTime.Word(
                agreeing,
                best,
                agreed.majorityLowNanos(),
                agreed.majorityHighNanos(),
                rawNanos,
                best.statistics().skew(),
                intervalOf(best));
    }

    /** What the mode of authentication makes of each one's own options. */
    private void weigh(List<SourceConfig> lines, List<Source> sources) {
        choices.clear();
        boolean some = hasAuthenticated(lines);
        boolean others = hasOthers(lines);
        for (Source source : sources) {
            SourceOptions.Choice own = source.options().choice();
            // Nobody else speaks for a clock of this machine.
            boolean authenticated =
                    source instanceof ReferenceClock || source.options().isAuthenticated();
            boolean watched = switch (rules.authenticated()) {
                case REQUIRE -> !authenticated;
                case PREFER -> !authenticated && some;
                case MIX, IGNORE -> false;
            };
            boolean leads =
                    rules.authenticated() == SelectionRules.Authenticated.MIX && authenticated && some && others;
            choices.put(
                    source,
                    new SourceOptions.Choice(
                            own.prefer(), own.noselect() || watched, own.trust() || leads, own.require() || leads));
        }
    }

    // Who forges answers of name servers too could else keep those away that he cannot speak for.
    private static boolean hasAuthenticated(List<SourceConfig> lines) {
        return lines.stream().anyMatch(line -> isUsed(line) && line.options().isAuthenticated());
    }

    private static boolean hasOthers(List<SourceConfig> lines) {
        return lines.stream().anyMatch(line -> isUsed(line) && !line.options().isAuthenticated());
    }

    private static boolean isUsed(SourceConfig line) {
        return !line.options().choice().noselect();
    }

    /** By its line, or by the mode of authentication. */
    private boolean isAnyRequired(List<SourceConfig> lines, List<Source> sources) {
        boolean leads = rules.authenticated() == SelectionRules.Authenticated.MIX && hasAuthenticated(lines);
        return (leads && hasOthers(lines))
                || sources.stream()
                        .anyMatch(source ->
                                choice(source).require() && !choice(source).noselect())
                || lines.stream()
                        .anyMatch(
                                line -> isUsed(line) && line.options().choice().require());
    }

    /** Its part in selection, as the other servers make it. */
    SourceOptions.Choice choice(Source source) {
        return choices.getOrDefault(source, source.options().choice());
    }

    Verdict verdict(Source source) {
        return verdicts.getOrDefault(source, Verdict.MISSING_SAMPLES);
    }

    /** Where its time lay at the last decision; null when it had no vote. */
    SourceStatistics.@Nullable Interval interval(Source source) {
        return intervals.get(source);
    }

    double score(Source source) {
        return scores.getOrDefault(source, 1.0);
    }

    /** Why nothing is agreed, one phrase; empty when something is. */
    String why() {
        return why;
    }

    /** Whether {@code source} has the best figures. */
    boolean isBest(Source source) {
        return source == best;
    }

    private AgreedTime.@Nullable Word none(String reason, List<Source> affected, Verdict verdict) {
        affected.forEach(source -> verdicts.put(source, verdict));
        best = null;
        scores.clear();
        why = reason;
        return null;
    }

    /** Of one that has a vote. */
    private SourceStatistics.Interval intervalOf(Source source) {
        return Objects.requireNonNull(intervals.get(source));
    }

    /** Those whose own figures allow them a vote. */
    private List<Source> able(List<Source> sources, long rawNanos, Map<Source, Verdict> now) {
        List<Source> able = new ArrayList<>();
        long oldestOfReachable = 0;
        for (Source source : sources) {
            Verdict verdict = own(source, rawNanos);
            now.put(source, verdict);
            if (verdict == Verdict.AGREES) {
                able.add(source);
                if (source.reach() != 0) {
                    oldestOfReachable = Math.max(
                            oldestOfReachable, rawNanos - source.statistics().oldestRawNanos());
                }
            }
        }
        for (Source source : List.copyOf(able)) {
            long age = rawNanos - source.statistics().newestRawNanos();
            if (source.reach() == 0 && age > oldestOfReachable) {
                now.put(source, Verdict.STALE);
                able.remove(source);
            }
        }
        return able;
    }

    /**
     * Those below the stratum of orphans; or, where all servers have lost their reference, the one orphan that all of them choose alike: that
     * with the least reference id, unless one of this machine's own is less.
     */
    private List<Source> withoutOrphans(List<Source> able, Map<Source, Verdict> now) {
        List<Association> orphans = able.stream()
                .filter(Association.class::isInstance)
                .map(Association.class::cast)
                .filter(source -> source.stratum() >= rules.orphanStratum())
                .toList();
        List<Source> kept =
                able.stream().filter(source -> !orphans.contains(source)).toList();
        if (kept.isEmpty()) {
            kept = orphans.stream()
                    .filter(source -> source.stratum() == rules.orphanStratum())
                    .min((a, b) -> Integer.compareUnsigned(
                            a.ntpAddress().referenceId(), b.ntpAddress().referenceId()))
                    .filter(Association::isLessThanThisMachine)
                    .<Source>map(source -> source)
                    .stream()
                    .toList();
        }
        List<Source> chosen = kept;
        able.stream().filter(source -> !chosen.contains(source)).forEach(source -> now.put(source, Verdict.ORPHAN));
        return chosen;
    }

    private Verdict own(Source source, long rawNanos) {
        SourceStatistics statistics = source.statistics();
        if (choice(source).noselect()) {
            return Verdict.NOSELECT;
        }
        if (!source.smear(rawNanos).isEmpty()) {
            return Verdict.SMEARS;
        }
        if (!statistics.isFitted()) {
            return Verdict.MISSING_SAMPLES;
        }
        if (!source.isSynchronised()) {
            return Verdict.UNSYNCHRONISED;
        }
        SourceStatistics.Interval interval = statistics
                .interval(rawNanos)
                .widened(ageing(statistics, rawNanos) + SIGMAS * statistics.deviationNanos() + OWN_ERROR_NANOS);
        intervals.put(source, interval);
        if (interval.distanceNanos() > rules.maxDistanceNanos()) {
            return Verdict.TOO_DISTANT;
        }
        return statistics.deviationNanos() > rules.maxJitterNanos() ? Verdict.JITTERY : Verdict.AGREES;
    }

    /** A line that is older than long says less and less. */
    private double ageing(SourceStatistics statistics, long rawNanos) {
        double since = rawNanos - statistics.newestRawNanos();
        double span = statistics.newestRawNanos() - statistics.oldestRawNanos();
        return Math.max(0, since - span) * maxClockErrorPpb * 1e-9;
    }

    /** At the start, servers asked at the same pace get their lines at almost the same time: it is worth the wait. */
    private boolean mustWait(List<Source> sources, List<Source> able, Map<Source, Verdict> now) {
        int missing = 0;
        for (Source source : sources) {
            if (now.get(source) == Verdict.MISSING_SAMPLES) {
                missing = Math.max(missing, source.reach());
            }
        }
        int have = able.stream().mapToInt(Source::reach).max().orElse(0);
        boolean young = able.stream().noneMatch(Source::isReachFull);
        return best == null && !able.isEmpty() && missing != 0 && young && have >> 1 == missing;
    }

    private List<Source> agreeing(List<Source> able, AgreedInterval agreed, Map<Source, Verdict> now) {
        List<Source> agreeing = new ArrayList<>();
        for (Source source : able) {
            SourceStatistics.Interval interval = intervalOf(source);
            if (!agreed.agreesWith(interval)) {
                now.put(source, Verdict.FALSETICKER);
            } else if (agreed.byTrust() && !choice(source).trust() && !agreed.isWithinTrusted(interval)) {
                now.put(source, Verdict.NOT_TRUSTED);
            } else {
                agreeing.add(source);
            }
        }
        return agreeing;
    }

    private static List<Source> preferred(List<Source> agreeing, Map<Source, Verdict> now) {
        List<Source> preferred = agreeing.stream()
                .filter(source -> source.options().choice().prefer())
                .toList();
        if (preferred.isEmpty()) {
            return agreeing;
        }
        agreeing.stream()
                .filter(source -> !preferred.contains(source))
                .forEach(source -> now.put(source, Verdict.NOT_PREFERRED));
        return preferred;
    }

    /** The one with the least distance, but another takes its place only when it has been better for a while. */
    private Source best(List<Source> among, @Nullable Source updated) {
        int leastStratum = among.stream().mapToInt(Source::stratum).min().orElse(0);
        Source present = best != null && among.contains(best) ? best : null;
        scores.keySet().retainAll(among);
        double toBeat = present == null ? 0 : distance(present, leastStratum, 0);
        Source winner = among.getFirst();
        double most = 0;
        for (Source source : among) {
            double distance = distance(source, leastStratum, rules.reselectNanos());
            double score = present == null ? 1e9 / distance : score(source);
            if (present != null && (source == updated || present == updated)) {
                score = Math.max(1, score * toBeat / distance);
                scores.put(source, score);
            }
            if (score > most) {
                most = score;
                winner = source;
            }
        }
        if (present != null && (winner == present || most <= SCORE_LIMIT)) {
            return present;
        }
        scores.clear();
        return winner;
    }

    private double distance(Source source, int leastStratum, long penaltyNanos) {
        return intervalOf(source).distanceNanos()
                + (double) (source.stratum() - leastStratum) * rules.stratumWeightNanos()
                + penaltyNanos;
    }
}
