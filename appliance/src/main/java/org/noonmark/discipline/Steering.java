package org.noonmark.discipline;

/**
 * The correction that is in force, and when the next one is due. {@link Servo} decides how the clock is moved; this knows how it is
 * moved now. For one thread.
 */
final class Steering {
    /** Without an edge the frequency is renewed after this time, so that no slew runs on. */
    private static final long TIMEOUT_NANOS = 1_250_000_000L;

    /** What a correction is reckoned to stand for: until the next edge; where none came, until the second tick after. */
    private static final double EDGE_SECONDS = 1;

    private static final double TICKS_SECONDS = 2;

    /** A difference of frequency that is worth a word, ppb. */
    private static final double NOTABLE_PPB = 1;

    private final Servo servo;
    private double correctionPpb;
    private long sinceNanos = Long.MIN_VALUE;

    Steering(Servo servo, double frequencyInForcePpb) {
        this.servo = servo;
        correctionPpb = frequencyInForcePpb;
    }

    /** The frequency correction in force, ppb. */
    double correctionPpb() {
        return correctionPpb;
    }

    /** Whether the clock was moved after {@code stampNanos}, so that a stamp from then was taken of another clock. */
    boolean isAfter(long stampNanos) {
        return stampNanos < sinceNanos;
    }

    /** What an edge of now calls for; {@code mayStep}: nobody is served. */
    Correction onEdge(ClockEstimator clock, boolean mayStep, long edgesSinceNumbered) {
        return correct(clock, mayStep, edgesSinceNumbered, EDGE_SECONDS);
    }

    /** What the time {@code nowNanos} calls for where edges stay away; as {@link #onEdge}. */
    Correction onTime(ClockEstimator clock, long nowNanos, boolean mayStep, long edgesSinceNumbered) {
        boolean due = sinceNanos == Long.MIN_VALUE || nowNanos - sinceNanos > TIMEOUT_NANOS;
        return due ? correct(clock, mayStep, edgesSinceNumbered, TICKS_SECONDS) : Correction.HOLD;
    }

    /** While nothing is followed: at the start what an earlier run has saved, later the end of a slew whose aim is lost. */
    Correction plain(ClockEstimator clock) {
        boolean slews = Math.abs(clock.frequencyPpb() - correctionPpb) > NOTABLE_PPB;
        return slews ? new Correction.Steer(clock.frequencyPpb()) : Correction.HOLD;
    }

    /** The correction {@code ppbInForce} holds since {@code atNanos}, local clock. */
    void onSteered(double ppbInForce, long atNanos) {
        correctionPpb = ppbInForce;
        sinceNanos = atNanos;
    }

    /** The clock was moved, to {@code atNanos}. */
    void onMoved(long atNanos) {
        sinceNanos = atNanos;
    }

    private Correction correct(ClockEstimator clock, boolean mayStep, long edgesSinceNumbered, double standsSeconds) {
        return mayStep && servo.wantsStep(clock, edgesSinceNumbered)
                ? Servo.step(clock)
                : servo.steer(clock, standsSeconds);
    }
}
