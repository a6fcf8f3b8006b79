package org.noonmark.pps;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The checks that an edge must pass before anyone asks which second it marks: one regular pulse per second by a clock that runs
 * on. The beat is held by the last accepted edge, so that a spurious pulse is refused alone and the next true one still fits.
 * After three regular edges (the first of all, or at another place in the second) the beat is taken from them.
 *
 * <p>Used by the pps thread only.
 */
public final class EdgeGuard {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** What a late interrupt on a busy board may shift an edge. Higher lets noise near the beat through, lower refuses true edges. */
    private static final long BEAT_TOLERANCE_NANOS = 5_000_000L;

    /** A clock 500 ppm off that is being slewed by 500 ppm drifts from the beat by this share of the time since the last good edge. */
    private static final long DRIFT_DIVISOR = 1_000;

    private static final long MAX_BEAT_TOLERANCE_NANOS = 100_000_000L;

    /** Smaller jumps show as edges off the beat; an edge that is received this late is of no use either. */
    private static final long STEP_NANOS = 500_000_000L;

    /** An edge and when it was received by a clock that is never set. */
    private record Seen(PpsEdge edge, long monotonicNanos) {}

    private final Map<EdgeVerdict, Long> verdicts = new EnumMap<>(EdgeVerdict.class);
    private final PulseRate rate = new PulseRate();
    private @Nullable Seen last;
    private @Nullable PpsEdge beat;
    private long lost;
    private long missing;

    public EdgeGuard() {
        for (EdgeVerdict verdict : EdgeVerdict.values()) {
            verdicts.put(verdict, 0L);
        }
    }

    /**
     * Judges the next edge; only an accepted one may be used.
     *
     * @param monotonicNanos when the edge was received, by a clock that is never stepped
     */
    public EdgeVerdict check(PpsEdge edge, long monotonicNanos) {
        EdgeVerdict verdict = judge(edge, monotonicNanos);
        verdicts.merge(verdict, 1L, Long::sum);
        return verdict;
    }

    /** The clock was stepped on purpose: what is known of the beat is told by the clock as it is now. */
    public void onStepped(long deltaNanos) {
        Seen before = last;
        if (before != null) {
            last = new Seen(moved(before.edge(), deltaNanos), before.monotonicNanos());
        }
        PpsEdge good = beat;
        if (good != null) {
            beat = moved(good, deltaNanos);
        }
    }

    /** Forgets rate and beat, not the counts: the device was opened again. */
    public void reset() {
        last = null;
        forgetBeat();
    }

    /** Pulses per second: 1, 5 or 10; 0 while it is not known. */
    public int rateHertz() {
        return rate.hertz();
    }

    public EdgeCounts counts() {
        return new EdgeCounts(verdicts, lost, missing);
    }

    /** The sentence for a source that has been silent for {@code seconds}. */
    public static String silence(String sourceName, long seconds) {
        return "no pulse on " + sourceName + " for " + seconds
                + " s; check antenna and fix, the pulse wire, and that gpiopin of the pps-gpio overlay is the pin it is on";
    }

    private EdgeVerdict judge(PpsEdge edge, long monotonicNanos) {
        Seen before = last;
        if (before != null && edge.sequence() == before.edge().sequence()) {
            return EdgeVerdict.REPEATED;
        }
        last = new Seen(edge, monotonicNanos);
        if (before == null || edge.sequence() < before.edge().sequence()) {
            forgetBeat();
            return EdgeVerdict.RATE_UNKNOWN;
        }
        long edges = edge.sequence() - before.edge().sequence();
        lost += edges - 1;
        long interval = edge.stampNanos() - before.edge().stampNanos();
        if (interval <= 0 || Math.abs(interval - (monotonicNanos - before.monotonicNanos())) > STEP_NANOS) {
            forgetBeat();
            return EdgeVerdict.CLOCK_STEPPED;
        }
        rate.onInterval(interval, edges);
        PpsEdge good = beat;
        return good == null ? seekBeat(edge) : keepBeat(good, edge);
    }

    private EdgeVerdict seekBeat(PpsEdge edge) {
        return switch (rate.hertz()) {
            case 0 -> EdgeVerdict.RATE_UNKNOWN;
            case 1 -> {
                beat = edge;
                yield EdgeVerdict.ACCEPTED;
            }
            default -> EdgeVerdict.NOT_ONE_PER_SECOND;
        };
    }

    private EdgeVerdict keepBeat(PpsEdge good, PpsEdge edge) {
        if (rate.hertz() > 1) {
            beat = null;
            return EdgeVerdict.NOT_ONE_PER_SECOND;
        }
        long elapsed = edge.stampNanos() - good.stampNanos();
        long seconds = (elapsed + NANOS_PER_SECOND / 2) / NANOS_PER_SECOND;
        long tolerance = Math.min(BEAT_TOLERANCE_NANOS + elapsed / DRIFT_DIVISOR, MAX_BEAT_TOLERANCE_NANOS);
        if (seconds >= 1 && Math.abs(elapsed - seconds * NANOS_PER_SECOND) <= tolerance) {
            missing += Math.max(0, seconds - (edge.sequence() - good.sequence()));
            beat = edge;
            return EdgeVerdict.ACCEPTED;
        }
        if (rate.hertz() == 1) {
            beat = edge;
            return EdgeVerdict.BEAT_MOVED;
        }
        return seconds < 1 ? EdgeVerdict.SECOND_IN_SECOND : EdgeVerdict.OFF_BEAT;
    }

    private static PpsEdge moved(PpsEdge edge, long deltaNanos) {
        return new PpsEdge(edge.stampNanos() + deltaNanos, edge.sequence(), edge.polarity());
    }

    private void forgetBeat() {
        rate.reset();
        beat = null;
    }
}
