package org.noonmark.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Where and how urgently the calling thread runs. For platform threads only: a virtual thread would change whichever thread carries
 * it. Nothing here is needed for right time, only for punctual work; so a refusal is told, not thrown: the result is one plain
 * sentence with the cure, or empty when it was done.
 */
public final class Scheduling {
    private static final int SCHED_FIFO = 1;
    private static final int MCL_CURRENT_AND_FUTURE = 1 | 2;

    /** sched_param of linux/sched.h: one int. */
    private static final int PARAM_BYTES = 4;

    /** cpu_set_t of glibc: 1024 processors. */
    private static final int MASK_BYTES = 128;

    private Scheduling() {}

    /** Binds the calling thread to one processor, counted from 0. */
    public static Optional<String> pinToProcessor(int processor) {
        if (processor < 0 || processor >= MASK_BYTES * Byte.SIZE) {
            return Optional.of("cannot pin a thread to processor " + processor + ": there is none of that number");
        }
        ByteBuffer mask = ByteBuffer.allocateDirect(MASK_BYTES).order(ByteOrder.nativeOrder());
        int at = processor / Long.SIZE * Long.BYTES;
        mask.putLong(at, 1L << processor % Long.SIZE);
        if (Libc.sched_setaffinity(0, MASK_BYTES, mask) == 0) {
            return Optional.empty();
        }
        return Optional.of("cannot pin a thread to processor " + processor + ": " + Libc.lastError()
                + "; name one that this machine has and that the service may use (CPUAffinity=)");
    }

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

    /** Keeps the memory of the whole process, present and future, out of swap and of the page fault handler's way. */
    public static Optional<String> lockMemory() {
        if (Libc.mlockall(MCL_CURRENT_AND_FUTURE) == 0) {
            return Optional.empty();
        }
        return Optional.of("memory is not locked: " + Libc.lastError()
                + "; give the service CAP_IPC_LOCK or LimitMEMLOCK=infinity");
    }
}
