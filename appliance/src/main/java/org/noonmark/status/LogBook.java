package org.noonmark.status;

import static org.noonmark.status.ChronycFigures.format;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.sources.NtpSample;
import org.noonmark.sources.Reply;
import org.noonmark.sources.SourceStatus;
import org.noonmark.sources.SourceTrace;
import org.noonmark.sources.SourcesStatus;

/**
 * Writes the lines of chrony's log files, as chrony.conf(5) describes them, from one look at the sources to the next. Used by one thread;
 * whoever looks more rarely than samples come misses some.
 */
public final class LogBook {
    /** A line, without its end. */
    public record Line(LogFile file, String text) {}

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final String LEAPS = "N+-?";
    /** Pulses make an update each second: of those as many are written as chrony makes by default. */
    private static final long TRACKING_NANOS = 16_000_000_000L;

    private record Seen(long answers, long samples, long readings) {
        static final Seen NOTHING = new Seen(0, 0, 0);
    }

    private final Set<LogFile> files;
    private final boolean raw;
    private Map<String, Seen> seen = new HashMap<>();
    private long decisions;
    private long referenceStamp;
    private long trackedNanos = Long.MIN_VALUE / 2;

    /** @param raw whether answers that fail the tests are measurements too */
    public LogBook(Set<LogFile> files, boolean raw) {
        this.files = Set.copyOf(files);
        this.raw = raw;
    }

    /**
     * What is new.
     *
     * @param clock this machine's, as far as it is known
     * @param system what is served
     * @param nowNanos this machine's clock, nanoseconds since 1970
     */
    public List<Line> lines(SourcesStatus sources, ClockStatus clock, SystemVariables system, long nowNanos) {
        List<Line> lines = new ArrayList<>();
        Map<String, Seen> now = new HashMap<>();
        for (SourceStatus source : sources.all()) {
            String key = source.name() + " " + source.address();
            SourceTrace trace = source.trace();
            Seen before = seen.getOrDefault(key, Seen.NOTHING);
            SourceTrace.Reading reading = trace.reading();
            now.put(key, new Seen(trace.answers(), trace.samples(), reading == null ? 0 : reading.count()));
            Reply heard = trace.heard();
            if (heard != null && trace.answers() != before.answers() && (raw || heard.isSynchronised())) {
                add(lines, LogFile.MEASUREMENTS, measurement(source, heard, nowNanos));
            }
            if (reading != null && reading.count() != before.readings()) {
                add(lines, LogFile.REFCLOCKS, reading(source, reading));
            }
            if (trace.samples() != before.samples()) {
                if (source.isClock()) {
                    add(lines, LogFile.REFCLOCKS, filtered(source));
                }
                add(lines, LogFile.STATISTICS, statistics(source, nowNanos));
            }
        }
        seen = now;
        if (sources.decisions() != decisions) {
            decisions = sources.decisions();
            sources.all().forEach(source -> add(lines, LogFile.SELECTION, selection(source, nowNanos)));
        }
        track(lines, sources, clock, system, nowNanos);
        return lines;
    }

    /**
     * A reading of the sensor of {@code tempcomp}.
     *
     * @param shown as the sensor tells it
     * @param ppm the correction that the owner has for it
     * @param nowNanos this machine's clock, nanoseconds since 1970
     */
    public static Line temperature(double shown, double ppm, long nowNanos) {
        return new Line(LogFile.TEMPCOMP, format("%s %11.4e %11.4e", time(nowNanos), shown, ppm));
    }

    private void add(List<Line> lines, LogFile file, String text) {
        if (files.contains(file)) {
            lines.add(new Line(file, text));
        }
    }

    private static String time(long nanos) {
        return TIME.format(Instant.ofEpochSecond(0, nanos));
    }

    private static long sampleNanos(SourceStatus source, long nowNanos) {
        return nowNanos - Math.max(0, source.lastSampleSeconds()) * 1_000_000_000L;
    }

    private static char leap(int indicator) {
        return LEAPS.charAt(indicator);
    }

    private static String measurement(SourceStatus source, Reply reply, long nowNanos) {
        NtpSample sample = reply.sample();
        int tests = reply.tests();
        return format(
                "%s %-15s %1c %2d %s %s %s  %2d %2d %4.2f %10.3e %10.3e %10.3e %10.3e %10.3e %08X %1d%1c %1c %1c",
                time(nowNanos),
                source.shown(),
                leap(reply.leapIndicator()),
                reply.stratum(),
                ServerText.bits(tests >> 7, 3),
                ServerText.bits(tests >> 4, 3),
                ServerText.bits(tests, 4),
                source.pollLog2Seconds(),
                reply.pollLog2Seconds(),
                source.trace().pollScore(),
                sample == null ? 0 : sample.offsetNanos() / 1e9,
                sample == null ? 0 : sample.delayNanos() / 1e9,
                sample == null ? 0 : sample.dispersionNanos() / 1e9,
                reply.rootDelayNanos() / 1e9,
                reply.rootDispersionNanos() / 1e9,
                reply.referenceId(),
                reply.mode(),
                reply.interleaved() ? 'I' : 'B',
                reply.sentByKernel() ? 'K' : 'D',
                reply.byKernel() ? 'K' : 'D');
    }

    /** chrony says how far the clock is fast, and how it gains. */
    private static String statistics(SourceStatus source, long nowNanos) {
        SourceStatus.Figures figures = source.figures();
        SourceTrace trace = source.trace();
        return format(
                "%s %-15s %10.3e %10.3e %10.3e %10.3e %10.3e %7.1e %3d %3d %3d %5.2f",
                time(sampleNanos(source, nowNanos)),
                source.shown(),
                figures.deviationNanos() / 1e9,
                -figures.offsetNanos() / 1e9,
                trace.offsetErrorNanos() / 1e9,
                -figures.frequencyPpb() / 1e9,
                figures.skewPpb() / 1e9,
                trace.stress(),
                figures.samples(),
                trace.dropped(),
                figures.runs(),
                trace.asymmetry());
    }

    private static String selection(SourceStatus source, long nowNanos) {
        SourceStatus.Span span = source.interval();
        return format(
                "%s %-15s %c %s %4o %5.2f %10.3e %10.3e %10.3e",
                time(nowNanos),
                source.shown(),
                source.verdict().selectionLetter(),
                ServerText.options(source.choice()),
                source.reach(),
                source.score(),
                (double) Math.max(0, source.lastSampleSeconds()),
                span == null ? 0 : -span.highNanos() / 1e9,
                span == null ? 0 : -span.lowNanos() / 1e9);
    }

    private static String reading(SourceStatus source, SourceTrace.Reading reading) {
        return format(
                "%s.%06d %-5s %3d %1c %1d %13.6e %13.6e %10.3e",
                time(reading.localNanos()),
                Math.floorMod(reading.localNanos(), 1_000_000_000L) / 1_000,
                source.name(),
                reading.sequence(),
                leap(source.leapIndicator()),
                reading.pulse() ? 1 : 0,
                reading.rawNanos() / 1e9,
                reading.cookedNanos() / 1e9,
                reading.precisionNanos() / 1e9);
    }

    private static String filtered(SourceStatus source) {
        long nanos = source.trace().sampleLocalNanos();
        return format(
                "%s.%06d %-5s   - %1c -       -       %13.6e %10.3e",
                time(nanos),
                Math.floorMod(nanos, 1_000_000_000L) / 1_000,
                source.name(),
                leap(source.leapIndicator()),
                source.measuredNanos() / 1e9,
                source.trace().dispersionNanos() / 1e9);
    }

    private void track(
            List<Line> lines, SourcesStatus sources, ClockStatus clock, SystemVariables system, long nowNanos) {
        long stamp = system.referenceTimestamp();
        boolean due = nowNanos - trackedNanos >= TRACKING_NANOS || nowNanos < trackedNanos;
        if (!system.isSynchronised() || stamp == referenceStamp || (!system.isFromServers() && !due)) {
            return;
        }
        referenceStamp = stamp;
        trackedNanos = nowNanos;
        List<SourceStatus> combined = sources.all().stream()
                .filter(source -> system.isFromServers() && source.verdict().isTruechimer())
                .toList();
        double deviation = combined.stream()
                .mapToDouble(source -> source.figures().deviationNanos())
                .min()
                .orElse(clock.rmsOffsetNanos());
        double offset = combined.stream()
                .filter(source -> source.addressId() == system.referenceId())
                .mapToDouble(SourceStatus::measuredNanos)
                .findFirst()
                .orElse((double) clock.lastOffsetNanos());
        String name = combined.stream()
                .filter(source -> source.addressId() == system.referenceId())
                .map(SourceStatus::shown)
                .findFirst()
                .orElseGet(() -> ChronycText.referenceName(system));
        add(
                lines,
                LogFile.TRACKING,
                format(
                        "%s %-15s %2d %10.3f %10.3f %10.3e %1c %2d %10.3e %10.3e %10.3e %10.3e %10.3e",
                        time(nowNanos),
                        name,
                        system.stratum(),
                        -clock.frequencyPpb() / 1e3,
                        clock.skewPpb() / 1e3,
                        -offset / 1e9,
                        leap(system.leapIndicator()),
                        Math.max(1, combined.size()),
                        deviation / 1e9,
                        clock.residualOffsetNanos() / 1e9,
                        system.rootDelayNanos() / 1e9,
                        system.rootDispersionNanos(nowNanos) / 1e9,
                        system.rootDistanceNanos(nowNanos) / 1e9));
    }
}
