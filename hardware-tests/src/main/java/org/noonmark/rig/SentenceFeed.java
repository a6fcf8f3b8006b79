package org.noonmark.rig;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A receiver on a TCP port of the loopback: says the present second to each who connects, by this machine's clock, so long after it has begun.
 * gpsd gives the time of such a one on, but not of one at a pseudo-terminal.
 */
final class SentenceFeed implements AutoCloseable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HHmmss.00").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("ddMMyy").withZone(ZoneOffset.UTC);

    private final ServerSocket listener;
    private final long lateMillis;
    private final List<Socket> listeners = new CopyOnWriteArrayList<>();

    private SentenceFeed(ServerSocket listener, long lateMillis) {
        this.listener = listener;
        this.lateMillis = lateMillis;
    }

    /** Begins to listen. */
    static SentenceFeed start(long lateMillis) throws IOException {
        SentenceFeed feed = new SentenceFeed(new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1")), lateMillis);
        Thread.ofVirtual().start(feed::accept);
        Thread.ofPlatform().daemon().name("sentences").start(feed::speak);
        return feed;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                listeners.add(listener.accept());
            }
        } catch (IOException e) {
            // Closed: the rig is over.
        }
    }

    private void speak() {
        try {
            while (!listener.isClosed()) {
                Instant now = Instant.now();
                long second = now.getEpochSecond() + 1;
                Thread.sleep(Math.max(0, second * 1_000 + lateMillis - now.toEpochMilli()));
                byte[] burst = burst(Instant.ofEpochSecond(second)).getBytes(StandardCharsets.US_ASCII);
                listeners.forEach(socket -> say(socket, burst));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(Socket socket, byte[] burst) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(burst);
            out.flush();
        } catch (IOException e) {
            listeners.remove(socket);
        }
    }

    private static String burst(Instant second) {
        String time = TIME.format(second);
        return sentence("GPGGA," + time + ",4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,")
                + sentence("GPGSA,A,3,04,05,09,12,24,25,29,31,,,,,1.8,1.0,1.5")
                + sentence("GPRMC," + time + ",A,4807.038,N,01131.000,E,000.0,000.0," + DATE.format(second) + ",,,A");
    }

    private static String sentence(String body) {
        int sum = body.chars().reduce(0, (a, b) -> a ^ b);
        return "$%s*%02X\r\n".formatted(body, sum);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : listeners) {
            socket.close();
        }
    }
}
