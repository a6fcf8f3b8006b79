package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.MacAuthenticator;
import org.noonmark.ntp.NtpPacket;
import org.noonmark.xdp.XdpAttachment;
import org.noonmark.xdp.XdpException;
import org.noonmark.xdp.XdpQueue;

/**
 * {@code bench flood-load INTERFACE}, what {@link FloodBench} sends: forged requests at a rate, and honest clients among them. Each line of its
 * input is a turn, {@code MAC PORT KIND RATE MILLISECONDS}; each line of its output tells who was answered.
 */
public final class FloodLoad {
    /** Whose addresses are forged. */
    enum Kind {
        NONE,
        /** Addresses that no rule allows. */
        OUTSIDE,
        /** Any of the allowed network. */
        INSIDE,
        /** The one of {@link #VICTIM}. */
        VICTIM
    }

    /** Clients that ask all the time, once a second each. */
    static final int HONEST = 500;

    /** Requests in a row, 20 ms apart, of which one has to be answered. */
    static final int RETRIES = 8;

    private static final int SERVER = 0x0a4d_0001;
    private static final int FIRST_HONEST = 0x0a80_0001;
    private static final int FIRST_NEW = 0x0a90_0001;
    private static final int VICTIM = 0x0a81_0001;
    private static final int OUTSIDE_NETWORK = 0xac10_0000;
    private static final int INSIDE_NETWORK = 0x0ac0_0000;
    private static final int PORT = 10_123;
    private static final int FLOOD_PORT = 20_123;
    private static final int SENDING = XdpQueue.FRAMES / 2;
    private static final int NTP = 14 + 20 + 8;
    private static final int MAC_BYTES = 4 + 16;
    private static final int BURST = 64;
    /** Of the frames, kept free for honest clients. */
    private static final int RESERVE = 64;

    private static final int NUMBERS = 1 << 16;
    private static final long NANOS = 1_000_000_000L;
    private static final long HONEST_NANOS = NANOS / HONEST;
    private static final long NEW_NANOS = NANOS / 100;
    private static final long POLL_NANOS = NANOS / 2;
    private static final long RETRY_NANOS = NANOS / 50;
    private static final long MAC_NANOS = NANOS / 20;
    private static final long LAST_ANSWERS_NANOS = NANOS / 2;

    /** Who asks; counted apart. */
    private enum Asker {
        HONEST,
        NEW,
        VICTIM,
        VICTIM_MAC
    }

    private static final class Tally {
        private long asked;
        private long answered;

        double share() {
            return (double) answered / asked;
        }
    }

    private final XdpQueue queue;
    private final long mac;
    private final NtpPacket packet;
    private final MacAuthenticator authenticator = new MacAuthenticator(List.of(NtpLoad.KEY));
    private final SplittableRandom random = new SplittableRandom(1);
    private final int[] free = new int[SENDING];
    private int freeCount = SENDING;
    private final Asker[] askerOf = new Asker[NUMBERS];
    private final boolean[] isOpen = new boolean[NUMBERS];
    private final int[] pollOf = new int[NUMBERS];
    private final Map<Asker, Tally> tallies = new EnumMap<>(Asker.class);
    private boolean[] polls = {};
    private int number;
    private int newClients;

    private FloodLoad(XdpQueue queue, long mac) {
        this.queue = queue;
        this.mac = mac;
        this.packet = new NtpPacket(queue.frames(), 0, 0);
        for (int i = 0; i < SENDING; i++) {
            free[i] = (SENDING + i) * XdpQueue.FRAME_BYTES;
        }
    }

    /** Runs until its input ends. */
    public static int run(String[] args) {
        try (XdpAttachment attachment = XdpAttachment.openForAll(args[0], List.of(PORT, FLOOD_PORT), SENDING);
                XdpQueue queue = attachment.queues().getFirst()) {
            FloodLoad load = new FloodLoad(queue, attachment.mac());
            BufferedReader turns = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String turn = turns.readLine(); turn != null; turn = turns.readLine()) {
                String[] words = turn.split(" ", -1);
                System.out.println(load.turn(
                                HexFormat.fromHexDigitsToLong(words[0].replace(":", "")),
                                Integer.parseInt(words[1]),
                                Kind.valueOf(words[2].toUpperCase(Locale.ROOT)),
                                Double.parseDouble(words[3]),
                                Long.parseLong(words[4]) * 1_000_000)
                        .text());
            }
            return 0;
        } catch (XdpException | IOException e) {
            System.err.println("bench flood-load: " + e.getMessage());
            return 1;
        }
    }

    private ResultLine turn(long server, int port, Kind kind, double perSecond, long nanos) {
        for (Asker asker : Asker.values()) {
            tallies.put(asker, new Tally());
        }
        Arrays.fill(isOpen, false);
        polls = new boolean[(int) (nanos / POLL_NANOS) + 2];
        long begin = LinuxTime.monotonicNanos();
        long forged = 0;
        long[] done = new long[4];
        long now = begin;
        while (now - begin < nanos) {
            long since = now - begin;
            long due = kind == Kind.NONE ? 0 : Math.min((long) (since * (perSecond / 1e9)) - forged, BURST);
            for (long i = 0; i < due && freeCount > RESERVE; i++) {
                forge(server, port, kind);
                forged++;
            }
            if (done[0] * HONEST_NANOS < since) {
                ask(server, port, FIRST_HONEST + (int) (done[0]++ % HONEST), Asker.HONEST, 0);
            }
            if (done[1] * NEW_NANOS < since) {
                done[1]++;
                ask(server, port, FIRST_NEW + newClients++, Asker.NEW, 0);
            }
            if (done[2] / RETRIES * POLL_NANOS + done[2] % RETRIES * RETRY_NANOS < since) {
                ask(server, port, VICTIM, Asker.VICTIM, (int) (done[2]++ / RETRIES));
            }
            if (done[3] * MAC_NANOS < since) {
                done[3]++;
                ask(server, port, VICTIM, Asker.VICTIM_MAC, 0);
            }
            queue.flush();
            hear(0);
            now = LinuxTime.monotonicNanos();
        }
        long end = now;
        while (now - end < LAST_ANSWERS_NANOS) {
            hear(1);
            now = LinuxTime.monotonicNanos();
        }
        return result(forged / ((end - begin) / 1e9), (int) (done[2] / RETRIES));
    }

    private ResultLine result(double forgedPerSecond, int wholePolls) {
        int pollsAnswered = 0;
        for (int poll = 0; poll < wholePolls; poll++) {
            pollsAnswered += polls[poll] ? 1 : 0;
        }
        return new ResultLine()
                .put("flood_rps", forgedPerSecond)
                .put("honest", tally(Asker.HONEST).share())
                .put("new", tally(Asker.NEW).share())
                .put("victim", tally(Asker.VICTIM).share())
                .put("victim_polls", wholePolls)
                .put("victim_polls_answered", pollsAnswered)
                .put("victim_mac", tally(Asker.VICTIM_MAC).asked)
                .put("victim_mac_answered", tally(Asker.VICTIM_MAC).answered);
    }

    private Tally tally(Asker asker) {
        return Objects.requireNonNull(tallies.get(asker));
    }

    private void forge(long server, int port, Kind kind) {
        int from = switch (kind) {
            case OUTSIDE -> OUTSIDE_NETWORK | random.nextInt(1 << 20);
            case INSIDE -> INSIDE_NETWORK | random.nextInt(1 << 22);
            case VICTIM, NONE -> VICTIM;
        };
        int start = begin(server, from, FLOOD_PORT, port, NtpPacket.HEADER_LENGTH);
        packet.setTransmitTimestamp(random.nextLong());
        queue.send(start, NTP + NtpPacket.HEADER_LENGTH);
    }

    private void ask(long server, int port, int client, Asker asker, int poll) {
        if (freeCount == 0) {
            return;
        }
        number = number + 1 & NUMBERS - 1;
        boolean signed = asker == Asker.VICTIM_MAC;
        int length = NtpPacket.HEADER_LENGTH + (signed ? MAC_BYTES : 0);
        int start = begin(server, client, PORT, port, length);
        packet.setTransmitTimestamp(number);
        if (signed) {
            authenticator.sign(packet, NtpLoad.KEY.id());
        }
        askerOf[number] = asker;
        isOpen[number] = true;
        pollOf[number] = poll;
        tally(asker).asked++;
        queue.send(start, NTP + length);
    }

    private int begin(long server, int from, int fromPort, int port, int length) {
        int start = free[--freeCount];
        ByteBuffer frames = queue.frames();
        Frame.write(frames, start, server, mac, from, SERVER, fromPort, port, length);
        packet.wrap(frames, start + NTP, length);
        packet.setLeapVersionMode(0, 4, NtpPacket.MODE_CLIENT);
        return start;
    }

    private void hear(int milliseconds) {
        int left = queue.countLeft();
        for (int i = 0; i < left; i++) {
            free[freeCount++] = queue.left(i) & -XdpQueue.FRAME_BYTES;
        }
        int there = queue.await(milliseconds);
        for (int i = 0; i < there; i++) {
            take(queue.start(i), queue.length(i));
            queue.fill(queue.start(i));
        }
        if (there > 0) {
            queue.take(there);
        }
    }

    /** Answers of forged requests go to another port. */
    private void take(int start, int length) {
        if ((queue.frames().getShort(start + NTP - 6) & 0xffff) != PORT || length < NTP + NtpPacket.HEADER_LENGTH) {
            return;
        }
        packet.wrap(queue.frames(), start + NTP, length - NTP);
        int answer = (int) (packet.originTimestamp() & NUMBERS - 1);
        if (isOpen[answer] && packet.mode() == NtpPacket.MODE_SERVER && packet.stratum() == 1) {
            isOpen[answer] = false;
            tally(askerOf[answer]).answered++;
            if (askerOf[answer] == Asker.VICTIM) {
                polls[pollOf[answer]] = true;
            }
        }
    }
}
