package org.noonmark.app;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.noonmark.pps.EdgeCounts;
import org.noonmark.pps.EdgeGuard;
import org.noonmark.pps.EdgeVerdict;
import org.noonmark.pps.PpsEdge;
import org.noonmark.status.PulseStatus;
import org.noonmark.status.SampleHistory;

/** The edges of one device on the timing thread: guards them, and keeps account of them for the status. */
final class PulseTrain {
    private static final int SAMPLES = 64;

    private final String name;
    private final String device;
    private final EdgeGuard guard;
    private final SampleHistory samples = new SampleHistory(SAMPLES);
    private final Supplier<String> trouble;
    private PulseStatus.Delay delay;
    private EdgeVerdict lastVerdict = EdgeVerdict.RATE_UNKNOWN;
    private long seen;
    private long lastEdgeNanos;

    /**
     * @param name in reports, up to four characters
     * @param device such as {@code /dev/pps0}
     * @param widthNanos how long pulses last, as the owner says; 0: nothing was said
     * @param delay how late its stamps are
     * @param trouble what the pps thread says is wrong; empty while nothing is
     */
    PulseTrain(String name, String device, long widthNanos, PulseStatus.Delay delay, Supplier<String> trouble) {
        this.name = name;
        this.device = device;
        this.delay = delay;
        guard = new EdgeGuard(widthNanos);
        this.trouble = trouble;
    }

    /** Whether the edge may be used. */
    boolean accepts(PpsEdge edge, long monotonicNanos) {
        seen++;
        lastEdgeNanos = edge.stampNanos();
        lastVerdict = guard.check(edge, monotonicNanos);
        return lastVerdict == EdgeVerdict.ACCEPTED;
    }

    /** How late stamps are was found out better. */
    void onDelay(PulseStatus.Delay found) {
        delay = found;
    }

    /** An edge was held against its second. */
    void onSample(long atNanos, double offsetNanos) {
        samples.onSample(atNanos, offsetNanos);
    }

    void onStepped(long deltaNanos) {
        guard.onStepped(deltaNanos);
        samples.onStep();
        lastEdgeNanos += deltaNanos;
    }

    PulseStatus status(long nowNanos) {
        EdgeCounts counts = guard.counts();
        var statistics = samples.statistics(nowNanos);
        return new PulseStatus(
                name,
                device,
                trouble(),
                seen,
                counts.lost(),
                counts.refused(),
                lastEdgeNanos,
                statistics.deviationNanos(),
                statistics,
                new PulseStatus.Checks(guard.rateHertz(), counts.missing(), guard.widthNanos(), refusals(counts)),
                delay);
    }

    /** What is wrong with the device, or with all that comes from it; a single stray edge is none. */
    private String trouble() {
        String ofDevice = trouble.get();
        boolean allRefused = lastVerdict == EdgeVerdict.WRONG_EDGE || lastVerdict == EdgeVerdict.NOT_ONE_PER_SECOND;
        return ofDevice.isEmpty() && allRefused ? device + PulseStatus.NOT_FOLLOWED + lastVerdict.why() : ofDevice;
    }

    private static List<PulseStatus.Refusal> refusals(EdgeCounts counts) {
        List<PulseStatus.Refusal> refusals = new ArrayList<>();
        for (EdgeVerdict verdict : EdgeVerdict.values()) {
            long count = counts.verdicts().getOrDefault(verdict, 0L);
            if (verdict != EdgeVerdict.ACCEPTED && count > 0) {
                refusals.add(new PulseStatus.Refusal(verdict.why(), count));
            }
        }
        return refusals;
    }
}
