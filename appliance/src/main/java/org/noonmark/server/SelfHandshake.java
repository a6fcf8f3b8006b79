package org.noonmark.server;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * A handshake of the server with itself, in memory: it shows that keys and certificates really make a TLS connection before any client is
 * given them, and makes Java load what the first client would else have to wait for.
 */
public final class SelfHandshake {
    /** Far more turns than a handshake has. */
    private static final int MOST_TURNS = 1_000;

    private SelfHandshake() {}

    /**
     * Shakes hands once.
     *
     * @throws SSLException when no connection comes about; the message says why
     */
    public static void run(SSLContext context) throws SSLException {
        SSLEngine server = KeyEstablishmentServer.engine(context);
        SSLEngine client = client();
        int bytes = server.getSession().getPacketBufferSize() * 2;
        ByteBuffer toServer = ByteBuffer.allocate(bytes);
        ByteBuffer toClient = ByteBuffer.allocate(bytes);
        client.beginHandshake();
        server.beginHandshake();
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            advance(client, toClient, toServer);
            advance(server, toServer, toClient);
            if (isDone(client) && isDone(server)) {
                client.closeOutbound();
                return;
            }
        }
        throw new SSLException("the handshake does not end");
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void advance(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                Runnable task = engine.getDelegatedTask();
                if (task != null) {
                    task.run();
                }
            }
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                in.flip();
                engine.unwrap(in, ByteBuffer.allocate(in.capacity()));
                in.compact();
            }
            case FINISHED, NOT_HANDSHAKING -> {}
        }
    }

    private static SSLEngine client() {
        SSLEngine engine = AnyServer.trusting().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {KeConnection.PROTOCOL});
        engine.setSSLParameters(parameters);
        return engine;
    }
}
