package org.noonmark.cli.bench;

import org.noonmark.sim.Oscillator;
import org.noonmark.sources.Moment;

/**
 * A computer's clock in a simulated world, and the raw one with the same crystal that nobody steers. It can be stepped, be given any
 * frequency, as Linux does by tick and frequency together, and works off a slew at 500 ppm, as adjtime does. One thread.
 */
final class SteeredClock {
    /** 2026-11-22, nanoseconds since 1970: the truth at the start. */
    static final long EPOCH = 1_795_305_600_000_000_000L;

    private static final long SECOND = 1_000_000_000L;
    private static final double SLEW = 500e-6;
    /** Raw time at the start: a machine that was switched on a while ago. */
    private static final long UP_NANOS = 100 * SECOND;

    private final Oscillator crystal;
    private final double[] errors; // at each whole second, local minus true
    private long trueNanos;
    private long asked = -1;
    private double crystalShare;
    private double rawMinusTrue = UP_NANOS;
    private double localMinusTrue;
    private double correctionShare;
    private double slewNanos;

    SteeredClock(Oscillator crystal, long errorNanos, int seconds) {
        this.crystal = crystal;
        localMinusTrue = errorNanos;
        errors = new double[seconds];
    }

    /** True time since the start. */
    long trueNanos() {
        return trueNanos;
    }

    /** Whether as many seconds have passed as were to be watched. */
    boolean isOver() {
        return trueNanos >= errors.length * SECOND;
    }

    /** Lets time pass. */
    void advanceTo(long toTrueNanos) {
        while (trueNanos < toTrueNanos) {
            long second = trueNanos / SECOND;
            if (second > asked) {
                asked = second;
                crystalShare = crystal.frequencyPpb(second) * 1e-9;
                if (second < errors.length) {
                    errors[(int) second] = localMinusTrue;
                }
            }
            long until = Math.min(toTrueNanos, (second + 1) * SECOND);
            double gained = (until - trueNanos) * crystalShare;
            double raw = until - trueNanos + gained;
            double slew = Math.clamp(slewNanos, -raw * SLEW, raw * SLEW);
            slewNanos -= slew;
            rawMinusTrue += gained;
            localMinusTrue += gained + raw * correctionShare + slew;
            trueNanos = until;
        }
    }

    /** True time when the raw clock will show so much more, about. */
    long trueAfterRaw(long rawNanos) {
        return trueNanos + Math.max(0, Math.round(rawNanos / (1 + crystalShare)));
    }

    Moment now() {
        return new Moment(EPOCH + trueNanos + Math.round(localMinusTrue), trueNanos + Math.round(rawMinusTrue));
    }

    void step(long nanos) {
        localMinusTrue += nanos;
        slewNanos = 0;
    }

    void steer(double ppb) {
        correctionShare = ppb * 1e-9;
    }

    void slew(long nanos) {
        slewNanos = nanos;
    }

    /** Local minus true at the beginning of each second. */
    double[] errors() {
        return errors.clone();
    }
}
