package org.noonmark.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * TLS over a blocking channel: the calling thread waits for bytes, a virtual one so that waiting costs nothing; all arithmetic is done by a
 * few workers, so that a thousand clients take no more processors than the owner gives. One thread.
 */
final class TlsConnection {
    /** Largest part of a record's contents that is of use here. */
    private static final int FIRST_READ_BYTES = 2_048;
    /** What the records of one flight take besides the room for one that JSSE asks for. */
    private static final int FLIGHT_BYTES = 8_192;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ExecutorService workers;
    private ByteBuffer in = ByteBuffer.allocate(FIRST_READ_BYTES);
    private ByteBuffer out = NOTHING;

    TlsConnection(SocketChannel channel, SSLEngine engine, ExecutorService workers) {
        this.channel = channel;
        this.engine = engine;
        this.workers = workers;
    }

    /**
     * Makes the connection.
     *
     * @throws SSLException when the two cannot agree; the client was told
     * @throws IOException when the connection breaks
     */
    void handshake() throws IOException {
        // The client speaks first; nothing is worked out for one that does not.
        receive();
        while (true) {
            boolean done;
            try {
                done = onWorker(this::advance);
            } catch (SSLException e) {
                tellWhy();
                throw e;
            }
            flush();
            if (done) {
                return;
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                receive();
            }
        }
    }

    /** Goes on as far as can be without the network; true when the handshake is over. */
    private boolean advance() throws SSLException {
        if (out.capacity() == 0) {
            out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize() + FLIGHT_BYTES);
            engine.beginHandshake();
        }
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    Runnable task = engine.getDelegatedTask();
                    if (task == null) {
                        throw new SSLException("a handshake that waits for nothing");
                    }
                    task.run();
                }
                case NEED_WRAP -> {
                    if (engine.wrap(NOTHING, out).getStatus() == Status.BUFFER_OVERFLOW) {
                        return false;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    in.flip();
                    SSLEngineResult result = engine.unwrap(in, NOTHING);
                    in.compact();
                    if (result.getStatus() == Status.CLOSED) {
                        throw new SSLException("closed by the client");
                    }
                    if (result.getStatus() != Status.OK || result.bytesConsumed() == 0) {
                        // Nothing whole is left; or, without room for it, contents behind the handshake.
                        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return true;
                }
            }
        }
    }

    /**
     * More of what the client says, appended to {@code contents}; false when it has said all.
     *
     * @throws SSLException when it is no TLS, or more than {@code contents} holds
     */
    boolean read(ByteBuffer contents) throws IOException {
        while (true) {
            SSLEngineResult result = onWorker(() -> decrypt(contents));
            if (result.bytesProduced() > 0) {
                return true;
            }
            switch (result.getStatus()) {
                case CLOSED -> {
                    return false;
                }
                case BUFFER_OVERFLOW -> throw new SSLException("a record larger than any request");
                case BUFFER_UNDERFLOW -> receive();
                case OK -> {
                    // A record of no contents: the next one may be here already. A client that wants other keys waits
                    // for an
                    // answer, and nothing is read from it any more: nobody needs that in a connection of one request.
                    if (result.bytesConsumed() == 0) {
                        throw new SSLException("a second handshake");
                    }
                }
            }
        }
    }

    private SSLEngineResult decrypt(ByteBuffer contents) throws SSLException {
        in.flip();
        SSLEngineResult result = engine.unwrap(in, contents);
        in.compact();
        return result;
    }

    /** What {@code making} gives for the session, and the end of the connection. */
    void answer(Answering making) throws IOException {
        onWorker(() -> {
            ByteBuffer contents = ByteBuffer.wrap(making.in((ExtendedSSLSession) engine.getSession()));
            while (contents.hasRemaining()) {
                if (engine.wrap(contents, out).getStatus() != Status.OK) {
                    throw new SSLException("an answer larger than a record");
                }
            }
            engine.closeOutbound();
            engine.wrap(NOTHING, out);
            return true;
        });
        flush();
        channel.shutdownOutput();
    }

    /** Makes an answer from the session's keys, on a worker. */
    interface Answering {
        byte[] in(ExtendedSSLSession session) throws SSLException;
    }

    String applicationProtocol() {
        String protocol = engine.getApplicationProtocol();
        return protocol == null ? "" : protocol;
    }

    /** The alert that JSSE has ready when it gives up; nobody minds when it does not arrive. */
    private void tellWhy() {
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                    && engine.wrap(NOTHING, out).getStatus() == Status.OK) {
                // Each turn writes one record.
            }
            flush();
            channel.shutdownOutput();
        } catch (IOException e) {
            // It is gone, then.
        }
    }

    private void receive() throws IOException {
        if (!in.hasRemaining()) {
            int most = engine.getSession().getPacketBufferSize();
            if (in.capacity() >= most) {
                throw new SSLException("a record larger than TLS allows");
            }
            in = ByteBuffer.allocate(most).put(in.flip());
        }
        if (channel.read(in) < 0) {
            throw new EOFException("the client has gone");
        }
    }

    private void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        out.clear();
    }

    private <T> T onWorker(Callable<T> work) throws IOException {
        try {
            return workers.submit(() -> {
                        if (!channel.isOpen()) {
                            // Displaced or too slow meanwhile: nobody waits for the result, and others wait for the
                            // worker.
                            throw new AsynchronousCloseException();
                        }
                        return work.call();
                    })
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server ends");
        } catch (RejectedExecutionException | CancellationException e) {
            throw new InterruptedIOException("the server has ended");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException refused -> throw refused;
                case RuntimeException fault -> throw fault;
                case null, default -> throw new IllegalStateException("a worker failed", e);
            }
        }
    }
}
