package org.noonmark.discipline;

/** Decides how the clock is moved: a step only where it is allowed, else a frequency for the next second. */
record Servo(long makestepThresholdNanos, int makestepLimit, double maxSlewPpb) {
    /**
     * Time in which the offset is worked off, times the estimator's gain: higher is smoother in frequency, slower in phase. Simulated:
     * 0.4 has 1 % less phase error and 10 % more frequency error, 0.6 the reverse.
     */
    private static final double SMOOTHNESS = 0.5;

    private static final double LEAST_GAIN = 1e-4;
    private static final double SLOWEST_SECONDS = 16;

    /** Offsets above this are worked off as fast as the word stands. */
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

    /** The total frequency correction for the next {@code standsSeconds}: it must not work off more than there is. */
    Correction.Steer steer(ClockEstimator clock, double standsSeconds) {
        double offset = clock.offsetNanos();
        double seconds = Math.abs(offset) > LARGE_OFFSET_NANOS
                ? standsSeconds
                : Math.clamp(SMOOTHNESS / Math.max(clock.gain(), LEAST_GAIN), standsSeconds, SLOWEST_SECONDS);
        return new Correction.Steer(clock.frequencyPpb() + Math.clamp(offset / seconds, -maxSlewPpb, maxSlewPpb));
    }
}
