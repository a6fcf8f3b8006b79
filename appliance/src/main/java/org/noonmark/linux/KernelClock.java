package org.noonmark.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.noonmark.time.Slew;
import org.noonmark.time.SteerableClock;

/**
 * The machine's realtime clock, steered by clock_adjtime(2). The kernel's own phase-locked loop stays off: the daemon's servo is the
 * only one. Read by any thread, steered by the timing thread.
 *
 * <p>A call that the kernel refuses after {@link #open} throws {@link IllegalStateException} with reason and cure: the machine is
 * not what it was when the clock was opened.
 */
public final class KernelClock implements SteerableClock {
    /** The kernel's MAXFREQ (linux/timex.h); more would need another tick length. */
    private static final double MAX_FREQUENCY_PPB = 500_000;

    private static final double SCALED_PER_PPB = 65.536;
    private static final double PPB_PER_TICK_MICRO = 100_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MICRO = 1_000L;

    /** Capability number of CAP_SYS_TIME (linux/capability.h). */
    private static final int CAP_SYS_TIME = 25;

    private static final String CURE =
            "run it as root, or give the service CAP_SYS_TIME (AmbientCapabilities=CAP_SYS_TIME), or start it with -x to leave the clock alone";

    private final Adjtimex kernel;
    private final boolean tellsKernel;
    private final Timex timex = new Timex();
    private double frequencyPpb;
    private boolean mayBeSlewing = true; // another program, or an earlier run, may have left something

    KernelClock(Adjtimex kernel, boolean tellsKernel) {
        this.kernel = kernel;
        this.tellsKernel = tellsKernel;
        call(timex.begin(0));
        frequencyPpb = timex.scaledFrequency() / SCALED_PER_PPB
                + (timex.tickMicros() - Timex.NOMINAL_TICK_MICROS) * PPB_PER_TICK_MICRO;
    }

    /**
     * Takes the clock. Nothing is set yet.
     *
     * @param tellsKernel whether the kernel is told when the clock is synchronised; it then writes the time to the real-time clock every
     *     11 minutes (CONFIG_RTC_SYSTOHC)
     * @throws AccessDeniedException when this process may not set it; the message has the cure
     */
    public static KernelClock open(boolean tellsKernel) throws IOException {
        if (!maySetTime(Files.readAllLines(Path.of("/proc/self/status")))) {
            throw new AccessDeniedException("the system clock", null, "it may not be set by this process; " + CURE);
        }
        return new KernelClock(Adjtimex.ofKernel(), tellsKernel);
    }

    @Override
    public long nanos() {
        return LinuxTime.realtimeNanos();
    }

    @Override
    public long ofKernelStamp(long kernelNanos) {
        return kernelNanos;
    }

    @Override
    public void step(long deltaNanos) {
        long seconds = Math.floorDiv(deltaNanos, NANOS_PER_SECOND);
        call(timex.begin(Timex.ADJ_SETOFFSET | Timex.ADJ_NANO).step(seconds, deltaNanos - seconds * NANOS_PER_SECOND));
    }

    @Override
    public double setFrequencyPpb(double ppb) {
        double limited = Math.clamp(ppb, -MAX_FREQUENCY_PPB, MAX_FREQUENCY_PPB);
        long scaled = Math.round(limited * SCALED_PER_PPB);
        // The tick is put back each time: another program may have left one, which would be a correction that nobody
        // reports.
        call(timex.begin(Timex.ADJ_FREQUENCY | Timex.ADJ_TICK)
                .scaledFrequency(scaled)
                .tickMicros(Timex.NOMINAL_TICK_MICROS));
        frequencyPpb = scaled / SCALED_PER_PPB;
        return frequencyPpb;
    }

    @Override
    public double frequencyPpb() {
        return frequencyPpb;
    }

    /** By adjtime(3): second_overflow() in kernel/time/ntp.c hands out at most 500 us to each of the clock's seconds. */
    @Override
    public long slew(long nanos) {
        long taken = Slew.rounded(nanos);
        if (taken != 0 || mayBeSlewing) {
            call(timex.begin(Timex.ADJ_OFFSET_SINGLESHOT).offset(taken / NANOS_PER_MICRO));
            mayBeSlewing = taken != 0;
        }
        return taken;
    }

    /**
     * Errors are told in microseconds, rounded up. No leap second is ever left to the kernel: its flags are cleared. As with chronyd, the
     * errors are told in any case and STA_UNSYNC goes only where the owner wishes it (rtcsync): without that flag the kernel writes to
     * hardware.
     */
    @Override
    public void publishQuality(boolean synchronised, long maxErrorNanos, long estErrorNanos) {
        call(timex.begin(Timex.ADJ_STATUS | Timex.ADJ_MAXERROR | Timex.ADJ_ESTERROR)
                .status(synchronised && tellsKernel ? 0 : Timex.STA_UNSYNC)
                .errorMicros(
                        Math.ceilDiv(maxErrorNanos, NANOS_PER_MICRO), Math.ceilDiv(estErrorNanos, NANOS_PER_MICRO)));
    }

    /** Whether the effective capabilities of {@code procStatus}, the lines of /proc/self/status, contain CAP_SYS_TIME. */
    static boolean maySetTime(List<String> procStatus) {
        for (String line : procStatus) {
            if (line.startsWith("CapEff:")) {
                long capabilities = Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).strip(), 16);
                return (capabilities >>> CAP_SYS_TIME & 1) != 0;
            }
        }
        return false;
    }

    private void call(Timex request) {
        int result = kernel.adjust(request.bytes());
        if (result == -Libc.EPERM) {
            throw new IllegalStateException("the kernel refused to set the clock: " + CURE);
        }
        if (result < 0) {
            throw new IllegalStateException(
                    "clock_adjtime with modes 0x%04x failed: errno %d".formatted(request.modes(), -result));
        }
    }
}
