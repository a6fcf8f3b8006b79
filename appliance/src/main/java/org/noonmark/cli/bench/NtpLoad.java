package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.MacAlgorithm;
import org.noonmark.ntp.MacAuthenticator;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.SymmetricKey;
import org.noonmark.time.NtpTime;
import org.noonmark.xdp.XdpAttachment;
import org.noonmark.xdp.XdpException;
import org.noonmark.xdp.XdpQueue;

/**
 * {@code bench ntp-load INTERFACE}, the clients of {@link NtpBench} as a process of its own: NTP requests at a given rate whatever the
 * answers do, as frames from many addresses of 10.128.0.0/9, by AF_XDP. Each line of its input is a turn, {@code MAC PORT CLIENTS RATE
 * MILLISECONDS KIND}; each line of its output what came of it. Every answer is checked, and stamped where the interface takes it.
 */
public final class NtpLoad {
    /** The key of requests with a MAC. */
    static final SymmetricKey KEY =
            new SymmetricKey(1, MacAlgorithm.AES128, "0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

    /** What is asked. */
    enum Kind {
        PLAIN,
        MAC,
        /** Each request brings back the stamps of the answer before; counted are interleaved answers alone. */
        INTERLEAVED
    }

    /** The server of all requests: 10.77.0.1. */
    private static final int SERVER = 0x0a4d_0001;

    private static final int FIRST_CLIENT = 0x0a80_0001;
    private static final int MOST_CLIENTS = 1 << 20;
    private static final int PORT = 10_123;
    private static final int SENDING = XdpQueue.FRAMES / 2;
    private static final int UDP = 14 + 20;
    private static final int NTP = UDP + 8;
    private static final int MAC_BYTES = 4 + 16;
    private static final int BURST = 16;
    private static final int BATCH = 64;
    private static final long LATE_NANOS = 20_000_000;
    private static final long LAST_ANSWERS_NANOS = 40_000_000;
    private static final int KEPT = 1 << 20;

    /** Requests are told apart by their transmit stamp: a number below this. */
    private static final int NUMBERS = 1 << 17;

    /** Different requests with a MAC, signed before. */
    private static final int SIGNED = 4_096;

    /** One in so many answers with a MAC is verified. */
    private static final int VERIFIED = 64;

    private final XdpQueue queue;
    private final long mac;
    private final NtpPacket packet;
    private final MacAuthenticator authenticator = new MacAuthenticator(List.of(KEY));
    private final ByteBuffer signed = ByteBuffer.allocate(SIGNED * (NtpPacket.HEADER_LENGTH + MAC_BYTES));
    private final int[] free = new int[SENDING];
    private int freeCount = SENDING;
    private final long[] sentNanos = new long[NUMBERS];
    private final int[] numberOf = new int[MOST_CLIENTS];
    private final long[] lastReceive = new long[MOST_CLIENTS];
    private final long[] lastArrival = new long[MOST_CLIENTS];
    private final long[] latencies = new long[KEPT];
    private final long[] departures = new long[KEPT];
    private final long[] offsets = new long[KEPT];
    private Kind kind = Kind.PLAIN;
    private long sent;
    private int good;
    private long late;
    private long wrong;
    private int kept;

    private NtpLoad(XdpQueue queue, long mac) {
        this.queue = queue;
        this.mac = mac;
        this.packet = new NtpPacket(queue.frames(), 0, 0);
        for (int i = 0; i < SENDING; i++) {
            free[i] = (SENDING + i) * XdpQueue.FRAME_BYTES;
        }
        int length = NtpPacket.HEADER_LENGTH + MAC_BYTES;
        for (int i = 0; i < SIGNED; i++) {
            NtpPacket request = new NtpPacket(signed, i * length, length);
            request.setLeapVersionMode(0, 4, NtpPacket.MODE_CLIENT);
            request.setTransmitTimestamp(i);
            authenticator.sign(request, KEY.id());
        }
    }

    /** Runs until its input ends. */
    public static int run(String[] args) {
        try (XdpAttachment attachment = XdpAttachment.openForAll(args[0], List.of(PORT), SENDING);
                XdpQueue queue = attachment.queues().getFirst()) {
            NtpLoad load = new NtpLoad(queue, attachment.mac());
            BufferedReader turns = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String turn = turns.readLine(); turn != null; turn = turns.readLine()) {
                String[] words = turn.split(" ", -1);
                System.out.println(load.turn(
                                HexFormat.fromHexDigitsToLong(words[0].replace(":", "")),
                                Integer.parseInt(words[1]),
                                Integer.parseInt(words[2]),
                                Double.parseDouble(words[3]),
                                Long.parseLong(words[4]) * 1_000_000,
                                Kind.valueOf(words[5].toUpperCase(Locale.ROOT)))
                        .text());
            }
            return 0;
        } catch (XdpException | IOException e) {
            System.err.println("bench ntp-load: " + e.getMessage());
            return 1;
        }
    }

    private ResultLine turn(long server, int port, int clients, double perSecond, long nanos, Kind asked) {
        kind = asked;
        Arrays.fill(lastReceive, 0);
        kept = 0;
        sent = 0;
        good = 0;
        late = 0;
        wrong = 0;
        long begin = LinuxTime.monotonicNanos();
        long now = begin;
        double perNano = perSecond / 1e9;
        while (now - begin < nanos) {
            long due = Math.min((long) ((now - begin) * perNano) - sent, BURST);
            for (long i = 0; i < due && freeCount > 0; i++) {
                ask(server, port, (int) (sent % clients));
            }
            if (due > 0) {
                queue.flush();
            }
            hear(0);
            now = LinuxTime.monotonicNanos();
        }
        long end = now;
        while (now - end < LAST_ANSWERS_NANOS) {
            hear(1);
            now = LinuxTime.monotonicNanos();
        }
        return result((end - begin) / 1e9);
    }

    private ResultLine result(double seconds) {
        double mean = Arrays.stream(departures, 0, kept).average().orElse(Double.NaN);
        double offset = Arrays.stream(offsets, 0, kept).average().orElse(Double.NaN);
        for (int i = 0; i < kept; i++) {
            offsets[i] = Math.abs(offsets[i]);
        }
        Arrays.sort(latencies, 0, kept);
        Arrays.sort(departures, 0, kept);
        Arrays.sort(offsets, 0, kept);
        return new ResultLine()
                .put("sent", sent)
                .put("good", good)
                .put("late", late)
                .put("wrong", wrong)
                .put("measured", kept)
                .put("offered_rps", sent / seconds)
                .put("rps", (good - late) / seconds)
                .put("p50_us", micros(latencies, 0.5))
                .put("p99_us", micros(latencies, 0.99))
                .put("t3_mean_us", mean / 1e3)
                .put("t3_p1_us", micros(departures, 0.01))
                .put("t3_p50_us", micros(departures, 0.5))
                .put("t3_p99_us", micros(departures, 0.99))
                .put("offset_mean_us", offset / 1e3)
                .put("offset_p99_us", micros(offsets, 0.99));
    }

    private double micros(long[] sorted, double quantile) {
        return kept == 0 ? Double.NaN : sorted[(int) (quantile * (kept - 1))] / 1e3;
    }

    private void ask(long server, int port, int client) {
        int number = (int) (sent % (kind == Kind.MAC ? SIGNED : NUMBERS));
        int start = free[--freeCount];
        int length = NtpPacket.HEADER_LENGTH + (kind == Kind.MAC ? MAC_BYTES : 0);
        Frame.write(queue.frames(), start, server, mac, FIRST_CLIENT + client, SERVER, PORT, port, length);
        if (kind == Kind.MAC) {
            queue.frames().put(start + NTP, signed, number * length, length);
        } else {
            packet.wrap(queue.frames(), start + NTP, NtpPacket.HEADER_LENGTH);
            packet.setLeapVersionMode(0, 4, NtpPacket.MODE_CLIENT);
            packet.setTransmitTimestamp(number);
        }
        if (kind == Kind.INTERLEAVED && lastReceive[client] != 0) {
            packet.setOriginTimestamp(lastReceive[client]);
            packet.setReceiveTimestamp(NtpTime.ofUnixNanos(lastArrival[client]));
        }
        numberOf[client] = number;
        sentNanos[number] = LinuxTime.realtimeNanos();
        queue.send(start, NTP + length);
        sent++;
    }

    private void hear(int milliseconds) {
        int left = queue.countLeft();
        for (int i = 0; i < left; i++) {
            free[freeCount++] = queue.left(i) & -XdpQueue.FRAME_BYTES;
        }
        int there = Math.min(queue.await(milliseconds), BATCH);
        for (int i = 0; i < there; i++) {
            take(queue.start(i), queue.length(i));
            queue.fill(queue.start(i));
        }
        if (there > 0) {
            queue.take(there);
        }
    }

    private void take(int start, int length) {
        int payload = length - NTP;
        packet.wrap(queue.frames(), start + NTP, payload);
        boolean right = payload == NtpPacket.HEADER_LENGTH + (kind == Kind.MAC ? MAC_BYTES : 0)
                && packet.mode() == NtpPacket.MODE_SERVER
                && packet.stratum() == 1;
        int client = queue.frames().getInt(start + NTP - 12) - FIRST_CLIENT;
        if (!right || client < 0 || client >= MOST_CLIENTS || !isSigned()) {
            wrong++;
            return;
        }
        long arrived = queue.stampNanos(start);
        long origin = packet.originTimestamp();
        boolean interleaved = lastReceive[client] != 0 && origin == NtpTime.ofUnixNanos(lastArrival[client]);
        int number = interleaved ? numberOf[client] : (int) (origin & NUMBERS - 1);
        long latency = arrived - sentNanos[number];
        if (latency > LATE_NANOS) {
            late++;
        }
        good++;
        if (kept < KEPT && (kind != Kind.INTERLEAVED || interleaved)) {
            // An interleaved answer tells when the one before it left.
            long left = NtpTime.toUnixNanos(packet.transmitTimestamp(), arrived);
            long received = NtpTime.toUnixNanos(packet.receiveTimestamp(), arrived);
            latencies[kept] = latency;
            departures[kept] = (interleaved ? lastArrival[client] : arrived) - left;
            offsets[kept] = interleaved ? 0 : (received - sentNanos[number] + left - arrived) / 2;
            kept++;
        }
        lastReceive[client] = packet.receiveTimestamp();
        lastArrival[client] = arrived;
    }

    /** Whether the answer is from who has the key, as far as it is looked at. */
    private boolean isSigned() {
        return kind != Kind.MAC
                || good % VERIFIED != 0
                || authenticator.verify(packet, NtpPacket.HEADER_LENGTH) == Disposition.ANSWERED;
    }
}
