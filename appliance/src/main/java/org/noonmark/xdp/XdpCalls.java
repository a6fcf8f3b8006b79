package org.noonmark.xdp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The C library's functions for AF_XDP: those of the set-up by JNA's direct mapping, with {@link #errno}; the two that are made for every
 * few packets through java.lang.foreign, for its lower cost. 64-bit Linux only.
 */
final class XdpCalls {
    static final int EPERM = 1;
    static final int EACCES = 13;
    static final int EBUSY = 16;

    private static final int MSG_DONTWAIT = 0x40;

    private static final MethodHandle POLL =
            handle("poll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SENDTO = handle(
            "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

    static {
        Native.register(XdpCalls.class, NativeLibrary.getProcess());
    }

    private XdpCalls() {}

    static native long syscall(long number, long first, ByteBuffer second, long third);

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, ByteBuffer address, int length);

    static native int setsockopt(int fd, int level, int name, ByteBuffer value, int length);

    static native int getsockopt(int fd, int level, int name, ByteBuffer value, ByteBuffer length);

    static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    static native int munmap(long address, long length);

    static native int eventfd(int value, int flags);

    static native long write(int fd, ByteBuffer bytes, long count);

    static native int close(int fd);

    static native int fcntl(int fd, int command, long argument);

    private static native String strerror(int errno);

    /** Why the last call of this thread by JNA failed. */
    static int errno() {
        return Native.getLastError();
    }

    static String reason(int errno) {
        return strerror(errno);
    }

    /** Waits until one of the descriptors of {@code pollfds} has news, at most so many milliseconds. */
    static void poll(long pollfds, int count, int milliseconds) {
        try {
            int ready = (int) POLL.invokeExact(pollfds, (long) count, milliseconds);
            assert ready <= count;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Tells the kernel that the socket's transmit ring has frames. What it did not take yet is seen in the ring. */
    static void kick(int fd) {
        try {
            long sent = (long) SENDTO.invokeExact(fd, 0L, 0L, MSG_DONTWAIT, 0L, 0);
            assert sent <= 0;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Zeroed memory for structures that the kernel reads or writes, in the machine's byte order. */
    static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    static long address(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct.duplicate().clear()).address();
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor shape) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
    }
}
