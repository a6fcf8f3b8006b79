package org.noonmark.linux;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A segment of shared memory in which another program such as gpsd leaves what a clock shows: struct shmTime of ntpd's driver 28, as 64-bit
 * Linux lays it out. Used by one thread.
 */
public final class TimeSegment implements AutoCloseable {
    /**
     * What was left there.
     *
     * @param clockNanos the clock, nanoseconds since 1970
     * @param systemNanos this machine's realtime clock at that moment
     * @param leapIndicator RFC 5905, figure 9
     */
    public record Sample(long clockNanos, long systemNanos, int leapIndicator) {}

    private static final int KEY = 0x4e545030; // NTP0
    private static final int IPC_CREAT = 01000;
    private static final int BYTES = 96;
    private static final int MODE = 0;
    private static final int COUNT = 4;
    private static final int CLOCK = 8;
    private static final int CLOCK_MICROS = 16;
    private static final int SYSTEM = 24;
    private static final int SYSTEM_MICROS = 32;
    private static final int LEAP = 36;
    private static final int VALID = 48;
    private static final int CLOCK_NANOS = 52;
    private static final int SYSTEM_NANOS = 56;
    /** The writer counts before and after it writes; else whoever sees that it is valid may read. */
    private static final int COUNTED = 1;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int EACCES = 13;

    private final Pointer address;
    private final ByteBuffer memory;

    private TimeSegment(Pointer address) {
        this.address = address;
        memory = address.getByteBuffer(0, BYTES).order(ByteOrder.nativeOrder());
    }

    /**
     * Opens a segment, and makes it where there is none.
     *
     * @param unit number of the segment, from 0
     * @param permissions of one that is made
     * @throws IOException when it belongs to somebody else, or is of another form; the message has the cure
     */
    public static TimeSegment open(int unit, int permissions) throws IOException {
        int id = Libc.shmget(KEY + unit, BYTES, IPC_CREAT | permissions);
        if (id < 0) {
            throw refused(unit);
        }
        Pointer address = Libc.shmat(id, Pointer.NULL, 0);
        if (Pointer.nativeValue(address) == -1) {
            throw refused(unit);
        }
        return new TimeSegment(address);
    }

    private static IOException refused(int unit) {
        String cure = Libc.errno() == EACCES
                ? "; it is another user's: start Noonmark before the program that writes it, or take one that it opens to all (gpsd: 2 and above)"
                : "";
        return new IOException("shared memory segment " + unit + ": " + Libc.lastError() + cure);
    }

    /** Takes what is there; empty when there is nothing new, or when it is being written just now. */
    public Optional<Sample> take() {
        VarHandle.fullFence();
        if (memory.getInt(VALID) == 0) {
            return Optional.empty();
        }
        int count = memory.getInt(COUNT);
        VarHandle.fullFence();
        Sample sample = new Sample(
                nanos(memory.getLong(CLOCK), memory.getInt(CLOCK_MICROS), memory.getInt(CLOCK_NANOS)),
                nanos(memory.getLong(SYSTEM), memory.getInt(SYSTEM_MICROS), memory.getInt(SYSTEM_NANOS)),
                memory.getInt(LEAP) & 3);
        VarHandle.fullFence();
        boolean whole = (memory.getInt(MODE) != COUNTED || memory.getInt(COUNT) == count)
                && isPossible(memory.getLong(CLOCK))
                && isPossible(memory.getLong(SYSTEM));
        memory.putInt(VALID, 0);
        VarHandle.fullFence();
        return whole ? Optional.of(sample) : Optional.empty();
    }

    /** Any octets may stand there: seconds that no count of nanoseconds holds are none. */
    private static boolean isPossible(long seconds) {
        return seconds >= 0 && seconds < Long.MAX_VALUE / NANOS_PER_SECOND - 1;
    }

    /** Old writers know microseconds alone, and leave the nanoseconds as they were. */
    private static long nanos(long seconds, int micros, int nanos) {
        boolean fine = nanos / 1_000 == micros;
        return seconds * NANOS_PER_SECOND + (fine ? nanos : micros * 1_000L);
    }

    @Override
    public void close() {
        Libc.shmdt(address);
    }
}
