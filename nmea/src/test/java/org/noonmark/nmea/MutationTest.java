package org.noonmark.nmea;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A million damaged messages: refused or understood, never thrown at, and nothing piles up. */
class MutationTest {
    private static final int MUTATIONS = 1_000_000;
    private static final long SEED = 20261122;

    @Test
    void survivesAMillionMutations() {
        List<byte[]> material = material();
        Random random = new Random(SEED);
        Tally tally = new Tally();
        ReceiverDecoder decoder = new ReceiverDecoder(new GpsEra(LocalDate.of(2015, 1, 1)), tally);
        long before = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] message = mutated(material.get(random.nextInt(material.size())), random);
            decoder.accept(message, 0, message.length, i * 1_000_000L);
            if (i == MUTATIONS / 10) {
                before = usedAfterCollection();
            }
        }
        decoder.endOfInput();
        long growth = usedAfterCollection() - before;

        long understood = decoder.counts().nmea() + decoder.counts().ubx();
        assertTrue(understood > MUTATIONS / 4, "too few reach the parsers: " + understood + ", seed " + SEED);
        assertTrue(decoder.refused().size() >= 5, "refused for few reasons only: " + decoder.refused());
        assertTrue(tally.fixes > 1000, "fixes " + tally.fixes);
        assertTrue(growth < 4_000_000, "grew by " + growth + " bytes, seed " + SEED);
    }

    private static long usedAfterCollection() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Every framed message of the captures up to 400 bytes, a few thousand of them. */
    private static List<byte[]> material() {
        List<byte[]> messages = new ArrayList<>();
        for (var capture : Captures.all()) {
            byte[] bytes = Captures.read(capture);
            int[] taken = {0};
            SentenceFramer framer = new SentenceFramer(frame -> {
                if (frame.length() <= 400 && taken[0]++ < 200) {
                    byte[] copy = new byte[frame.length() + (frame.protocol() == Frame.Protocol.NMEA ? 2 : 0)];
                    System.arraycopy(frame.bytes(), frame.offset(), copy, 0, frame.length());
                    if (frame.protocol() == Frame.Protocol.NMEA) {
                        copy[copy.length - 2] = '\r';
                        copy[copy.length - 1] = '\n';
                    }
                    messages.add(copy);
                }
            });
            framer.accept(bytes, 0, bytes.length, 0);
        }
        return messages;
    }

    /** One to four changes; most messages get a right checksum again, so that the damage reaches the parsers. */
    private static byte[] mutated(byte[] original, Random random) {
        byte[] message = original.clone();
        boolean nmea = message[0] == '$' || message[0] == '!';
        int body = nmea ? 1 : 6;
        int room = message.length - body - (nmea ? 5 : 2);
        for (int n = 1 + random.nextInt(4); n > 0 && room > 0; n--) {
            int at = body + random.nextInt(room);
            switch (random.nextInt(4)) {
                case 0 -> message[at] = (byte) random.nextInt(256);
                case 1 -> message[at] = (byte) (nmea ? ",.-0123456789*$ANV".charAt(random.nextInt(18)) : 0xff);
                case 2 -> message[at] ^= (byte) (1 << random.nextInt(8));
                default -> message[at] = message[body + random.nextInt(room)];
            }
        }
        if (random.nextInt(8) != 0) {
            repairChecksum(message, nmea);
        }
        return message;
    }

    private static void repairChecksum(byte[] message, boolean nmea) {
        if (nmea) {
            int star = message.length - 5;
            int sum = 0;
            for (int i = 1; i < star; i++) {
                sum ^= message[i];
            }
            message[star + 1] = (byte) Character.toUpperCase(Character.forDigit(sum >> 4 & 15, 16));
            message[star + 2] = (byte) Character.toUpperCase(Character.forDigit(sum & 15, 16));
        } else if (message[0] == (byte) 0xb5) {
            int a = 0;
            int b = 0;
            for (int i = 2; i < message.length - 2; i++) {
                a += message[i];
                b += a;
            }
            message[message.length - 2] = (byte) a;
            message[message.length - 1] = (byte) b;
        }
    }

    private static final class Tally implements FixListener {
        private long fixes;

        @Override
        public void onFix(FixReport fix) {
            fixes++;
        }
    }
}
