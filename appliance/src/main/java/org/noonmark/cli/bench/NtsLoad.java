package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.nts.NtsClient;
import org.noonmark.time.NtpTime;
import org.noonmark.xdp.XdpAttachment;
import org.noonmark.xdp.XdpException;
import org.noonmark.xdp.XdpQueue;

/**
 * {@code bench nts-load INTERFACE}, the clients of {@link NtsBench} as a process of its own: requests with NTS that were made before, at a
 * given rate whatever the answers do, as frames from many addresses of 10.128.0.0/9, by AF_XDP. A line {@code load PORT FILE} of its
 * input gives it the sessions with the server at that port; a line {@code MAC PORT CLIENTS RATE MILLISECONDS} is a turn. Of every answer
 * length, header and origin are checked, and the authenticator of one in {@value #CHECKED}.
 */
public final class NtsLoad {
    private static final int SERVER = 0x0a4d_0001;
    private static final int FIRST_CLIENT = 0x0a80_0001;
    private static final int PORT = 10_123;
    private static final int SENDING = XdpQueue.FRAMES / 2;
    private static final int NTP = 14 + 20 + 8;
    private static final int SOURCE_PORT = 14 + 20;
    private static final int UNSYNCHRONISED = 3;
    private static final int BURST = 16;
    private static final int BATCH = 64;
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

    private final XdpQueue queue;
    private final long mac;
    private final NtpPacket packet;
    private final Map<Integer, Prepared> servers = new HashMap<>();
    private final int[] free = new int[SENDING];
    private int freeCount = SENDING;
    private final long[] leftNanos = new long[REQUESTS];
    private final long[] latencies = new long[KEPT];
    private final long[] departures = new long[KEPT];
    private int port;
    private long sent;
    private int good;
    private long late;
    private long wrong;

    private NtsLoad(XdpQueue queue, long mac) {
        this.queue = queue;
        this.mac = mac;
        this.packet = new NtpPacket(queue.frames(), 0, 0);
        for (int i = 0; i < SENDING; i++) {
            free[i] = (SENDING + i) * XdpQueue.FRAME_BYTES;
        }
    }

    /** Runs until its input ends. */
    public static int run(String[] args) {
        try (XdpAttachment attachment = XdpAttachment.openForAll(args[0], List.of(PORT), SENDING);
                XdpQueue queue = attachment.queues().getFirst()) {
            NtsLoad load = new NtsLoad(queue, attachment.mac());
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("load")) {
                    load.servers.put(Integer.parseInt(words[1]), Prepared.of(NtsSession.read(Path.of(words[2]))));
                    System.out.println("loaded");
                } else {
                    System.out.println(load.turn(
                                    HexFormat.fromHexDigitsToLong(words[0].replace(":", "")),
                                    Integer.parseInt(words[1]),
                                    Integer.parseInt(words[2]),
                                    Double.parseDouble(words[3]),
                                    Long.parseLong(words[4]) * 1_000_000)
                            .text());
                }
            }
            return 0;
        } catch (XdpException | IOException e) {
            System.err.println("bench nts-load: " + e.getMessage());
            return 1;
        }
    }

    private ResultLine turn(long server, int serverPort, int clients, double perSecond, long nanos) {
        port = serverPort;
        Prepared prepared = servers.get(port);
        if (prepared == null) {
            throw new IllegalStateException("nothing loaded for port " + port);
        }
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
                ask(prepared, server, FIRST_CLIENT + (int) (sent % clients));
            }
            if (due > 0) {
                queue.flush();
            }
            hear(prepared, 0);
            now = LinuxTime.monotonicNanos();
        }
        long end = now;
        while (now - end < LAST_ANSWERS_NANOS) {
            hear(prepared, 1);
            now = LinuxTime.monotonicNanos();
        }
        return result((end - begin) / 1e9);
    }

    private ResultLine result(double seconds) {
        int kept = Math.min(good, KEPT);
        long[] sorted = Arrays.copyOf(latencies, kept);
        Arrays.sort(sorted);
        long[] departed = Arrays.copyOf(departures, kept);
        Arrays.sort(departed);
        return new ResultLine()
                .put("sent", sent)
                .put("good", good)
                .put("late", late)
                .put("wrong", wrong)
                .put("offered_rps", sent / seconds)
                .put("rps", (good - late) / seconds)
                .put("p50_us", micros(sorted, 0.5))
                .put("p99_us", micros(sorted, 0.99))
                .put("t3_p50_us", micros(departed, 0.5))
                .put("t3_p99_us", micros(departed, 0.99));
    }

    private static double micros(long[] sorted, double quantile) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) (quantile * (sorted.length - 1))] / 1e3;
    }

    private void ask(Prepared prepared, long server, int client) {
        int index = (int) (sent % REQUESTS);
        byte[] request = prepared.requests().get(index);
        ByteBuffer frames = queue.frames();
        int start = free[--freeCount];
        Frame.write(frames, start, server, mac, client, SERVER, PORT, port, request.length);
        frames.put(start + NTP, request);
        leftNanos[index] = LinuxTime.realtimeNanos();
        queue.send(start, NTP + request.length);
        sent++;
    }

    private void hear(Prepared prepared, int milliseconds) {
        int left = queue.countLeft();
        for (int i = 0; i < left; i++) {
            free[freeCount++] = queue.left(i) & -XdpQueue.FRAME_BYTES;
        }
        int there = Math.min(queue.await(milliseconds), BATCH);
        for (int i = 0; i < there; i++) {
            take(prepared, queue.start(i), queue.length(i));
            queue.fill(queue.start(i));
        }
        if (there > 0) {
            queue.take(there);
        }
    }

    private void take(Prepared prepared, int start, int length) {
        packet.wrap(queue.frames(), start + NTP, length - NTP);
        // Late answers of the server that had the turn before, and those that took ours a second, which it does not
        // vouch for, are lost.
        boolean lost = length < NTP + NtpPacket.HEADER_LENGTH
                || (queue.frames().getShort(start + SOURCE_PORT) & 0xffff) != port
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
                && (good % CHECKED != 0 || isAuthentic(prepared, index));
        if (!right) {
            wrong++;
            return;
        }
        long arrived = queue.stampNanos(start);
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

    private boolean isAuthentic(Prepared prepared, int index) {
        byte[] answer = new byte[packet.length()];
        packet.copyTo(answer, answer.length);
        return prepared.clients()
                .get(index)
                .open(answer, prepared.requests().get(index))
                .filter(cookies -> cookies.size() == 1)
                .isPresent();
    }
}
