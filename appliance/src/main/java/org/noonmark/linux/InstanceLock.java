package org.noonmark.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Lets one daemon work at a time: two that steer one clock would fight. Held by flock(2) on an open file, which the kernel takes away
 * when the process ends in whatever way; the file stays and holds the process id of its last owner. (The JDK's own file lock is
 * lost as soon as anything in the process closes the same file.)
 */
public final class InstanceLock implements AutoCloseable {
    private static final int O_RDWR = 0x2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int LOCK_EX_NB = 2 | 4;

    private int fd;

    private InstanceLock(int fd) {
        this.fd = fd;
    }

    /** Another instance works; the message has its process id and the cure. */
    public static final class HeldException extends IOException {
        private static final long serialVersionUID = 1;

        HeldException(String message) {
            super(message);
        }
    }

    /**
     * Takes the lock.
     *
     * @param pid of this process, written for the next one to show
     * @throws HeldException when another process has it
     * @throws IOException when the file cannot be made; the message has the cure
     */
    public static InstanceLock acquire(Path file, long pid) throws IOException {
        create(file);
        int fd = Libc.open(file.toString(), O_RDWR | O_CLOEXEC);
        if (fd < 0) {
            throw new IOException("cannot open " + file + ": " + Libc.lastError() + "; name another file");
        }
        try {
            lock(fd, file);
            Files.writeString(file, pid + "\n");
            return new InstanceLock(fd);
        } catch (IOException e) {
            Libc.close(fd);
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }

    private static void create(Path file) throws IOException {
        try {
            Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "cannot make " + file + ": its directory does not exist; make it, or name another", e);
        } catch (AccessDeniedException e) {
            throw new IOException("cannot open " + file + ": no permission; run as its owner, or name another file", e);
        }
    }

    private static void lock(int fd, Path file) throws IOException {
        if (Libc.flock(fd, LOCK_EX_NB) == 0) {
            return;
        }
        int errno = Libc.errno();
        if (errno != Libc.EAGAIN) {
            throw new IOException(
                    "cannot lock " + file + ": " + Libc.strerror(errno) + "; put it on a local file system");
        }
        throw new HeldException("noonmark runs already, as process " + ownerOf(file) + " (it holds " + file
                + "); stop it first, or give this one other ports, socket and state");
    }

    private static String ownerOf(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).strip();
        return text.matches("\\d{1,20}") ? text : "of unknown number";
    }
}
