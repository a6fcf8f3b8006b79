package org.noonmark.acme;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;

/**
 * By HTTP (RFC 8555, section 8.3): a port that is open while the service asks, and answers one question alone. Each connection is one
 * request of bounded length and time; who holds all of them delays the proof and nothing else.
 */
public final class HttpProof implements NameProof {
    /** The port is closed then, whatever holds the order up. */
    private static final Duration LONGEST_OPEN = Duration.ofMinutes(6);
    /** When no connection can be taken, as nothing more can be opened. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final int PATIENCE_MILLIS = 5_000;
    private static final int MOST_REQUEST_BYTES = 1_024;
    private static final int MOST_CONNECTIONS = 64;
    private static final String PLACE = "/.well-known/acme-challenge/";

    private final int port;

    /** @param port TCP, on all addresses */
    public HttpProof(int port) {
        this.port = port;
    }

    @Override
    public Shown show(Authorization authorization, String name) throws OrderFailedException {
        Http01Challenge challenge = authorization
                .findChallenge(Http01Challenge.class)
                .orElseThrow(() ->
                        new OrderFailedException("the service offers no challenge by HTTP: use 'hook' for one by DNS"));
        String token = challenge.getToken();
        String answer = challenge.getAuthorization();
        ServerSocket socket = open();
        Thread.ofVirtual().name("acme-http").start(() -> answer(socket, token, answer));
        Thread end = Thread.ofVirtual().name("acme-http-end").start(() -> endLater(socket));
        return new Shown() {
            @Override
            public Challenge challenge() {
                return challenge;
            }

            @Override
            public void close() {
                end.interrupt();
                end(socket);
            }
        };
    }

    @Override
    public String cure(String name) {
        return "port 80 of " + name + " must lead to "
                + (port == 80 ? "this server" : "port " + port + " of this server") + " while it is asked";
    }

    private ServerSocket open() throws OrderFailedException {
        ServerSocket socket = null;
        try {
            socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return socket;
        } catch (IOException e) {
            if (socket != null) {
                end(socket);
            }
            throw new OrderFailedException(
                    "TCP port " + port + " cannot be opened for the challenge (" + e.getMessage()
                            + "): see 'ss -ltnp' for who has it",
                    e);
        }
    }

    private static void answer(ServerSocket port, String token, String authorization) {
        Semaphore places = new Semaphore(MOST_CONNECTIONS);
        while (!port.isClosed()) {
            try {
                Socket socket = port.accept();
                if (places.tryAcquire()) {
                    Thread.ofVirtual().name("acme-http-client").start(() -> {
                        try {
                            answer(socket, token, authorization);
                        } finally {
                            places.release();
                        }
                    });
                } else {
                    socket.close();
                }
            } catch (IOException e) {
                // The next one may be the service.
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static void endLater(ServerSocket socket) {
        try {
            Thread.sleep(LONGEST_OPEN);
            end(socket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(Socket socket, String token, String authorization) {
        try (socket) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            boolean right = beginning(socket).startsWith("GET " + PLACE + token + " ");
            String status = right ? "200 OK" : "404 Not Found";
            String body = right ? authorization : "";
            String head = "HTTP/1.1 " + status + "\r\nContent-Type: application/octet-stream\r\nContent-Length: "
                    + body.length() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // Whoever has gone, or says nothing, gets nothing.
        }
    }

    /** A request is a small packet: what comes with it at once is enough. */
    private static String beginning(Socket socket) throws IOException {
        byte[] bytes = new byte[MOST_REQUEST_BYTES];
        int length = socket.getInputStream().read(bytes);
        return new String(bytes, 0, Math.max(0, length), StandardCharsets.US_ASCII);
    }

    private static void end(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It answers nobody any more either way.
        }
    }
}
