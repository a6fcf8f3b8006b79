package org.noonmark.sources;

import org.jspecify.annotations.Nullable;

/**
 * Where UTC must lie by what a receiver has proven last in this run, in raw time: nobody steers or steps that. For the timing thread.
 */
final class ProvenTrack {
    /** Of measuring how fast UTC runs against raw time. */
    private static final double SPAN_NANOS = 1_000e9;

    /** No crystal is worse. */
    private static final double UNKNOWN_RATE = 500e-6;

    private final double maxClockError;
    private @Nullable Moment from;
    private double fromBoundNanos;
    private @Nullable Moment last;
    private double boundNanos;
    private double rate; // of UTC against raw time, less 1
    private double rateError = UNKNOWN_RATE;

    ProvenTrack(double maxClockErrorPpb) {
        maxClockError = maxClockErrorPpb * 1e-9;
    }

    /** The clock is proven now, and off by no more. */
    void onProven(Moment now, double errorBoundNanos) {
        last = now;
        boundNanos = errorBoundNanos;
        Moment begin = from;
        if (begin == null) {
            from = now;
            fromBoundNanos = errorBoundNanos;
            return;
        }
        double span = now.rawNanos() - begin.rawNanos();
        double error = span > 0 ? (fromBoundNanos + errorBoundNanos) / span : UNKNOWN_RATE;
        // In holdover the bound says more of the bound than of the crystal.
        if (error <= 2 * rateError) {
            rate = ((now.localNanos() - begin.localNanos()) - span) / span;
            rateError = Math.min(error, UNKNOWN_RATE);
        }
        if (span >= SPAN_NANOS) {
            from = now;
            fromBoundNanos = errorBoundNanos;
        }
    }

    /** The clock was moved: it does not measure across that. */
    void onStepped() {
        from = null;
    }

    /** Whether anything was proven in this run. */
    boolean isKnown() {
        return last != null;
    }

    /** Raw time when it was last; the least number before. */
    long lastRawNanos() {
        Moment proven = last;
        return proven == null ? Long.MIN_VALUE : proven.rawNanos();
    }

    /** Whether a time may be UTC, as far as was proven; {@code referenceMinusRawNanos} at {@code rawNanos}. */
    boolean allows(long referenceMinusRawNanos, long rawNanos) {
        Moment proven = last;
        if (proven == null) {
            return true;
        }
        double age = rawNanos - proven.rawNanos();
        double off = referenceMinusRawNanos - (proven.localNanos() - proven.rawNanos()) - age * rate;
        return Math.abs(off) <= boundNanos + age * (rateError + maxClockError);
    }
}
