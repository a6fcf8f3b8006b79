package org.noonmark.discipline;

import org.noonmark.time.Slew;

/** Decides how the clock is moved: a step only where it is allowed, else a frequency for the next second. */
record Servo(long makestepThresholdNanos, int makestepLimit, TimingOptions.Limits limits) {
    /**
     * Time in which the offset is worked off, times the estimator's gain: higher is smoother in frequency, slower in phase. Simulated:
     * 0.4 has 1 % less phase error and 10 % more frequency error, 0.6 the reverse.
     */
    private static final double SMOOTHNESS = 0.5;

    private static final double LEAST_GAIN = 1e-4;
    private static final double SLOWEST_SECONDS = 16;

    /** Offsets above this are handed over to the clock, which works them off and ends by itself. */
    private static final double LARGE_OFFSET_NANOS = 20_000;

    /** A word may be carried out so long after the edge that called for it: then the clock's next second may have begun. */
    private static final long LATEST_NANOS = 100_000_000;

    /** The step that takes the present offset away. */
    static Correction.Step step(ClockEstimator clock) {
        return new Correction.Step(Math.round(clock.offsetNanos()));
    }

    /** Whether the offset is to be stepped away; {@code edgesSinceNumbered} counts from the seconds' being named. */
    boolean wantsStep(ClockEstimator clock, long edgesSinceNumbered) {
        boolean allowed = makestepLimit < 0 || (makestepLimit > 0 && edgesSinceNumbered <= makestepLimit);
        return allowed && Math.abs(clock.offsetNanos()) > makestepThresholdNanos;
    }

    /** The crystal's correction: as estimated, or {@code heldPpb} while that is too uncertain; never beyond what is allowed. */
    double crystalPpb(ClockEstimator clock, double heldPpb) {
        boolean certain = clock.frequencySigmaPpb() <= limits.maxUpdateSkewPpb();
        double ppb = certain ? clock.frequencyPpb() : heldPpb;
        return Math.clamp(ppb, -limits.maxDriftPpb(), limits.maxDriftPpb());
    }

    /**
     * The frequency for the next {@code standsSeconds}, with {@code crystalPpb} for the crystal, which must not work off more than there is;
     * or a slew, where the one that {@code slew} still does by itself leaves too much, or is too much, at {@code nowNanos}.
     */
    Correction steer(ClockEstimator clock, double crystalPpb, Slew slew, long nowNanos, double standsSeconds) {
        double offset = clock.offsetNanos() - slew.leftNanos(nowNanos);
        if (Math.abs(offset) > LARGE_OFFSET_NANOS) {
            // The clock's own pace is 500 ppm: where less is wanted, it gets one second's worth at a time.
            double most = limits.maxSlewPpb() < Slew.MOST_NANOS ? limits.maxSlewPpb() : Long.MAX_VALUE;
            double wanted = clock.offsetNanos() - slew.underWayNanos(nowNanos, LATEST_NANOS);
            return new Correction.Slew(crystalPpb, Math.round(Math.clamp(wanted, -most, most)));
        }
        double seconds = Math.clamp(SMOOTHNESS / Math.max(clock.gain(), LEAST_GAIN), standsSeconds, SLOWEST_SECONDS);
        return new Correction.Steer(
                crystalPpb + Math.clamp(offset / seconds, -limits.maxSlewPpb(), limits.maxSlewPpb()));
    }
}
