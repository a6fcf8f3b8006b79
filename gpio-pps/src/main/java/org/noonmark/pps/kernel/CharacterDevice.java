package org.noonmark.pps.kernel;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** {@link PpsDevice} on the kernel's device file, by JNA's direct mapping. */
final class CharacterDevice implements PpsDevice {
    private static final int O_RDWR = 0x2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;

    /** The C library's functions. ioctl is variadic in C; with one argument its fixed shape is right on x86-64 and aarch64. */
    private static final class Libc {
        static {
            try {
                Native.register(Libc.class, NativeLibrary.getProcess());
            } catch (LinkageError e) {
                throw unloadable(e);
            }
        }

        static native int open(String path, int flags);

        static native int ioctl(int fd, long request, ByteBuffer argument);

        static native int close(int fd);

        static native String strerror(int errno);
    }

    private final Path path;
    private final int fd;
    private final @Nullable Object identity;

    private CharacterDevice(Path path, int fd, @Nullable Object identity) {
        this.path = path;
        this.fd = fd;
        this.identity = identity;
    }

    /**
     * Opens the device file.
     *
     * @throws IOException with path, reason and cure
     * @throws UnsatisfiedLinkError when JNA cannot load its native part; the message has the cure
     */
    static CharacterDevice open(Path path) throws IOException {
        int fd;
        try {
            fd = Libc.open(path.toString(), O_RDWR | O_CLOEXEC);
        } catch (UnsatisfiedLinkError e) {
            throw e;
        } catch (LinkageError e) {
            throw unloadable(e);
        }
        if (fd < 0) {
            throw new IOException(path + ": " + reason(Native.getLastError()));
        }
        return new CharacterDevice(path, fd, identityOf(path));
    }

    @Override
    public int ioctl(long request, ByteBuffer argument) {
        int result = Libc.ioctl(fd, request, argument);
        return result < 0 ? -Native.getLastError() : result;
    }

    @Override
    public boolean present() {
        Object now = identityOf(path);
        return now != null && now.equals(identity);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }

    /** What a person should know about an opening that failed. */
    static String reason(int errno) {
        return switch (errno) {
            case ENOENT, ENXIO, ENODEV ->
                "no such device; enable it with dtoverlay=pps-gpio,gpiopin=N in /boot/firmware/config.txt and reboot";
            case EACCES, EPERM ->
                "no permission; run as root, or give the device to a group of this user with a udev rule such as"
                        + " KERNEL==\"pps*\", GROUP=\"dialout\", MODE=\"0660\"";
            default -> Libc.strerror(errno);
        };
    }

    /** Device and inode of the file, or null when there is none. */
    private static @Nullable Object identityOf(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    private static UnsatisfiedLinkError unloadable(LinkageError cause) {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError(
                "the native part of JNA (libjnidispatch.so) cannot be loaded: "
                        + cause.getMessage()
                        + "; start java with -Djna.boot.library.path=DIRECTORY that holds it, or give this user a writable home directory");
        error.initCause(cause);
        return error;
    }
}
