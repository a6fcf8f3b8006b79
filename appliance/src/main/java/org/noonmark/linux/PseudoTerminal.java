package org.noonmark.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A serial line without hardware: what is written here, a program reads from {@link #path}, as from a receiver. Raw: no byte is
 * changed or echoed. Behaves as a wire does: bytes that nobody reads are lost, never waited for. Pacing is the caller's.
 *
 * <p>Used by one thread; only {@link #close} may come from another.
 */
public final class PseudoTerminal implements AutoCloseable {
    private static final int O_RDWR = 0x2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int TCSANOW = 0;
    private static final int POLLHUP = 0x10;

    /** Longer than any struct termios of Linux (60 bytes of glibc). */
    private static final int TERMIOS_BYTES = 128;

    private final Path path;

    /** struct pollfd: descriptor (int), events asked for, events seen (short each). */
    private final ByteBuffer pollfd = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());

    private int fd;

    private PseudoTerminal(int fd, Path path) {
        this.fd = fd;
        this.path = path;
    }

    /**
     * Makes a new terminal pair.
     *
     * @throws IOException when the machine has no pseudo-terminal left, or no {@code /dev/pts}
     */
    public static PseudoTerminal open() throws IOException {
        int fd = Libc.posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0) {
            throw refused("posix_openpt");
        }
        try {
            makeRaw(fd);
            Path path = unlock(fd);
            hangUp(path);
            return new PseudoTerminal(fd, path);
        } catch (IOException e) {
            Libc.close(fd);
            throw e;
        }
    }

    private static void makeRaw(int fd) throws IOException {
        ByteBuffer termios = ByteBuffer.allocateDirect(TERMIOS_BYTES);
        if (Libc.tcgetattr(fd, termios) != 0) {
            throw refused("tcgetattr");
        }
        Libc.cfmakeraw(termios);
        if (Libc.tcsetattr(fd, TCSANOW, termios) != 0) {
            throw refused("tcsetattr");
        }
    }

    private static Path unlock(int fd) throws IOException {
        if (Libc.grantpt(fd) != 0) {
            throw refused("grantpt");
        }
        if (Libc.unlockpt(fd) != 0) {
            throw refused("unlockpt");
        }
        byte[] name = new byte[64];
        if (Libc.ptsname_r(fd, name, name.length) != 0) {
            throw refused("ptsname_r");
        }
        int length = 0;
        while (name[length] != 0) {
            length++;
        }
        return Path.of(new String(name, 0, length, StandardCharsets.UTF_8));
    }

    /** The kernel reports "nobody has it open" only once somebody has had it open. */
    private static void hangUp(Path path) throws IOException {
        int reader = Libc.open(path.toString(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (reader < 0) {
            throw refused("open " + path);
        }
        Libc.close(reader);
    }

    /** The device that the reading program opens, such as {@code /dev/pts/7}. */
    public Path path() {
        return path;
    }

    /**
     * Sends the first {@code count} bytes.
     *
     * @return how many the line took; the rest is lost: nobody has the device open, or its reader is too slow
     * @throws IOException when the terminal is closed or broken
     */
    public synchronized int write(byte[] bytes, int count) throws IOException {
        if (fd < 0) {
            throw new IOException("pseudo-terminal " + path + " is closed");
        }
        if (nobodyListens()) {
            return 0;
        }
        long taken = Libc.write(fd, bytes, count);
        if (taken >= 0) {
            return (int) taken;
        }
        int errno = Libc.errno();
        if (errno == Libc.EAGAIN) {
            return 0;
        }
        throw new IOException("pseudo-terminal " + path + ": " + Libc.strerror(errno));
    }

    /**
     * Takes what the program at the other end has written.
     *
     * @return how many bytes of {@code into} were filled; 0: nothing came
     * @throws IOException when the terminal is closed
     */
    public synchronized int read(byte[] into) throws IOException {
        if (fd < 0) {
            throw new IOException("pseudo-terminal " + path + " is closed");
        }
        // Nothing there, or nobody at the other end: both are silence.
        return (int) Math.max(0, Libc.read(fd, into, into.length));
    }

    private boolean nobodyListens() {
        pollfd.putInt(0, fd).putInt(4, 0);
        return Libc.poll(pollfd, 1, 0) > 0 && (pollfd.getShort(6) & POLLHUP) != 0;
    }

    /** Pulls the plug: the reader sees the end of input or an input error. */
    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }

    private static IOException refused(String call) {
        return new IOException("no pseudo-terminal: " + call + ": " + Libc.lastError());
    }
}
