package org.noonmark.pps;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The checks that an edge must pass before anyone asks which second it marks: one regular pulse per second by a clock that runs
 * on. The beat is held by the last accepted edge, so that a spurious pulse is refused alone and the next true one still fits.
 * After three regular edges (the first of all, or at another place in the second) the beat is taken from them, whatever comes between.
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

    /** A beat that has missed two seconds has stopped. */
    private static final long LOST_BEAT_NANOS = 2_500_000_000L;

    /** An edge and when it was received by a clock that is never set. */
    private record Seen(PpsEdge edge, long monotonicNanos) {}

    private final Map<EdgeVerdict, Long> verdicts = new EnumMap<>(EdgeVerdict.class);
    private final PulseRate rate = new PulseRate();
    private final BeatSeeker seeker = new BeatSeeker(BEAT_TOLERANCE_NANOS);
    private final PulseShape shape;
    private @Nullable Seen last;
    private @Nullable PpsEdge beat;
    private long lost;
    private long missing;

    /** One for pulses of any width. */
    public EdgeGuard() {
        this(0);
    }

    /** One for pulses that last {@code widthNanos}, where the device stamps both edges; 0: any that are shorter than half a second. */
    public EdgeGuard(long widthNanos) {
        shape = new PulseShape(widthNanos);
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
        EdgeVerdict judged = judge(edge, monotonicNanos);
        EdgeVerdict verdict = judged == EdgeVerdict.ACCEPTED && shape.isWrongEdge() ? EdgeVerdict.WRONG_EDGE : judged;
        verdicts.merge(verdict, 1L, Long::sum);
        return verdict;
    }

    /** The clock was stepped on purpose: what is known of the beat is told by the clock as it is now. */
    public void onStepped(long deltaNanos) {
        Seen before = last;
        if (before != null) {
            last = new Seen(before.edge().moved(deltaNanos), before.monotonicNanos());
        }
        PpsEdge good = beat;
        if (good != null) {
            beat = good.moved(deltaNanos);
        }
        seeker.onStepped(deltaNanos);
    }

    /** Forgets rate and beat, not the counts: the device was opened again. */
    public void reset() {
        last = null;
        forgetBeat();
    }

    /** Pulses per second: 1 to 20; 0 while it is not known, or where other edges come between. */
    public int rateHertz() {
        return rate.hertz();
    }

    /** How long pulses last after the edge in use; 0 while nobody saw. */
    public long widthNanos() {
        return shape.widthNanos();
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
            seeker.onEdge(edge.stampNanos());
            return EdgeVerdict.RATE_UNKNOWN;
        }
        long edges = edge.sequence() - before.edge().sequence();
        lost += edges - 1;
        long interval = edge.stampNanos() - before.edge().stampNanos();
        if (interval <= 0 || Math.abs(interval - (monotonicNanos - before.monotonicNanos())) > STEP_NANOS) {
            forgetBeat();
            seeker.onEdge(edge.stampNanos());
            return EdgeVerdict.CLOCK_STEPPED;
        }
        rate.onInterval(interval, edges);
        shape.onWidth(edge.widthNanos());
        boolean beats = seeker.onEdge(edge.stampNanos());
        PpsEdge good = beat;
        return good == null ? seekBeat(edge, beats) : keepBeat(good, edge, beats);
    }

    private EdgeVerdict seekBeat(PpsEdge edge, boolean beats) {
        if (rate.hertz() > 1) {
            return EdgeVerdict.NOT_ONE_PER_SECOND;
        }
        if (rate.hertz() == 0 && !beats) {
            return EdgeVerdict.RATE_UNKNOWN;
        }
        beat = edge;
        return EdgeVerdict.ACCEPTED;
    }

    private EdgeVerdict keepBeat(PpsEdge good, PpsEdge edge, boolean beats) {
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
        // Another beat takes over only from one that has stopped: noise may be as regular.
        if (rate.hertz() == 1 || (beats && elapsed > LOST_BEAT_NANOS)) {
            beat = edge;
            return EdgeVerdict.BEAT_MOVED;
        }
        return seconds < 1 ? EdgeVerdict.SECOND_IN_SECOND : EdgeVerdict.OFF_BEAT;
    }

    private void forgetBeat() {
        rate.reset();
        seeker.reset();
        shape.reset();
        beat = null;
    }
}
