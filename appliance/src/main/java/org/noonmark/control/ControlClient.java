package org.noonmark.control;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The asking end of the control socket. One connection for each request. */
public final class ControlClient {
    private final Path socket;

    /** @param socket where the daemon listens, such as {@code /run/noonmark/control.sock} */
    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /**
     * Asks and waits for the whole answer; the daemon bounds the time.
     *
     * @throws NoDaemonException when nobody answers
     * @throws AccessDeniedException when this user may not connect
     */
    public Answer ask(Request request) throws IOException {
        try (SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            connection.connect(UnixDomainSocketAddress.of(socket));
            closeAfterTimeLimit(connection);
            ByteBuffer line = StandardCharsets.UTF_8.encode(request.line() + "\n");
            while (line.hasRemaining()) {
                connection.write(line);
            }
            return receive(connection);
        } catch (SocketException e) {
            throw isForbidden() ? forbidden() : nobody(e);
        } catch (AsynchronousCloseException e) {
            throw new NoDaemonException(
                    "the daemon at " + socket + " takes the request and gives no answer: systemctl status noonmark", e);
        } catch (IOException | NumberFormatException e) {
            throw new NoDaemonException(
                    "what answers at " + socket + " is no noonmark of this version (" + e.getMessage()
                            + "): restart it: systemctl restart noonmark",
                    new IOException(e));
        }
    }

    private Answer receive(SocketChannel connection) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder header = new StringBuilder();
        while (true) {
            readFully(connection, one.clear());
            char c = (char) one.get(0);
            if (c == '\n') {
                break;
            }
            header.append(c);
            if (header.length() > ControlProtocol.MAX_HEADER_BYTES) {
                throw new EOFException("no header");
            }
        }
        int space = header.indexOf(" ");
        int code = Integer.parseInt(header, 0, Math.max(space, 0), 10);
        int length = Integer.parseInt(header, space + 1, header.length(), 10);
        if (length < 0 || length > ControlProtocol.MAX_ANSWER_BYTES) {
            throw new EOFException("length " + length);
        }
        ByteBuffer text = ByteBuffer.allocate(length);
        readFully(connection, text);
        return new Answer(code, new String(text.array(), StandardCharsets.UTF_8));
    }

    /** A stopped daemon takes connections and never answers; the thread dies with the command. */
    private static void closeAfterTimeLimit(SocketChannel connection) {
        Thread.ofPlatform().daemon().name("control-limit").start(() -> {
            try {
                Thread.sleep(ControlProtocol.TIME_LIMIT.plusSeconds(1));
                connection.close();
            } catch (InterruptedException | IOException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void readFully(SocketChannel connection, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (connection.read(buffer) < 0) {
                throw new EOFException("answer ended early");
            }
        }
    }

    private boolean isForbidden() {
        return Files.exists(socket) && !Files.isWritable(socket);
    }

    private AccessDeniedException forbidden() {
        return new AccessDeniedException(
                socket.toString(), null, "no permission: use sudo, or join the group that owns the socket");
    }

    private NoDaemonException nobody(IOException cause) {
        return new NoDaemonException(
                "no daemon answers at " + socket + ": is noonmark running? systemctl status noonmark", cause);
    }
}
