package org.noonmark.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * How urgently the calling thread runs. For platform threads only: a virtual thread would change whichever thread carries
 * it. Nothing here is needed for right time, only for punctual work; so a refusal is told, not thrown: the result is one plain
 * sentence with the cure, or empty when it was done.
 */
public final class Scheduling {
    private static final int SCHED_FIFO = 1;
    private static final int PRIO_PROCESS = 0;
    private static final int MCL_CURRENT_AND_FUTURE = 1 | 2;

    /** sched_param of linux/sched.h: one int. */
    private static final int PARAM_BYTES = 4;

    private static final int MOST_CORES = 1024;

    private Scheduling() {}

    /**
     * Puts the calling thread before all ordinary ones (SCHED_FIFO).
     *
     * @param priority 1 to 99; the kernel's interrupt threads have 50
     */
    public static Optional<String> setRealtimePriority(int priority) {
        ByteBuffer param = ByteBuffer.allocateDirect(PARAM_BYTES).order(ByteOrder.nativeOrder());
        param.putInt(0, priority);
        if (Libc.sched_setscheduler(0, SCHED_FIFO, param) == 0) {
            return Optional.empty();
        }
        return Optional.of("no realtime priority " + priority + ": " + Libc.lastError()
                + "; give the service CAP_SYS_NICE or LimitRTPRIO=" + priority + " (1 to 99)");
    }

    /**
     * Lets the calling thread give way to others: on Linux a niceness is a thread's own, though it is called a process's.
     *
     * @param niceness 1 to 19, the last to run
     */
    public static Optional<String> setNiceness(int niceness) {
        return Libc.setpriority(PRIO_PROCESS, 0, niceness) == 0
                ? Optional.empty()
                : Optional.of("no lower priority: " + Libc.lastError() + "; allow setpriority(2) to the service");
    }

    /**
     * Keeps the calling thread on one core.
     *
     * @param core the kernel's number of it, from 0 to 1023
     */
    public static Optional<String> pin(int core) {
        ByteBuffer mask = ByteBuffer.allocateDirect(MOST_CORES / Byte.SIZE).order(ByteOrder.nativeOrder());
        int word = core / Long.SIZE * Long.BYTES;
        mask.putLong(word, 1L << core % Long.SIZE);
        if (Libc.sched_setaffinity(0, mask.capacity(), mask) == 0) {
            return Optional.empty();
        }
        return Optional.of("no thread runs on core " + core + " alone: " + Libc.lastError()
                + "; 'nproc' and /sys/devices/system/cpu/online tell which there are");
    }

    /** Keeps the memory of the whole process, present and future, out of swap and of the page fault handler's way. */
    public static Optional<String> lockMemory() {
        if (Libc.mlockall(MCL_CURRENT_AND_FUTURE) == 0) {
            return Optional.empty();
        }
        return Optional.of("memory is not locked: " + Libc.lastError()
                + "; give the service CAP_IPC_LOCK or LimitMEMLOCK=infinity");
    }
}
