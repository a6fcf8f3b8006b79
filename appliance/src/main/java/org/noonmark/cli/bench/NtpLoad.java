package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.time.NtpTime;
import org.noonmark.xdp.XdpAttachment;
import org.noonmark.xdp.XdpException;
import org.noonmark.xdp.XdpQueue;

/**
 * {@code bench ntp-load INTERFACE}, the clients of {@link NtpBench} as a process of its own: NTP requests at a given rate whatever the
 * answers do, as frames from many addresses of 10.128.0.0/9, by AF_XDP. Each line of its input is a turn, {@code MAC PORT CLIENTS RATE
 * MILLISECONDS}; each line of its output what came of it. Every answer is checked, and stamped where the interface takes it.
 */
public final class NtpLoad {
    /** The server of all requests: 10.77.0.1. */
    private static final int SERVER = 0x0a4d_0001;

    private static final int FIRST_CLIENT = 0x0a80_0001;
    private static final int PORT = 10_123;
    private static final int SENDING = XdpQueue.FRAMES / 2;
    private static final int UDP = 14 + 20;
    private static final int NTP = UDP + 8;
    private static final int LENGTH = NTP + NtpPacket.HEADER_LENGTH;
    private static final int BURST = 16;
    private static final int BATCH = 64;
    private static final long LATE_NANOS = 20_000_000;
    private static final long LAST_ANSWERS_NANOS = 40_000_000;
    private static final int KEPT = 1 << 20;

    private final XdpQueue queue;
    private final long mac;
    private final NtpPacket packet;
    private final int[] free = new int[SENDING];
    private int freeCount = SENDING;
    private final long[] latencies = new long[KEPT];
    private final long[] departures = new long[KEPT];
    private long sent;
    private int good;
    private long late;
    private long wrong;

    private NtpLoad(XdpQueue queue, long mac) {
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
            NtpLoad load = new NtpLoad(queue, attachment.mac());
            BufferedReader turns = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String turn = turns.readLine(); turn != null; turn = turns.readLine()) {
                String[] words = turn.split(" ", -1);
                System.out.println(load.turn(
                                HexFormat.fromHexDigitsToLong(words[0].replace(":", "")),
                                Integer.parseInt(words[1]),
                                Integer.parseInt(words[2]),
                                Double.parseDouble(words[3]),
                                Long.parseLong(words[4]) * 1_000_000)
                        .text());
            }
            return 0;
        } catch (XdpException | IOException e) {
            System.err.println("bench ntp-load: " + e.getMessage());
            return 1;
        }
    }

    private ResultLine turn(long server, int port, int clients, double perSecond, long nanos) {
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
                ask(server, port, FIRST_CLIENT + (int) (sent % clients));
            }
            if (due > 0) {
                int refused = queue.flush();
                for (int i = 0; i < refused; i++) {
                    free[freeCount++] = queue.refused(i);
                }
                sent -= refused;
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
        int kept = Math.min(good, KEPT);
        double mean = Arrays.stream(departures, 0, kept).average().orElse(Double.NaN);
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
                .put("t3_mean_us", mean / 1e3)
                .put("t3_p50_us", micros(departed, 0.5))
                .put("t3_p99_us", micros(departed, 0.99));
    }

    private static double micros(long[] sorted, double quantile) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) (quantile * (sorted.length - 1))] / 1e3;
    }

    private void ask(long server, int port, int client) {
        ByteBuffer frames = queue.frames();
        int start = free[--freeCount];
        frames.putLong(start, server << 16 | mac >>> 32);
        frames.putInt(start + 8, (int) mac);
        frames.putShort(start + 12, (short) 0x0800);
        int ip = start + 14;
        frames.putInt(ip, 0x4500_0000 | LENGTH - 14);
        frames.putInt(ip + 4, 0x4000);
        frames.putInt(ip + 8, 64 << 24 | 17 << 16);
        frames.putInt(ip + 12, client);
        frames.putInt(ip + 16, SERVER);
        frames.putShort(ip + 10, (short) ~sum(frames, ip, 20));
        frames.putShort(start + UDP, (short) PORT);
        frames.putShort(start + UDP + 2, (short) port);
        // IPv4 allows to leave the checksum out.
        frames.putInt(start + UDP + 4, (8 + NtpPacket.HEADER_LENGTH) << 16);
        for (int at = start + NTP; at < start + LENGTH; at += Long.BYTES) {
            frames.putLong(at, 0);
        }
        packet.wrap(frames, start + NTP, NtpPacket.HEADER_LENGTH);
        packet.setLeapVersionMode(0, 4, NtpPacket.MODE_CLIENT);
        // What comes back as origin tells when it left; a real client's would be random bits.
        packet.setTransmitTimestamp(LinuxTime.realtimeNanos());
        queue.send(start, LENGTH);
        sent++;
    }

    private void hear(int milliseconds) {
        int left = queue.countLeft();
        for (int i = 0; i < left; i++) {
            free[freeCount++] = queue.left(i) & -XdpQueue.FRAME_BYTES;
        }
        if (left > 0) {
            queue.forgetLeft(left);
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
        packet.wrap(queue.frames(), start + NTP, length - NTP);
        boolean right = length >= LENGTH
                && packet.mode() == NtpPacket.MODE_SERVER
                && packet.stratum() == 1
                && packet.transmitTimestamp() - packet.receiveTimestamp() >= 0;
        if (!right) {
            wrong++;
            return;
        }
        long arrived = queue.stampNanos(start);
        long latency = arrived - packet.originTimestamp();
        if (latency > LATE_NANOS) {
            late++;
        }
        if (good < KEPT) {
            latencies[good] = latency;
            departures[good] = arrived - NtpTime.toUnixNanos(packet.transmitTimestamp(), arrived);
        }
        good++;
    }

    /** The ones' complement sum of 16-bit words. */
    private static int sum(ByteBuffer frames, int from, int length) {
        int sum = 0;
        for (int at = from; at < from + length; at += 2) {
            sum += at == from + 10 ? 0 : frames.getShort(at) & 0xffff;
        }
        sum = (sum >>> 16) + (sum & 0xffff);
        return (sum >>> 16) + (sum & 0xffff);
    }
}
