package org.noonmark.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * The C library's functions that are called now and then, by JNA's direct mapping. 64-bit Linux only: {@code long} stands for C's
 * {@code long} and {@code size_t}. A negative result means that {@link #errno} has the reason.
 */
final class Libc {
    static final int EPERM = 1;
    static final int EAGAIN = 11;

    static {
        try {
            Native.register(Libc.class, NativeLibrary.getProcess());
        } catch (LinkageError e) {
            throw unloadable(e);
        }
    }

    private Libc() {}

    /**
     * Loads JNA's native part now, so that a machine without it hears so at the start and not in the middle of work.
     *
     * @throws UnsatisfiedLinkError with one sentence that says what is missing and the cure
     */
    static void require() {
        try {
            getpid();
        } catch (UnsatisfiedLinkError e) {
            throw e;
        } catch (LinkageError e) {
            throw unloadable(e);
        }
    }

    /** Why the last call of this thread failed. */
    static int errno() {
        return Native.getLastError();
    }

    /** The C library's words for the reason of the last failure of this thread, such as "Operation not permitted". */
    static String lastError() {
        return strerror(errno());
    }

    static native String strerror(int errno);

    static native int getpid();

    static native int capget(ByteBuffer header, ByteBuffer sets);

    static native int capset(ByteBuffer header, ByteBuffer sets);

    static native int close_range(int first, int last, int flags);

    static native int fcntl(int fd, int command, long argument);

    static native int execve(String path, Pointer arguments, Pointer environment);

    static native int clock_adjtime(int clockId, ByteBuffer timex);

    static native int open(String path, int flags);

    static native int poll(ByteBuffer pollfds, long count, int timeoutMillis);

    static native int posix_openpt(int flags);

    static native int grantpt(int fd);

    static native int unlockpt(int fd);

    static native int ptsname_r(int fd, byte[] name, long capacity);

    static native int tcgetattr(int fd, ByteBuffer termios);

    static native void cfmakeraw(ByteBuffer termios);

    static native int tcsetattr(int fd, int actions, ByteBuffer termios);

    static native long write(int fd, byte[] bytes, long count);

    static native long read(int fd, byte[] bytes, long count);

    static native int close(int fd);

    static native int eventfd(int value, int flags);

    static native int sched_setscheduler(int pid, int policy, ByteBuffer param);

    static native int setpriority(int which, int who, int niceness);

    static native int sched_setaffinity(int pid, long size, ByteBuffer mask);

    static native int mlockall(int flags);

    static native int flock(int fd, int operation);

    static native int socket(int domain, int type, int protocol);

    static native long sendto(int fd, byte[] message, long length, int flags, byte[] address, int addressLength);

    static native int bind(int fd, byte[] address, int length);

    static native int ioctl(int fd, long request, ByteBuffer argument);

    static native int shmget(int key, long size, int flags);

    static native Pointer shmat(int id, Pointer address, int flags);

    static native int shmdt(Pointer address);

    private static UnsatisfiedLinkError unloadable(LinkageError cause) {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError(
                "the native part of JNA (libjnidispatch.so) cannot be loaded: "
                        + cause.getMessage()
                        + "; start java with -Djna.boot.library.path=DIRECTORY that holds it, or give this user a writable home directory");
        error.initCause(cause);
        return error;
    }
}
