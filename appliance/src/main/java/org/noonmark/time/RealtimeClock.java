package org.noonmark.time;

/** The clock that the daemon reads and serves: the machine's, or a simulated one. Any thread may read it. */
public interface RealtimeClock {
    /** Now, nanoseconds since 1970-01-01 UTC as POSIX counts them. */
    long nanos();

    /**
     * A stamp that the kernel took by its realtime clock (packet arrival, for example), told in this clock. The machine's own clock
     * returns it as it is; a simulated clock takes the stamp's age off its own present.
     *
     * @param kernelNanos the kernel's CLOCK_REALTIME at the event, nanoseconds since 1970, within the last seconds
     */
    long ofKernelStamp(long kernelNanos);
}
