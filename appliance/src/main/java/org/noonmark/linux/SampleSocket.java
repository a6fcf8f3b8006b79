package org.noonmark.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The socket to which another program such as gpsd sends what a clock shows, in chrony's form: 40 bytes of the machine's order, struct timeval,
 * double, four ints. Used by one thread.
 */
public final class SampleSocket implements AutoCloseable {
    /**
     * What was sent.
     *
     * @param systemNanos this machine's realtime clock, nanoseconds since 1970
     * @param offsetNanos clock minus that; of a pulse all but its fraction of a second says nothing
     * @param pulse whether it is one
     * @param leapIndicator RFC 5905, figure 9
     */
    public record Sample(long systemNanos, long offsetNanos, boolean pulse, int leapIndicator) {}

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int PATH_BYTES = 108;
    private static final int ADDRESS_BYTES = 2 + PATH_BYTES;
    private static final int SAMPLE_BYTES = 40;
    private static final int MAGIC = 0x534f434b; // SOCK
    private static final short POLLIN = 1;
    /** Beyond, the sender is broken, and nanoseconds of both together would overflow. */
    private static final double MOST_SECONDS = 4e9;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int fd;
    private final Path path;
    private final byte[] bytes = new byte[SAMPLE_BYTES + 1]; // one more, to tell what is too long
    private final ByteBuffer sample = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    private final ByteBuffer pollfd = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());

    private SampleSocket(int fd, Path path) {
        this.fd = fd;
        this.path = path;
    }

    /**
     * Makes the socket, in place of one that an earlier run left there; its owner and root may send.
     *
     * @throws IOException when it cannot be made; the message says why
     */
    public static SampleSocket open(Path path) throws IOException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= PATH_BYTES) {
            throw new IOException(path + ": a path of a socket has at most " + (PATH_BYTES - 1) + " bytes");
        }
        Files.deleteIfExists(path);
        byte[] address = ByteBuffer.allocate(ADDRESS_BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(name)
                .array();
        int fd = Libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (fd < 0 || Libc.bind(fd, address, address.length) != 0) {
            String reason = Libc.lastError();
            if (fd >= 0) {
                Libc.close(fd);
            }
            throw new IOException(path + ": " + reason);
        }
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            Libc.close(fd);
            throw e;
        }
        return new SampleSocket(fd, path);
    }

    /** Waits for a sample; empty when none came for so long, or what came is none. */
    public Optional<Sample> await(int millis) throws IOException {
        pollfd.putInt(0, fd).putShort(4, POLLIN).putShort(6, (short) 0);
        if (Libc.poll(pollfd, 1, millis) <= 0) {
            return Optional.empty();
        }
        long length = Libc.read(fd, bytes, bytes.length);
        if (length < 0) {
            throw new IOException(path + ": " + Libc.lastError());
        }
        return length == SAMPLE_BYTES ? parse(sample) : Optional.empty();
    }

    /** Any octets will do. */
    static Optional<Sample> parse(ByteBuffer sample) {
        double offset = sample.getDouble(16);
        double seconds = sample.getLong(0);
        int leap = sample.getInt(28);
        if (sample.getInt(36) != MAGIC
                || !(Math.abs(offset) < MOST_SECONDS)
                || !(Math.abs(seconds) < MOST_SECONDS)
                || leap < 0
                || leap > 3) {
            return Optional.empty();
        }
        return Optional.of(new Sample(
                sample.getLong(0) * NANOS_PER_SECOND + sample.getInt(8) * 1_000L,
                Math.round(offset * 1e9),
                sample.getInt(24) != 0,
                leap));
    }

    @Override
    public void close() {
        Libc.close(fd);
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            return; // the next run makes it anew all the same
        }
    }
}
