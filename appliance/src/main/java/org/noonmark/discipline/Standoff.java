package org.noonmark.discipline;

import java.util.List;

/**
 * Pulses that moved, against a clock that was served: whom to believe. A crystal does not jump, so the clock is believed for a time;
 * another clock that can tell the two apart decides at once.
 */
final class Standoff {
    /** A witness's word counts for this long. */
    private static final long TESTIMONY_NANOS = 3_600_000_000_000L;

    /** A clock that has not been steered for longer may have drifted: what it says against pulses counts no more. */
    private static final long FRESH_NANOS = 60_000_000_000L;

    private final long patienceNanos;
    private final List<Witness> witnesses;
    private long sinceNanos = Long.MIN_VALUE;

    /** {@code patienceNanos}: how long the clock is believed when no witness says anything. */
    Standoff(long patienceNanos, List<Witness> witnesses) {
        this.patienceNanos = patienceNanos;
        this.witnesses = List.copyOf(witnesses);
    }

    /**
     * Whether the clock is believed against pulses that say {@code offsetNanos} of it, reference minus local.
     *
     * @param sinceEdgeNanos since the last pulse that was followed
     */
    boolean believesClock(long offsetNanos, long nowNanos, long sinceEdgeNanos) {
        if (sinceNanos == Long.MIN_VALUE) {
            if (sinceEdgeNanos > FRESH_NANOS) {
                return false;
            }
            sinceNanos = nowNanos;
        }
        for (Witness witness : witnesses) {
            Witness.Testimony word = witness.testimony();
            if (word != null && Math.abs(nowNanos - word.measuredNanos()) < TESTIMONY_NANOS) {
                boolean forClock = Math.abs(word.offsetNanos()) <= word.errorBoundNanos();
                boolean forPulses = Math.abs(word.offsetNanos() - offsetNanos) <= word.errorBoundNanos();
                if (forClock != forPulses) {
                    return forClock;
                }
            }
        }
        return nowNanos - sinceNanos < patienceNanos;
    }

    /** Whether pulses have moved, and have not come back. */
    boolean isOn() {
        return sinceNanos != Long.MIN_VALUE;
    }

    /** Pulses and clock agree again, or began anew. */
    void end() {
        sinceNanos = Long.MIN_VALUE;
    }

    void onStepped(long deltaNanos) {
        sinceNanos += sinceNanos == Long.MIN_VALUE ? 0 : deltaNanos;
    }
}
