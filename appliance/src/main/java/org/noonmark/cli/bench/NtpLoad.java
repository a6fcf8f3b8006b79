package org.noonmark.cli.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.MacAlgorithm;
import org.noonmark.ntp.MacAuthenticator;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.ntp.SymmetricKey;
import org.noonmark.time.NtpTime;

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

    private static final int MOST_CLIENTS = 1 << 20;
    private static final int DESTINATION = 14 + 16;
    private static final int MAC_BYTES = 4 + 16;
    private static final int BURST = 16;

    /** Up to this rate each request leaves by itself, right after its clock reading, as real clients' do; above it there is no time for that. */
    private static final double MOST_ALONE = 100_000 / 1e9;

    private static final long LATE_NANOS = 20_000_000;
    private static final long LAST_ANSWERS_NANOS = 40_000_000;
    private static final int KEPT = 1 << 20;

    /** Requests are told apart by their transmit stamp: a number below this. */
    private static final int NUMBERS = 1 << 17;

    /** Different requests with a MAC, signed before. */
    private static final int SIGNED = 4_096;

    /** One in so many answers with a MAC is verified. */
    private static final int VERIFIED = 64;

    private final LoadCard card;
    private final MacAuthenticator authenticator = new MacAuthenticator(List.of(KEY));
    private final ByteBuffer signed = ByteBuffer.allocate(SIGNED * (NtpPacket.HEADER_LENGTH + MAC_BYTES));
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

    private NtpLoad(LoadCard card) {
        this.card = card;
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
        return LoadCard.run("ntp-load", args, List.of(LoadCard.PORT), card -> new NtpLoad(card)::turn);
    }

    private String turn(String[] words) {
        return turn(
                        LoadCard.mac(words[0]),
                        Integer.parseInt(words[1]),
                        Integer.parseInt(words[2]),
                        Double.parseDouble(words[3]) / 1e9,
                        Long.parseLong(words[4]) * 1_000_000,
                        Kind.valueOf(words[5].toUpperCase(Locale.ROOT)))
                .text();
    }

    private ResultLine turn(long server, int port, int clients, double perNano, long nanos, Kind asked) {
        kind = asked;
        Arrays.fill(lastReceive, 0);
        kept = 0;
        sent = 0;
        good = 0;
        late = 0;
        wrong = 0;
        return result(card.turn(
                nanos,
                LAST_ANSWERS_NANOS,
                since -> {
                    long due = Math.min((long) (since * perNano) - sent, BURST);
                    for (long i = 0; i < due && card.free() > 0; i++) {
                        ask(server, port, (int) (sent % clients));
                        if (perNano <= MOST_ALONE) {
                            card.flush();
                        }
                    }
                },
                this::take));
    }

    private ResultLine result(double seconds) {
        double mean = Arrays.stream(departures, 0, kept).average().orElse(Double.NaN);
        double offset = Arrays.stream(offsets, 0, kept).average().orElse(Double.NaN);
        for (int i = 0; i < kept; i++) {
            offsets[i] = Math.abs(offsets[i]);
        }
        LoadCard.sort(latencies, kept);
        LoadCard.sort(departures, kept);
        LoadCard.sort(offsets, kept);
        return new ResultLine()
                .put("sent", sent)
                .put("good", good)
                .put("late", late)
                .put("wrong", wrong)
                .put("measured", kept)
                .put("offered_rps", sent / seconds)
                .put("rps", (good - late) / seconds)
                .put("p50_us", LoadCard.micros(latencies, kept, 0.5))
                .put("p99_us", LoadCard.micros(latencies, kept, 0.99))
                .put("t3_mean_us", mean / 1e3)
                .put("t3_p1_us", LoadCard.micros(departures, kept, 0.01))
                .put("t3_p50_us", LoadCard.micros(departures, kept, 0.5))
                .put("t3_p99_us", LoadCard.micros(departures, kept, 0.99))
                .put("offset_mean_us", offset / 1e3)
                .put("offset_p99_us", LoadCard.micros(offsets, kept, 0.99));
    }

    private void ask(long server, int port, int client) {
        int number = (int) (sent % (kind == Kind.MAC ? SIGNED : NUMBERS));
        int length = NtpPacket.HEADER_LENGTH + (kind == Kind.MAC ? MAC_BYTES : 0);
        int start = card.begin(server, LoadCard.FIRST_CLIENT + client, LoadCard.PORT, port, length);
        NtpPacket packet = card.packet(start, NtpPacket.HEADER_LENGTH);
        if (kind == Kind.MAC) {
            card.frames().put(start + LoadCard.PAYLOAD, signed, number * length, length);
        } else {
            packet.setLeapVersionMode(0, 4, NtpPacket.MODE_CLIENT);
            packet.setTransmitTimestamp(number);
        }
        if (kind == Kind.INTERLEAVED && lastReceive[client] != 0) {
            packet.setOriginTimestamp(lastReceive[client]);
            packet.setReceiveTimestamp(NtpTime.ofUnixNanos(lastArrival[client]));
        }
        numberOf[client] = number;
        sentNanos[number] = LinuxTime.realtimeNanos();
        card.send(start, length);
        sent++;
    }

    private void take(int start, int length) {
        int payload = length - LoadCard.PAYLOAD;
        NtpPacket packet = card.packet(start, payload);
        boolean right = payload == NtpPacket.HEADER_LENGTH + (kind == Kind.MAC ? MAC_BYTES : 0)
                && packet.mode() == NtpPacket.MODE_SERVER
                && packet.stratum() == 1;
        int client = card.frames().getInt(start + DESTINATION) - LoadCard.FIRST_CLIENT;
        if (!right || client < 0 || client >= MOST_CLIENTS || !isSigned(packet)) {
            wrong++;
            return;
        }
        long arrived = card.stampNanos(start);
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
    private boolean isSigned(NtpPacket packet) {
        return kind != Kind.MAC
                || good % VERIFIED != 0
                || authenticator.verify(packet, NtpPacket.HEADER_LENGTH) == Disposition.ANSWERED;
    }
}
