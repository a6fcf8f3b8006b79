package org.noonmark.sources;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.SymmetricKey;

/** Tells of sources in terms of the local clock, at one moment. */
final class SourceView {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final SourceStatus.Figures NO_FIGURES = new SourceStatus.Figures(0, 0, 0, 0, 2e6, 0, 4e9);

    private final Selection selection;
    private final List<SymmetricKey> keys;
    private final Moment now;
    private final double localRate;

    /** @param localRatePpb how fast the local clock runs against raw time */
    SourceView(Selection selection, List<SymmetricKey> keys, Moment now, double localRatePpb) {
        this.selection = selection;
        this.keys = keys;
        this.now = now;
        localRate = localRatePpb * 1e-9;
    }

    static SourceStatus unresolved(SourceConfig config) {
        SourceOptions options = config.options();
        return new SourceStatus(
                config.name(),
                false,
                "",
                0,
                options.port(),
                options.polling().offline() ? Association.Mode.OFFLINE : Association.Mode.ONLINE,
                options,
                options.choice(),
                null,
                options.nts().isPresent() ? SourceStatus.Nts.NONE : null,
                Verdict.MISSING_SAMPLES,
                1,
                null,
                0,
                3,
                Math.max(0, options.polling().minLog2Seconds()),
                0,
                -1,
                0,
                0,
                0,
                NO_FIGURES,
                null,
                "",
                0,
                SourceStatus.Counts.NONE,
                SourceTrace.NONE,
                "its name has no address yet: check the name, and that this machine has a name server");
    }

    SourceStatus of(Association source) {
        SourceStatistics statistics = source.statistics();
        NtpSample sample = source.lastSample();
        SourceAddress local = source.localAddress();
        return new SourceStatus(
                source.config().name(),
                false,
                source.ntpAddress().text(),
                source.ntpAddress().referenceId(),
                source.ntpPort(),
                source.mode(),
                source.options(),
                selection.choice(source),
                key(source.options().keyId()),
                source.cookies() == null ? null : source.cookies().status(now.rawNanos()),
                selection.verdict(source),
                selection.score(source),
                span(source),
                source.stratum(),
                source.leapIndicator(),
                source.pollLog2Seconds(),
                source.reach(),
                age(sample),
                sample == null ? 0 : adjusted(sample),
                sample == null ? 0 : sample.offsetNanos(),
                sample == null ? 0 : sample.rootDistanceNanos(),
                statistics.samples() == 0 ? NO_FIGURES : figures(statistics),
                source.lastReply(),
                local == null ? "" : local.text(),
                local == null ? 0 : local.referenceId(),
                source.counts(),
                source.trace(),
                note(source));
    }

    SourceStatus of(ReferenceClock clock) {
        SourceStatistics statistics = clock.statistics();
        NtpSample sample = clock.lastSample();
        return new SourceStatus(
                clock.shownName(),
                true,
                clock.shownName(),
                clock.referenceIdToFollow(),
                0,
                Association.Mode.ONLINE,
                clock.options(),
                selection.choice(clock),
                null,
                null,
                selection.verdict(clock),
                selection.score(clock),
                span(clock),
                clock.stratum(),
                clock.leapIndicator(),
                clock.clock().pollLog2Seconds(),
                clock.reach(),
                age(sample),
                sample == null ? 0 : adjusted(sample),
                sample == null ? 0 : sample.offsetNanos(),
                sample == null ? 0 : sample.rootDistanceNanos(),
                statistics.samples() == 0 ? NO_FIGURES : figures(statistics),
                null,
                "",
                0,
                SourceStatus.Counts.NONE,
                clock.trace(),
                note(clock));
    }

    private String note(ReferenceClock clock) {
        String smear = clock.smear(now.rawNanos());
        String readings = clock.unused() < 2 || clock.trouble().isEmpty()
                ? ""
                : " (" + clock.unused() + " readings were not used so far)";
        return smear.isEmpty() ? clock.trouble() + readings : smear;
    }

    private SourceStatus.@Nullable Span span(Source source) {
        SourceStatistics.Interval interval = selection.interval(source);
        return interval == null
                ? null
                : new SourceStatus.Span(localOffset(interval.lowNanos()), localOffset(interval.highNanos()));
    }

    private long age(@Nullable NtpSample sample) {
        return sample == null ? -1 : Math.max(0, Math.round((now.rawNanos() - sample.rawNanos()) / NANOS_PER_SECOND));
    }

    /** Reference minus raw time, as an offset of the local clock now. */
    private double localOffset(long referenceMinusRawNanos) {
        return referenceMinusRawNanos - (now.localNanos() - now.rawNanos());
    }

    /** As if the local clock had always run as it does now. */
    private double adjusted(NtpSample sample) {
        return localOffset(sample.referenceMinusRawNanos()) + (now.rawNanos() - sample.rawNanos()) * localRate;
    }

    private SourceStatus.Figures figures(SourceStatistics statistics) {
        return new SourceStatus.Figures(
                statistics.samples(),
                statistics.runs(),
                (statistics.newestRawNanos() - statistics.oldestRawNanos()) / NANOS_PER_SECOND,
                statistics.isFitted() ? (statistics.slope() - localRate) * 1e9 : 0,
                statistics.skew() * 1e9,
                localOffset(statistics.referenceMinusRawNanos(now.rawNanos())),
                statistics.deviationNanos());
    }

    private SourceStatus.@Nullable Key key(int id) {
        if (id == 0) {
            return null;
        }
        return keys.stream()
                .filter(key -> key.id() == id)
                .map(key -> new SourceStatus.Key(id, key.algorithm().chronyNumber(), key.bits()))
                .findFirst()
                .orElse(null);
    }

    private String note(Association source) {
        String smear = source.smear(now.rawNanos());
        if (!smear.isEmpty()) {
            return smear;
        }
        if (!source.refusal().isEmpty()) {
            return "it refuses to answer (" + source.refusal() + "): it is asked less often";
        }
        CookieStore cookies = source.cookies();
        if (cookies != null && !cookies.trouble().isEmpty()) {
            return "no keys for NTS: " + cookies.trouble();
        }
        Reply reply = source.lastReply();
        if (reply == null) {
            return source.counts().received() == 0 || source.counts().requests() == 0
                    ? ""
                    : "none of its answers passes the tests: check the key, and that it is an NTP server";
        }
        return reply.isGood() ? "" : reply.failure();
    }
}
