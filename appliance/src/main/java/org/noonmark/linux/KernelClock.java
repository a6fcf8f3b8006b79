package org.noonmark.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
    /** The kernel's MAXFREQ (linux/timex.h); more needs another tick length. */
    private static final double MAX_FREQUENCY_PPB = 500_000;

    private static final double SCALED_PER_PPB = 65.536;
    private static final double PPB_PER_TICK_MICRO = 100_000;
    private static final double PPB_PER_PPM = 1_000;

    /** Ticks of 9000 to 11000 us are allowed at USER_HZ 100. */
    private static final double MOST_PPB = 1_000 * PPB_PER_TICK_MICRO;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MICRO = 1_000L;

    /** Capability number of CAP_SYS_TIME (linux/capability.h). */
    private static final int CAP_SYS_TIME = 25;

    private static final String CURE =
            "run it as root, or give the service CAP_SYS_TIME (AmbientCapabilities=CAP_SYS_TIME), or start it with -x to leave the clock alone";

    private static final String RIVALS =
            "stop it (systemd-timesyncd, chronyd, ntpd, phc2sys?), or start Noonmark with -x to leave the clock alone";

    private final Adjtimex kernel;
    private final boolean tellsKernel;
    private final Timex timex = new Timex();
    private long scaledFrequency;
    private long tickMicros;
    private int leapFlags;
    private int taiSeconds;
    private boolean slewing;

    /** Takes the clock over: what other programs left going is ended, and the frequency that they made of it is kept. */
    KernelClock(Adjtimex kernel, boolean tellsKernel) {
        this.kernel = kernel;
        this.tellsKernel = tellsKernel;
        call(timex.begin(0));
        double leftPpb = ppb(timex.scaledFrequency(), timex.tickMicros());
        // The rest of an ADJ_OFFSET runs off whatever the flags say, and can be taken back only with the loop on.
        call(timex.begin(Timex.ADJ_OFFSET | Timex.ADJ_STATUS).status(Timex.STA_PLL | Timex.STA_UNSYNC));
        // Without PLL, FLL, FREQHOLD, the kernel's own pulses, INS and DEL.
        call(timex.begin(Timex.ADJ_STATUS).status(Timex.STA_UNSYNC));
        call(timex.begin(Timex.ADJ_OFFSET_SINGLESHOT));
        setFrequencyPpb(leftPpb);
    }

    /**
     * Takes the clock over.
     *
     * @param tellsKernel whether the kernel is told when the clock is synchronised; it then writes the time to the real-time clock every
     *     11 minutes (CONFIG_RTC_SYSTOHC)
     */
    public static KernelClock open(boolean tellsKernel) {
        return new KernelClock(Adjtimex.ofKernel(), tellsKernel);
    }

    /**
     * Sees that this process may set the clock, without touching it.
     *
     * @throws AccessDeniedException when it may not; the message has the cure
     */
    public static void requireRight() throws IOException {
        if (!maySetTime(Files.readAllLines(Path.of("/proc/self/status")))) {
            throw new AccessDeniedException("the system clock", null, "it may not be set by this process; " + CURE);
        }
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

    /**
     * Tick and frequency are set in one call, so that no other program's tick stays as a correction that nobody reports. A tick other
     * than 10000 us comes in only beyond the 500 ppm that the frequency alone has. What the kernel made of it is read back.
     */
    @Override
    public double setFrequencyPpb(double ppb) {
        double limited = Math.clamp(ppb, -MOST_PPB, MOST_PPB);
        long ticks = Math.abs(limited) <= MAX_FREQUENCY_PPB ? 0 : Math.round(limited / PPB_PER_TICK_MICRO);
        double rest = limited - ticks * PPB_PER_TICK_MICRO;
        call(timex.begin(Timex.ADJ_FREQUENCY | Timex.ADJ_TICK)
                .scaledFrequency(Math.round(rest * SCALED_PER_PPB))
                .tickMicros(Timex.NOMINAL_TICK_MICROS + ticks));
        scaledFrequency = timex.scaledFrequency();
        tickMicros = timex.tickMicros();
        return frequencyPpb();
    }

    @Override
    public double frequencyPpb() {
        return ppb(scaledFrequency, tickMicros);
    }

    private static double ppb(long scaledFrequency, long tickMicros) {
        return scaledFrequency / SCALED_PER_PPB + (tickMicros - Timex.NOMINAL_TICK_MICROS) * PPB_PER_TICK_MICRO;
    }

    /** By the frequency and tick that are not what was last set; the kernel's reading may be off by its last bit. */
    @Override
    public String foreignHand() {
        call(timex.begin(0));
        boolean same = Math.abs(timex.scaledFrequency() - scaledFrequency) <= 1 && timex.tickMicros() == tickMicros;
        if (same && (timex.status() & Timex.STA_PLL) == 0) {
            return "";
        }
        String found = String.format(
                Locale.ROOT,
                "another program steers this machine's clock (set to %+.3f ppm, found at %+.3f ppm%s): %s",
                frequencyPpb() / PPB_PER_PPM,
                ppb(timex.scaledFrequency(), timex.tickMicros()) / PPB_PER_PPM,
                (timex.status() & Timex.STA_PLL) == 0 ? "" : " and the kernel's own loop on",
                RIVALS);
        call(timex.begin(Timex.ADJ_STATUS).status(Timex.STA_UNSYNC));
        setFrequencyPpb(frequencyPpb());
        return found;
    }

    /** The leap second is in force from the next {@link #publishQuality} on. TAI is that of CLOCK_TAI and of the stamps of PTP. */
    @Override
    public void publishLeap(int direction, int taiMinusUtcSeconds) {
        leapFlags = direction > 0 ? Timex.STA_INS : direction < 0 ? Timex.STA_DEL : 0;
        if (taiMinusUtcSeconds != 0 && taiMinusUtcSeconds != taiSeconds) {
            call(timex.begin(Timex.ADJ_TAI).taiSeconds(taiMinusUtcSeconds));
            taiSeconds = taiMinusUtcSeconds;
        }
    }

    /** By adjtime(3): second_overflow() in kernel/time/ntp.c hands out at most 500 us to each of the clock's seconds. */
    @Override
    public long slew(long nanos) {
        long taken = Slew.rounded(nanos);
        if (taken != 0 || slewing) {
            call(timex.begin(Timex.ADJ_OFFSET_SINGLESHOT).offset(taken / NANOS_PER_MICRO));
            slewing = taken != 0;
        }
        return taken;
    }

    @Override
    public boolean passesLeapSeconds() {
        return true;
    }

    /**
     * Errors are told in microseconds, rounded up, and must be told anew every few seconds: the kernel lets them grow by 500 ppm, and
     * calls itself unsynchronised at 16 s. As with chronyd, the errors are told in any case and STA_UNSYNC goes only where the owner
     * wishes it (rtcsync): without that flag the kernel writes to hardware.
     */
    @Override
    public void publishQuality(boolean synchronised, long maxErrorNanos, long estErrorNanos) {
        int unsynced = synchronised && tellsKernel ? 0 : Timex.STA_UNSYNC;
        call(timex.begin(Timex.ADJ_STATUS | Timex.ADJ_MAXERROR | Timex.ADJ_ESTERROR)
                .status(unsynced
                        | leapFlags) // nothing is served while a leap second passes, and it passes all the same
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
