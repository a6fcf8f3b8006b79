package org.noonmark.sources;

import org.jspecify.annotations.Nullable;

/** What one server has told of the time: good samples go from here to the line, and to the watch for smears. */
final class SampleFeed {
    private static final double LEAP_NANOS = 0.5e9;

    private final SourceStatistics statistics;
    private final SmearWatch smear = new SmearWatch();
    private boolean leapAnnounced;
    private @Nullable NtpSample last;

    SampleFeed(SourceStatistics statistics) {
        this.statistics = statistics;
    }

    SourceStatistics statistics() {
        return statistics;
    }

    /** The last sample that was used; null before. */
    @Nullable NtpSample last() {
        return last;
    }

    /**
     * Uses a sample of a server that says {@code leapIndicator}, and lets it adapt the interval; whether a leap second lies before it, so that
     * nothing older may be used with it.
     */
    boolean use(NtpSample sample, int leapIndicator, PollInterval poll) {
        last = sample;
        double surprise = statistics.surpriseNanos(sample);
        boolean leapt = leapAnnounced && Math.abs(surprise) > LEAP_NANOS;
        if (leapt) {
            // The leap second has passed: samples from before it are a second off.
            statistics.forget();
            leapAnnounced = false;
        }
        leapAnnounced |= leapIndicator == 1 || leapIndicator == 2;
        statistics.add(sample);
        poll.onSample(surprise, sample, statistics.samples(), statistics.leastDelayNanos());
        return leapt;
    }

    /** What was measured says nothing of the time to come. */
    void forget() {
        statistics.forget();
    }

    /** As {@link Association#watchSmear}; {@code reply} is its last one that was synchronised, null: none. */
    void watchSmear(@Nullable Reply reply, long rawNanos, long leapRawNanos, boolean announced, double localRatePpb) {
        if (reply != null) {
            smear.onReply(reply, rawNanos, leapRawNanos, announced);
        }
        if (statistics.isFitted() && !Double.isNaN(localRatePpb)) {
            smear.onRate(statistics.slope() * 1e9 - localRatePpb, statistics.skew() * 1e9, rawNanos, leapRawNanos);
        }
    }

    /** Why it is taken for one that smears a leap second; empty when it is not. */
    String smear(long rawNanos) {
        return smear.reason(rawNanos);
    }
}
