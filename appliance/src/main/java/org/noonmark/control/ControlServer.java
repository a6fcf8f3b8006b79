package org.noonmark.control;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The daemon's end of the control socket: carries requests to {@link Commands} and their answers back. Owner and group may connect (mode
 * 0660). One virtual thread for each connection, and one that accepts.
 */
public final class ControlServer implements AutoCloseable {
    private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

    private final Path socket;
    private final Commands commands;
    private final Semaphore places = new Semaphore(ControlProtocol.MAX_CONNECTIONS);
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private @Nullable ServerSocketChannel listener;

    /**
     * @param socket where to listen, such as {@code /run/noonmark/control.sock}; its directory must be there
     * @param commands who answers
     */
    public ControlServer(Path socket, Commands commands) {
        this.socket = socket.toAbsolutePath();
        this.commands = commands;
    }

    /**
     * Listens from here on. A socket file that nobody answers is the leftover of a daemon that was killed, and is replaced.
     *
     * @throws SocketInUseException when another daemon answers there
     * @throws java.nio.file.FileAlreadyExistsException when a file that is no socket has that name
     * @throws IOException when the socket cannot be made; the message names it, the reason and the cure
     */
    public void start() throws IOException {
        requireNoFile(socket);
        requireNoFile(unfinished());
        if (isAnswered()) {
            throw new SocketInUseException("another noonmark answers at " + socket
                    + ": stop it first (systemctl stop noonmark, or Ctrl-C where it runs), or give this one its own socket"
                    + " (run: directive controlsocket, demo: --control SOCKET)");
        }
        ServerSocketChannel opened = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            bind(opened);
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        listener = opened;
        Thread.ofVirtual().name("control").start(() -> accept(opened));
    }

    /** Requests answered or refused since the start. */
    public long requests() {
        return requests.get();
    }

    /** Requests that were malformed, too long, too slow or too many. */
    public long refused() {
        return refused.get();
    }

    /** Stops listening and removes the socket file. Connections that are being answered end by themselves. */
    @Override
    public void close() {
        ServerSocketChannel open = listener;
        if (open == null) {
            return;
        }
        listener = null;
        try {
            open.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            Logger.warn("control socket {} could not be removed: {}", socket, e.getMessage());
        }
    }

    private Path unfinished() {
        return socket.resolveSibling(socket.getFileName() + ".new");
    }

    /** A mistyped name must not cost the owner a file. Symbolic links are not followed: a link is no socket either. */
    private static void requireNoFile(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && !Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther()) {
            throw new FileAlreadyExistsException(
                    path.toString(),
                    null,
                    "not a socket: remove it, or name another with --control or 'controlsocket'");
        }
    }

    private boolean isAnswered() throws IOException {
        if (!Files.exists(socket)) {
            return false;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (SocketException e) {
            return false;
        }
    }

    /** Binds beside the final name and moves there once the mode is set, so that nobody finds the socket with a wider one. */
    private void bind(ServerSocketChannel opened) throws IOException {
        requireDirectory();
        Path unfinished = unfinished();
        try {
            Files.deleteIfExists(unfinished);
            opened.bind(UnixDomainSocketAddress.of(unfinished), ControlProtocol.MAX_CONNECTIONS);
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-rw----"));
            Files.move(unfinished, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (SocketException e) {
            throw new IOException("control socket " + socket + ": " + e.getMessage(), e);
        }
    }

    /** Asked before: bind(2) says only "No such file or directory" and "Permission denied". */
    private void requireDirectory() throws IOException {
        Path directory = Objects.requireNonNull(socket.getParent(), "an absolute path has a directory");
        if (!Files.isDirectory(directory)) {
            throw new IOException("control socket " + socket + ": no directory " + directory + ": make it first");
        }
        if (!Files.isWritable(directory)) {
            throw new AccessDeniedException(
                    "control socket " + socket, null, "no permission: start as root or as the owner of " + directory);
        }
    }

    private void accept(ServerSocketChannel open) {
        while (true) {
            try {
                SocketChannel connection = open.accept();
                requests.incrementAndGet();
                Thread.ofVirtual().name("control-connection").start(() -> serve(connection));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // Such as no file descriptor left: the next one may come when others have gone.
                Logger.error("control socket {}: a connection could not be taken: {}", socket, e.getMessage());
                if (!pause()) {
                    return;
                }
            }
        }
    }

    /** Keeps a lasting fault from filling processor and log. False when interrupted. */
    private static boolean pause() {
        try {
            Thread.sleep(AFTER_FAULT);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void serve(SocketChannel connection) {
        Thread limit = Thread.ofVirtual().name("control-limit").start(() -> closeAfterTimeLimit(connection));
        boolean placed = places.tryAcquire();
        try (connection) {
            send(connection, placed ? answer(connection) : refuse("too many connections at once: try again"));
        } catch (IOException e) {
            refused.incrementAndGet();
        } finally {
            limit.interrupt();
            if (placed) {
                places.release();
            }
        }
    }

    private Answer answer(SocketChannel connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(ControlProtocol.MAX_REQUEST_BYTES);
        int length = 0;
        while (true) {
            if (connection.read(buffer) < 0) {
                return refuse("the request has no line feed at its end");
            }
            for (; length < buffer.position(); length++) {
                if (buffer.get(length) == '\n') {
                    return execute(new String(buffer.array(), 0, length, StandardCharsets.UTF_8));
                }
            }
            if (!buffer.hasRemaining()) {
                return refuse("the request is longer than " + ControlProtocol.MAX_REQUEST_BYTES + " bytes");
            }
        }
    }

    private Answer execute(String line) {
        try {
            return commands.execute(Request.parse(line));
        } catch (RuntimeException e) {
            Logger.error(e, "control request failed: {}", line);
            return new Answer(
                    Answer.NOT_GOOD, "the daemon failed on this request; its log says how: journalctl -u noonmark\n");
        }
    }

    private Answer refuse(String sentence) {
        refused.incrementAndGet();
        return Answer.usage(sentence);
    }

    private static void send(SocketChannel connection, Answer answer) throws IOException {
        byte[] text = answer.text().getBytes(StandardCharsets.UTF_8);
        byte[] header = (answer.code() + " " + text.length + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(header.length + text.length)
                .put(header)
                .put(text)
                .flip();
        while (out.hasRemaining()) {
            connection.write(out);
        }
    }

    /** Ends a connection whose client neither asks nor reads; the blocked reader or writer then fails. */
    private static void closeAfterTimeLimit(SocketChannel connection) {
        try {
            Thread.sleep(ControlProtocol.TIME_LIMIT);
            connection.close();
        } catch (InterruptedException served) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            Logger.warn("control connection could not be closed: {}", e.getMessage());
        }
    }
}
