package org.noonmark.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The kernel's clocks, read without garbage for the packet path: {@code clock_gettime} through java.lang.foreign, which stays in
 * user space (vDSO). Any thread may read; each has its own buffer.
 */
public final class LinuxTime {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_MONOTONIC_RAW = 4;
    private static final int CLOCK_TAI = 11;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Critical: the call is too short to be worth a thread state change, and never blocks. */
    @SuppressWarnings("restricted")
    private static final MethodHandle CLOCK_GETTIME = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS),
                    Linker.Option.critical(false));

    /** struct timespec: seconds, then nanoseconds, 8 bytes each. */
    private static final ThreadLocal<MemorySegment> TIMESPEC =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(2 * JAVA_LONG.byteSize(), JAVA_LONG.byteAlignment()));

    private LinuxTime() {}

    /** CLOCK_REALTIME, nanoseconds since 1970-01-01 UTC as POSIX counts them. */
    public static long realtimeNanos() {
        return read(CLOCK_REALTIME);
    }

    /** CLOCK_MONOTONIC, nanoseconds since some moment before; slewed with the realtime clock, never stepped. */
    public static long monotonicNanos() {
        return read(CLOCK_MONOTONIC);
    }

    /** CLOCK_MONOTONIC_RAW, nanoseconds since some moment before; neither slewed nor stepped: the crystal alone. Stops while the machine sleeps. */
    public static long rawNanos() {
        return read(CLOCK_MONOTONIC_RAW);
    }

    /** CLOCK_TAI, nanoseconds: the realtime clock plus the whole seconds that the kernel was told, 0 until then. */
    public static long taiNanos() {
        return read(CLOCK_TAI);
    }

    private static long read(int clockId) {
        MemorySegment timespec = TIMESPEC.get();
        try {
            int result = (int) CLOCK_GETTIME.invokeExact(clockId, timespec);
            if (result != 0) {
                throw new IllegalStateException("clock_gettime(" + clockId + ") returned " + result);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("clock_gettime declares no exception", e);
        }
        return timespec.get(JAVA_LONG, 0) * NANOS_PER_SECOND + timespec.get(JAVA_LONG, 8);
    }
}
