package org.noonmark.linux;

import java.util.function.LongSupplier;
import org.noonmark.time.Slew;
import org.noonmark.time.SteerableClock;

/**
 * A clock for machines whose own clock is not ours to set (chronyd's {@code -x}): steps and frequency corrections are kept in
 * software, on top of the kernel's clock, and the kernel's is never touched. What is served is this clock, so the served time is
 * right although the machine's is not. Stamps that the kernel takes (packets, pulses) come in through {@link #ofKernelStamp}.
 *
 * <p>If another program steps the kernel's clock, this one makes the same step. Read by any thread, steered by the timing thread.
 */
public final class OverlayClock implements SteerableClock {
    private static final double MAX_FREQUENCY_PPB = 500_000;

    /** The correction: {@code offsetNanos} at the kernel's {@code atKernelNanos}, growing by {@code ppb} and {@code slew} from then on. */
    private record Correction(long atKernelNanos, long offsetNanos, double ppb, Slew slew) {
        long apply(long kernelNanos) {
            double gained = (kernelNanos - atKernelNanos) * ppb * 1e-9;
            // The slew's seconds are counted without the slew: its parts begin a hair late or early, and the whole is
            // right.
            gained += slew.movedNanos(atKernelNanos + offsetNanos, kernelNanos + offsetNanos);
            return kernelNanos + offsetNanos + Math.round(gained);
        }
    }

    private final LongSupplier kernelNanos;
    private volatile Correction correction;

    /**
     * Begins equal to the kernel's clock.
     *
     * @param kernelNanos the kernel's realtime clock, nanoseconds since 1970; {@link LinuxTime#realtimeNanos} outside tests
     */
    public OverlayClock(LongSupplier kernelNanos) {
        this.kernelNanos = kernelNanos;
        this.correction = new Correction(kernelNanos.getAsLong(), 0, 0, Slew.NONE);
    }

    @Override
    public long nanos() {
        return correction.apply(kernelNanos.getAsLong());
    }

    @Override
    public long ofKernelStamp(long stampNanos) {
        return correction.apply(stampNanos);
    }

    @Override
    public void step(long deltaNanos) {
        restart(deltaNanos, correction.ppb(), Slew.NONE);
    }

    @Override
    public double setFrequencyPpb(double ppb) {
        double limited = Math.clamp(ppb, -MAX_FREQUENCY_PPB, MAX_FREQUENCY_PPB);
        restart(0, limited, slewNow());
        return limited;
    }

    @Override
    public long slew(long nanos) {
        long taken = Slew.rounded(nanos);
        if (taken != 0 || !correction.slew().isOver()) {
            restart(0, correction.ppb(), slewNow().replacedBy(taken, nanos()));
        }
        return taken;
    }

    private Slew slewNow() {
        return correction.slew().at(nanos());
    }

    @Override
    public double frequencyPpb() {
        return correction.ppb();
    }

    /** Whoever steers the kernel's clock beside this one does what {@code -x} leaves to him; the pulses show what it does. */
    @Override
    public String foreignHand() {
        return "";
    }

    /** Says nothing to the kernel: the quality of this clock is not that of the machine's. */
    @Override
    public void publishQuality(boolean synchronised, long maxErrorNanos, long estErrorNanos) {}

    private void restart(long deltaNanos, double ppb, Slew slew) {
        long now = kernelNanos.getAsLong();
        correction = new Correction(now, correction.apply(now) - now + deltaNanos, ppb, slew);
    }
}
