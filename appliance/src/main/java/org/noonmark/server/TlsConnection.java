package org.noonmark.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
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
    private byte[] said = new byte[0];
    private ByteBuffer contents = NOTHING;
    private boolean isConnected;

    TlsConnection(SocketChannel channel, SSLEngine engine, ExecutorService workers) {
        this.channel = channel;
        this.engine = engine;
        this.workers = workers;
    }

    /** Whoever talks over the connection; called on a worker. */
    interface Conversation {
        /** Octets of the longest thing that the client may say. */
        int room();

        /** Whether the client has chosen a protocol that is spoken here; without one, what it names is empty. */
        boolean speaks(String applicationProtocol);

        /**
         * What to say, and nothing more after it; empty when the client has not said enough.
         *
         * @param said all that the client has said
         * @param length octets of it
         * @param isAll whether it will not say more
         */
        Optional<byte[]> answer(byte[] said, int length, boolean isAll, ExtendedSSLSession session) throws SSLException;
    }

    /**
     * Makes the connection, hears the client, says one answer and ends. A worker is asked once for each time that bytes have come: to
     * hand work over costs as much as a tenth of a handshake.
     *
     * @return whether an answer was said; not when no protocol is spoken
     * @throws SSLException when the two cannot agree, where the client was told; or when it breaks the protocol
     * @throws IOException when the connection breaks
     */
    boolean converse(Conversation with) throws IOException {
        Step step;
        do {
            // The client speaks first; nothing is worked out for one that does not.
            receive();
            step = proceed(with);
        } while (step == Step.HEAR);
        if (step == Step.ANSWERED) {
            channel.shutdownOutput();
        }
        return step == Step.ANSWERED;
    }

    private enum Step {
        /** There is more to say than {@link #out} holds. */
        SAY,
        /** The client is to go on. */
        HEAR,
        ANSWERED,
        /** No protocol is spoken. */
        ENDED
    }

    /** As far as what has come goes. */
    private Step proceed(Conversation with) throws IOException {
        Step step;
        do {
            try {
                step = onWorker(() -> isConnected || advance() ? hear(with) : stepOfHandshake());
            } catch (SSLException e) {
                if (!isConnected) {
                    tellWhy();
                }
                throw e;
            }
            flush();
        } while (step == Step.SAY);
        return step;
    }

    private Step stepOfHandshake() {
        return engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP ? Step.HEAR : Step.SAY;
    }

    private Step hear(Conversation with) throws SSLException {
        if (!isConnected) {
            isConnected = true;
            said = new byte[with.room()];
            contents = ByteBuffer.wrap(said);
            if (!with.speaks(applicationProtocol())) {
                return Step.ENDED;
            }
        }
        while (true) {
            SSLEngineResult result = decrypt();
            boolean isAll = result.getStatus() == Status.CLOSED;
            if (isAll || result.bytesProduced() > 0) {
                Optional<byte[]> answer =
                        with.answer(said, contents.position(), isAll, (ExtendedSSLSession) engine.getSession());
                if (answer.isPresent()) {
                    say(answer.get());
                    return Step.ANSWERED;
                }
                continue;
            }
            switch (result.getStatus()) {
                case BUFFER_OVERFLOW -> throw new SSLException("a record larger than any request");
                case BUFFER_UNDERFLOW -> {
                    return Step.HEAR;
                }
                default -> {
                    // A record of no contents: the next one may be here already. A client that wants other keys waits
                    // for an answer, and nothing is read from it any more: nobody needs that in a connection of one
                    // request.
                    if (result.bytesConsumed() == 0) {
                        throw new SSLException("a second handshake");
                    }
                }
            }
        }
    }

    private void say(byte[] answer) throws SSLException {
        ByteBuffer plain = ByteBuffer.wrap(answer);
        while (plain.hasRemaining()) {
            if (engine.wrap(plain, out).getStatus() != Status.OK) {
                throw new SSLException("an answer larger than a record");
            }
        }
        engine.closeOutbound();
        engine.wrap(NOTHING, out);
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

    private SSLEngineResult decrypt() throws SSLException {
        in.flip();
        SSLEngineResult result = engine.unwrap(in, contents);
        in.compact();
        return result;
    }

    private String applicationProtocol() {
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
