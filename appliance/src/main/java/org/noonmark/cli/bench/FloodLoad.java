package org.noonmark.cli.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.noonmark.ntp.MacAuthenticator;
import org.noonmark.ntp.NtpPacket;

/**
 * {@code bench flood-load INTERFACE}, what {@link FloodBench} sends: forged requests at a rate, and honest clients among them. Each line of
 * its input is a turn, {@code MAC PORT KIND RATE MILLISECONDS}; each line of its output tells who was answered.
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
        VICTIM,
        /** The same, from any port. */
        DISGUISED
    }

    /** Clients that ask all the time, once a second each. */
    static final int HONEST = 500;

    /** Requests in a row, 20 ms apart, of which one has to be answered. */
    static final int RETRIES = 8;

    private static final int FIRST_NEW = 0x0a90_0001;
    private static final int VICTIM = 0x0a81_0001;
    private static final int OUTSIDE_NETWORK = 0xac10_0000;
    private static final int INSIDE_NETWORK = 0x0ac0_0000;
    /** Every client asks from another port each time, as the programs do. */
    private static final int PORTS = 16;

    private static final int FLOOD_PORT = 20_123;
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
    /** No part of a second: what the machine does once a second shall not meet it each time. */
    private static final long MAC_NANOS = 47_000_000;

    private static final long LAST_ANSWERS_NANOS = NANOS / 2;

    /** Who asks; counted apart. */
    private enum Asker {
        HONEST,
        NEW,
        VICTIM,
        VICTIM_MAC
    }

    private static final class Tally {
        /** How often it was this one's turn, with or without a frame that was free. */
        private long turns;

        private long asked;
        private long answered;

        double share() {
            return (double) answered / asked;
        }
    }

    private final LoadCard card;
    private final MacAuthenticator authenticator = new MacAuthenticator(List.of(NtpLoad.KEY));
    private final SplittableRandom random = new SplittableRandom(1);
    private final Asker[] askerOf = new Asker[NUMBERS];
    private final boolean[] isOpen = new boolean[NUMBERS];
    private final int[] pollOf = new int[NUMBERS];
    private final Map<Asker, Tally> tallies = new EnumMap<>(Asker.class);
    private boolean[] polls = {};
    private long forged;
    /** Those that were not sent when they were due. */
    private long missed;

    private int number;
    private int newClients;

    private FloodLoad(LoadCard card) {
        this.card = card;
    }

    /** Runs until its input ends. */
    public static int run(String[] args) {
        List<Integer> ports =
                IntStream.range(LoadCard.PORT, LoadCard.PORT + PORTS).boxed().toList();
        return LoadCard.run("flood-load", args, ports, card -> new FloodLoad(card)::turn);
    }

    private String turn(String[] words) {
        return turn(
                        LoadCard.mac(words[0]),
                        Integer.parseInt(words[1]),
                        Kind.valueOf(words[2].toUpperCase(Locale.ROOT)),
                        Double.parseDouble(words[3]) / 1e9,
                        Long.parseLong(words[4]) * 1_000_000)
                .text();
    }

    private ResultLine turn(long server, int port, Kind kind, double perNano, long nanos) {
        for (Asker asker : Asker.values()) {
            tallies.put(asker, new Tally());
        }
        Arrays.fill(isOpen, false);
        polls = new boolean[(int) (nanos / POLL_NANOS) + 2];
        forged = 0;
        missed = 0;
        double seconds = card.turn(
                nanos,
                LAST_ANSWERS_NANOS,
                since -> {
                    long due = kind == Kind.NONE ? 0 : (long) (since * perNano) - forged - missed;
                    // After a pause of the machine a flood does not come twice as fast.
                    long late = Math.max(0, due - BURST);
                    missed += late;
                    for (long i = late; i < due && card.free() > RESERVE; i++) {
                        forge(server, port, kind);
                        forged++;
                    }
                    askHonestly(server, port, since);
                },
                this::take);
        return result(forged / seconds, (int) (tally(Asker.VICTIM).turns / RETRIES));
    }

    /** Of each kind of client one at most that is due. */
    private void askHonestly(long server, int port, long since) {
        Tally honest = tally(Asker.HONEST);
        if (honest.turns * HONEST_NANOS < since) {
            ask(server, port, LoadCard.FIRST_CLIENT + (int) (honest.turns % HONEST), Asker.HONEST, 0);
        }
        if (tally(Asker.NEW).turns * NEW_NANOS < since) {
            ask(server, port, FIRST_NEW + newClients++, Asker.NEW, 0);
        }
        long tries = tally(Asker.VICTIM).turns;
        if (tries / RETRIES * POLL_NANOS + tries % RETRIES * RETRY_NANOS < since) {
            ask(server, port, VICTIM, Asker.VICTIM, (int) (tries / RETRIES));
        }
        if (tally(Asker.VICTIM_MAC).turns * MAC_NANOS < since) {
            ask(server, port, VICTIM, Asker.VICTIM_MAC, 0);
        }
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
            case VICTIM, DISGUISED, NONE -> VICTIM;
        };
        int fromPort = kind == Kind.DISGUISED ? 1 << 15 | random.nextInt(1 << 15) : FLOOD_PORT;
        int start = begin(server, from, fromPort, port, NtpPacket.HEADER_LENGTH);
        card.packet(start, NtpPacket.HEADER_LENGTH).setTransmitTimestamp(random.nextLong());
        card.send(start, NtpPacket.HEADER_LENGTH);
    }

    private void ask(long server, int port, int client, Asker asker, int poll) {
        tally(asker).turns++;
        if (card.free() == 0) {
            return;
        }
        number = number + 1 & NUMBERS - 1;
        boolean signed = asker == Asker.VICTIM_MAC;
        int length = NtpPacket.HEADER_LENGTH + (signed ? MAC_BYTES : 0);
        int start = begin(server, client, LoadCard.PORT + number % PORTS, port, length);
        NtpPacket packet = card.packet(start, length);
        packet.setTransmitTimestamp(number);
        if (signed) {
            authenticator.sign(packet, NtpLoad.KEY.id());
        }
        askerOf[number] = asker;
        isOpen[number] = true;
        pollOf[number] = poll;
        tally(asker).asked++;
        card.send(start, length);
    }

    private int begin(long server, int from, int fromPort, int port, int length) {
        int start = card.begin(server, from, fromPort, port, length);
        card.packet(start, length).setLeapVersionMode(0, 4, NtpPacket.MODE_CLIENT);
        return start;
    }

    /** Answers of forged requests go to other ports. */
    private void take(int start, int length) {
        if (length < LoadCard.PAYLOAD + NtpPacket.HEADER_LENGTH) {
            return;
        }
        NtpPacket packet = card.packet(start, length - LoadCard.PAYLOAD);
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
