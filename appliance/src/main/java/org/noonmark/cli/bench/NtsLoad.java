package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.nts.NtsClient;
import org.noonmark.time.NtpTime;

/**
 * {@code bench nts-load INTERFACE}, the clients of {@link NtsBench} as a process of its own: requests with NTS that were made before, at a
 * given rate whatever the answers do, as frames from many addresses of 10.128.0.0/9, by AF_XDP. A line {@code load PORT FILE} of its
 * input gives it the sessions with the server at that port; a line {@code MAC PORT CLIENTS RATE MILLISECONDS} is a turn. Of every answer
 * length, header and origin are checked, and the authenticator of one in {@value #CHECKED}.
 */
public final class NtsLoad {
    private static final int UNSYNCHRONISED = 3;
    private static final int BURST = 16;
    private static final long LATE_NANOS = 20_000_000;
    private static final long LAST_ANSWERS_NANOS = 40_000_000;
    private static final int KEPT = 1 << 20;
    /** Different requests to each server. */
    private static final int REQUESTS = 8_192;

    private static final int CHECKED = 1_024;

    /** All requests to one server, and whose they are. */
    private record Prepared(List<byte[]> requests, List<NtsClient> clients) {
        private static Prepared of(List<NtsSession> sessions) {
            List<byte[]> requests = new ArrayList<>(REQUESTS);
            List<NtsClient> clients = new ArrayList<>(REQUESTS);
            List<NtsClient> all = new ArrayList<>();
            Random random = new Random(1);
            for (NtsSession session : sessions) {
                all.add(new NtsClient(session.aead(), session.c2s(), session.s2c(), random));
            }
            for (int i = 0; i < REQUESTS; i++) {
                NtsSession session = sessions.get(i % sessions.size());
                List<byte[]> cookies = session.cookies();
                NtsClient client = all.get(i % sessions.size());
                byte[] cookie = cookies.get(i / sessions.size() % cookies.size());
                clients.add(client);
                requests.add(client.request(cookie, 0, 1L << 32 | i));
            }
            return new Prepared(requests, clients);
        }
    }

    private final LoadCard card;
    private final Map<Integer, Prepared> servers = new HashMap<>();
    private final long[] leftNanos = new long[REQUESTS];
    private final long[] latencies = new long[KEPT];
    private final long[] departures = new long[KEPT];
    private int port;
    private long sent;
    private int good;
    private long late;
    private long wrong;

    private NtsLoad(LoadCard card) {
        this.card = card;
    }

    /** Runs until its input ends. */
    public static int run(String[] args) {
        return LoadCard.run("nts-load", args, List.of(LoadCard.PORT), card -> new NtsLoad(card)::command);
    }

    private String command(String[] words) throws IOException {
        if (words[0].equals("load")) {
            servers.put(Integer.parseInt(words[1]), Prepared.of(NtsSession.read(Path.of(words[2]))));
            return "loaded";
        }
        return turn(
                        LoadCard.mac(words[0]),
                        Integer.parseInt(words[1]),
                        Integer.parseInt(words[2]),
                        Double.parseDouble(words[3]) / 1e9,
                        Long.parseLong(words[4]) * 1_000_000)
                .text();
    }

    private ResultLine turn(long server, int serverPort, int clients, double perNano, long nanos) {
        port = serverPort;
        Prepared prepared = servers.get(port);
        if (prepared == null) {
            throw new IllegalStateException("nothing loaded for port " + port);
        }
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
                        ask(prepared, server, LoadCard.FIRST_CLIENT + (int) (sent % clients));
                    }
                },
                (start, length) -> take(prepared, start, length)));
    }

    private ResultLine result(double seconds) {
        int kept = Math.min(good, KEPT);
        LoadCard.sort(latencies, kept);
        LoadCard.sort(departures, kept);
        return new ResultLine()
                .put("sent", sent)
                .put("good", good)
                .put("late", late)
                .put("wrong", wrong)
                .put("offered_rps", sent / seconds)
                .put("rps", (good - late) / seconds)
                .put("p50_us", LoadCard.micros(latencies, kept, 0.5))
                .put("p99_us", LoadCard.micros(latencies, kept, 0.99))
                .put("t3_p50_us", LoadCard.micros(departures, kept, 0.5))
                .put("t3_p99_us", LoadCard.micros(departures, kept, 0.99));
    }

    private void ask(Prepared prepared, long server, int client) {
        int index = (int) (sent % REQUESTS);
        byte[] request = prepared.requests().get(index);
        int start = card.begin(server, client, LoadCard.PORT, port, request.length);
        card.frames().put(start + LoadCard.PAYLOAD, request);
        leftNanos[index] = LinuxTime.realtimeNanos();
        card.send(start, request.length);
        sent++;
    }

    private void take(Prepared prepared, int start, int length) {
        NtpPacket packet = card.packet(start, length - LoadCard.PAYLOAD);
        // Lost are late answers of the server that had the turn before,
        // and those that ours does not vouch for, as they took a second.
        boolean lost = length < LoadCard.PAYLOAD + NtpPacket.HEADER_LENGTH
                || (card.frames().getShort(start + LoadCard.SOURCE_PORT) & 0xffff) != port
                || packet.leapIndicator() == UNSYNCHRONISED;
        if (lost) {
            return;
        }
        int index = (int) packet.originTimestamp();
        boolean right = index >= 0
                && index < REQUESTS
                && packet.originTimestamp() >>> 32 == 1
                && packet.length() == prepared.requests().get(index).length
                && packet.mode() == NtpPacket.MODE_SERVER
                && packet.stratum() == 1
                && (good % CHECKED != 0 || isAuthentic(packet, prepared, index));
        if (!right) {
            wrong++;
            return;
        }
        long arrived = card.stampNanos(start);
        long latency = arrived - leftNanos[index];
        if (latency > LATE_NANOS) {
            late++;
        }
        if (good < KEPT) {
            latencies[good] = latency;
            departures[good] = arrived - NtpTime.toUnixNanos(packet.transmitTimestamp(), arrived);
        }
        good++;
    }

    private static boolean isAuthentic(NtpPacket packet, Prepared prepared, int index) {
        byte[] answer = new byte[packet.length()];
        packet.copyTo(answer, answer.length);
        return prepared.clients()
                .get(index)
                .open(answer, prepared.requests().get(index))
                .filter(cookies -> cookies.size() == 1)
                .isPresent();
    }
}
