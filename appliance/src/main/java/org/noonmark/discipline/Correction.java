package org.noonmark.discipline;

import java.util.Locale;

/** What the core wants done to the clock. */
public sealed interface Correction {
    /** Nothing. */
    Hold HOLD = new Hold();

    /** Move the clock at once by {@code deltaNanos} (positive: forward); stamps from before it are void afterwards. */
    record Step(long deltaNanos) implements Correction {}

    /** Set the frequency correction to {@code frequencyPpb} (positive: faster) until the next word; a slew goes on. */
    record Steer(double frequencyPpb) implements Correction {}

    /**
     * Set the frequency correction, and let the clock work off {@code nanos} (positive: forward) by itself, in the place of what is left
     * of an earlier slew.
     *
     * <p>A frequency stays in force until somebody changes it: a program that stalls, or is killed, leaves it behind. So it carries the
     * crystal's correction and the little that each second's edge calls for (at most 20 ppm; the bound that is served grows by as much,
     * and the kernel's own by 500 ppm). Whatever is larger goes to the kernel's adjtime, which ends by itself. A watchdog process would
     * have to outlive the daemon and set the clock beside it; a deadline thread dies with it.
     */
    record Slew(double frequencyPpb, long nanos) implements Correction {}

    /**
     * Set the frequency correction to {@code frequencyPpb}, as {@link Steer}, and follow the pulses no further: they call for a change of
     * {@code changeNanos}, more than the owner allows; {@code last}: end the program.
     */
    record Refuse(double frequencyPpb, long changeNanos, boolean last) implements Correction {
        /** One phrase. */
        public String why() {
            return String.format(
                    Locale.ROOT,
                    "pulses or servers call for a change of the clock by %+.9f s, more than 'maxchange' allows",
                    changeNanos * 1e-9);
        }
    }

    /** Leave the clock as it is. */
    record Hold() implements Correction {}
}
