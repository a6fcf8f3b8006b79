package org.noonmark.discipline;

/** Decides how the clock is moved: a step only where it is allowed, else a frequency for the next second. */
record Servo(long makestepThresholdNanos, int makestepLimit, double maxSlewPpb) {
    /** Share of the offset worked off per second, over the estimator's gain: higher is smoother in frequency, slower in phase. */
    private static final double SMOOTHNESS = 0.4;

    private static final double SLOWEST_SECONDS = 16;

    /** Offsets above this are worked off in one second. */
    private static final double LARGE_OFFSET_NANOS = 20_000;

    /** The step that takes the present offset away. */
    static Correction.Step step(ClockEstimator clock) {
        return new Correction.Step(Math.round(clock.offsetNanos()));
    }

    /** Whether the offset is to be stepped away; {@code edgesSinceNumbered} counts from the seconds' being named. */
    boolean wantsStep(ClockEstimator clock, long edgesSinceNumbered) {
        boolean allowed = makestepLimit < 0 || (makestepLimit > 0 && edgesSinceNumbered <= makestepLimit);
        return allowed && Math.abs(clock.offsetNanos()) > makestepThresholdNanos;
    }

    /** The total frequency correction until the next edge. */
    Correction.Steer steer(ClockEstimator clock) {
        double offset = clock.offsetNanos();
        double seconds = Math.abs(offset) > LARGE_OFFSET_NANOS
                ? 1
                : Math.clamp(SMOOTHNESS / Math.max(clock.gain(), 1e-4), 1, SLOWEST_SECONDS);
        return new Correction.Steer(clock.frequencyPpb() + Math.clamp(offset / seconds, -maxSlewPpb, maxSlewPpb));
    }
}
