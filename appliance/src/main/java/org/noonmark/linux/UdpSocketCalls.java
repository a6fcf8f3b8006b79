package org.noonmark.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * The two system calls that are made for every few packets, through java.lang.foreign: it costs 0.03 us a call against JNA's
 * 0.3 us, which with one call per packet (for the best transmit stamps) is a quarter of the throughput. Pointers are plain longs, and
 * errno is not kept: keeping it allocates 40 bytes a call until the call is compiled.
 */
final class UdpSocketCalls {
    /** Return at once with what is there, after waiting for the first datagram. Without it recvmmsg waits for a full vector. */
    static final int MSG_WAITFORONE = 0x10000;

    /** Do not wait. */
    static final int MSG_DONTWAIT = 0x40;

    /** Read what comes back of datagrams sent: stamps and errors. */
    static final int MSG_ERRQUEUE = 0x2000;

    private static final MethodHandle RECVMMSG =
            handle("recvmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle SENDMMSG =
            handle("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));

    private UdpSocketCalls() {}

    /** Datagrams received, or -1. */
    static int recvmmsg(int fd, long vector, int count, int flags) {
        try {
            return (int) RECVMMSG.invokeExact(fd, vector, count, flags, 0L);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Datagrams sent, or -1 when the first could not be sent. */
    static int sendmmsg(int fd, long vector, int count, int flags) {
        try {
            return (int) SENDMMSG.invokeExact(fd, vector, count, flags);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor shape) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
    }
}
