package org.noonmark.sources;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.Witness;

/**
 * What the sources agree on, as one witness of the receiver. Their majority has been found among themselves before; the testimony is
 * the interval that holds the truth as long as fewer than half of them lie. It moves with the local clock by itself, for it is kept in raw
 * time. Written by the thread of the sources, asked by the timing thread.
 */
public final class AgreedTime implements Witness {
    private static final int MOST_NAMES = 3;

    /**
     * What is agreed.
     *
     * @param name who agrees, as shown to a person
     * @param lowNanos reference minus raw time is no less, when {@code atRawNanos}
     * @param highNanos and no more
     * @param slope by which both change, as a share
     * @param growth by which they move apart, as a share
     * @param measuredRawNanos raw time of the newest sample
     * @param leapDirection what most of them announce
     * @param weighty whether it may stop what a receiver has proven
     */
    private record Published(
            String name,
            long lowNanos,
            long highNanos,
            long atRawNanos,
            double slope,
            double growth,
            long measuredRawNanos,
            int leapDirection,
            boolean weighty) {}

    /**
     * The outcome of a selection.
     *
     * @param agreeing who agrees, at least one
     * @param best the one with the best figures
     * @param lowNanos reference minus raw time is no less
     * @param highNanos and no more
     * @param rawNanos when
     * @param skew how far the frequency may be off, as a share
     * @param bestInterval where the best one's time lies
     */
    record Word(
            List<Source> agreeing,
            Source best,
            long lowNanos,
            long highNanos,
            long rawNanos,
            double skew,
            SourceStatistics.Interval bestInterval) {}

    private final Supplier<Moment> clocks;
    private final double maxClockError;
    private volatile @Nullable Published published;
    private volatile @Nullable Lead lead;

    /**
     * @param clocks reads both clocks
     * @param maxClockErrorPpb how fast the own clock may wander (maxclockerror)
     */
    public AgreedTime(Supplier<Moment> clocks, double maxClockErrorPpb) {
        this.clocks = clocks;
        maxClockError = maxClockErrorPpb * 1e-9;
    }

    void publish(@Nullable Word word, SelectionRules rules) {
        if (word == null) {
            published = null;
            lead = null;
            return;
        }
        boolean weighty = isWeighty(word.agreeing());
        // Orphans keep a time of their own, which need not be the true one: their owner has asked for it.
        boolean orphan = rules.orphanStratum() != 0 && word.best().stratum() >= rules.orphanStratum();
        lead = Combination.of(
                word, leapDirection(word.agreeing()), weighty || orphan, rules.combineLimit(), rules.reselectNanos());
        SourceStatistics best = word.best().statistics();
        published = new Published(
                name(word.agreeing()),
                word.lowNanos(),
                word.highNanos(),
                word.rawNanos(),
                best.slope(),
                word.skew() + maxClockError,
                best.newestRawNanos(),
                leapDirection(word.agreeing()),
                weighty);
    }

    /** Their time as one that can be followed; null while they agree on nothing. */
    public @Nullable Lead lead() {
        return lead;
    }

    @Override
    public @Nullable Testimony testimony() {
        Published word = published;
        if (word == null) {
            return null;
        }
        Moment now = clocks.get();
        long elapsed = now.rawNanos() - word.atRawNanos();
        long middle = word.lowNanos() + (word.highNanos() - word.lowNanos()) / 2;
        double half = (word.highNanos() - word.lowNanos()) / 2.0 + Math.abs((double) elapsed) * word.growth();
        long offset = middle + Math.round(elapsed * word.slope()) + now.rawNanos() - now.localNanos();
        long measured = now.localNanos() - (now.rawNanos() - word.measuredRawNanos());
        return new Testimony(
                word.name(), offset, (long) Math.ceil(half), measured, word.leapDirection(), word.weighty());
    }

    /** {@code server a}, or {@code a majority of sources (a, b, c, ...)}: what says something. */
    private static String name(List<Source> agreeing) {
        if (agreeing.size() == 1) {
            return agreeing.getFirst().kind() + " " + agreeing.getFirst().shownName();
        }
        String names =
                agreeing.stream().limit(MOST_NAMES).map(Source::shownName).collect(Collectors.joining(", "));
        return "a majority of sources (" + names + (agreeing.size() > MOST_NAMES ? ", ..." : "") + ")";
    }

    /** Two agree, or one that nobody else can speak for, or that the owner trusts or requires. */
    static boolean isWeighty(List<Source> agreeing) {
        return agreeing.size() > 1 || agreeing.stream().anyMatch(Source::isWeighty);
    }

    /**
     * RFC 5905, figure 9: 1 announces a second inserted, 2 one deleted. More than half must agree, and not one alone that anybody may speak
     * for: a forged announcement would be served on all day. Who only repeats what this machine says has no vote.
     */
    private static int leapDirection(List<Source> agreeing) {
        List<Source> voters = agreeing.stream().filter(Source::votesOnLeap).toList();
        if (!isWeighty(voters)) {
            return 0;
        }
        long inserted =
                voters.stream().filter(source -> source.leapIndicator() == 1).count();
        long deleted =
                voters.stream().filter(source -> source.leapIndicator() == 2).count();
        return 2 * inserted > voters.size() ? 1 : 2 * deleted > voters.size() ? -1 : 0;
    }
}
