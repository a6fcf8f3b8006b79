package org.noonmark.discipline;

import org.noonmark.time.Slew;

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
    private final ChangeLimit changes;
    private double frequencyPpb;
    private double crystalPpb; // of that, what the crystal needs
    private Slew slew = Slew.NONE;
    private long sinceNanos = Long.MIN_VALUE;

    Steering(Servo servo, double frequencyInForcePpb) {
        this.servo = servo;
        changes = new ChangeLimit(servo.limits().maxChange());
        frequencyPpb = frequencyInForcePpb;
        crystalPpb = frequencyInForcePpb;
    }

    /** All that corrects the clock from the moment of the last call on, ppb: the frequency set, and a slew's present part. */
    double correctionPpb() {
        return frequencyPpb + slew.ppb();
    }

    /** The frequency set: what stays when nobody says another word, since a slew ends by itself. */
    double lastingPpb() {
        return frequencyPpb;
    }

    /** Until when {@link #correctionPpb} holds, local clock. */
    long steadyUntilNanos() {
        return slew.untilNanos();
    }

    /** The clock shows {@code nowNanos}. */
    void onTime(long nowNanos) {
        slew = slew.at(nowNanos);
    }

    /** Whether the clock was moved after {@code stampNanos}, so that a stamp from then was taken of another clock. */
    boolean isAfter(long stampNanos) {
        return stampNanos < sinceNanos;
    }

    /** What an edge of now calls for; {@code mayStep}: nobody is served. */
    Correction afterEdge(ClockEstimator clock, long nowNanos, boolean mayStep, long edgesSinceNumbered) {
        double offset = clock.offsetNanos();
        return switch (changes.onUpdate(offset)) {
            case FOLLOWED -> correct(clock, nowNanos, mayStep, edgesSinceNumbered, EDGE_SECONDS);
            // With the crystal's correction of before: what shows a wrong time shows a wrong frequency.
            case IGNORED -> new Correction.Refuse(crystalPpb, Math.round(offset), false);
            case FATAL -> new Correction.Refuse(crystalPpb, Math.round(offset), true);
        };
    }

    /** What the time {@code nowNanos} calls for where edges stay away; as {@link #afterEdge}. */
    Correction withoutEdge(ClockEstimator clock, long nowNanos, boolean mayStep, long edgesSinceNumbered) {
        boolean due = sinceNanos == Long.MIN_VALUE || nowNanos - sinceNanos > TIMEOUT_NANOS;
        if (!due) {
            return Correction.HOLD;
        }
        return changes.allows(clock.offsetNanos())
                ? correct(clock, nowNanos, mayStep, edgesSinceNumbered, TICKS_SECONDS)
                : new Correction.Steer(crystalPpb);
    }

    /** The crystal's correction and no slew: after a step, or when another program has steered. */
    Correction.Slew anew(ClockEstimator clock) {
        crystalPpb = servo.crystalPpb(clock, crystalPpb);
        return new Correction.Slew(crystalPpb, 0);
    }

    /** While nothing is followed: at the start what an earlier run has saved, later the end of a slew whose aim is lost. */
    Correction plain(ClockEstimator clock) {
        Correction.Slew plain = anew(clock);
        boolean slews = slew.restNanos() != 0 || Math.abs(crystalPpb - frequencyPpb) > NOTABLE_PPB;
        return slews ? plain : Correction.HOLD;
    }

    /** The frequency {@code ppbInForce} holds since {@code atNanos}, local clock. */
    void onSteered(double ppbInForce, long atNanos) {
        frequencyPpb = ppbInForce;
        sinceNanos = atNanos;
    }

    /** The clock has taken on to work off {@code slewNanos}, at {@code atNanos}. */
    void onSlewing(long slewNanos, long atNanos) {
        slew = slew.replacedBy(slewNanos, atNanos);
    }

    /** The clock was moved, to {@code atNanos}: no clock goes on slewing after that. */
    void onMoved(long atNanos) {
        slew = Slew.NONE;
        sinceNanos = atNanos;
        changes.onMoved();
    }

    private Correction correct(
            ClockEstimator clock, long nowNanos, boolean mayStep, long edgesSinceNumbered, double standsSeconds) {
        crystalPpb = servo.crystalPpb(clock, crystalPpb);
        return mayStep && servo.wantsStep(clock, edgesSinceNumbered)
                ? Servo.step(clock)
                : servo.steer(clock, crystalPpb, slew, nowNanos, standsSeconds);
    }
}
