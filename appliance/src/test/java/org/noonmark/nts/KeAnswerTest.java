package org.noonmark.nts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What servers answer when they are asked for keys. */
class KeAnswerTest {
    private static final int MUTATIONS = Integer.getInteger("noonmark.hostile.answers", 200_000);
    private static final List<Aead> OFFERED = List.of(Aead.AES_128_GCM_SIV, Aead.AES_SIV_CMAC_256);
    /** NTPv4, AEAD 15, two cookies of 8 octets, end. */
    private static final String PLAIN = "800100020000" + "80040002000f" + "00050008" + "0102030405060708" + "00050008"
            + "1112131415161718" + "80000000";

    static List<JsonNode> messagesOfNtpdRs() throws IOException {
        try (InputStream in = KeAnswerTest.class.getResourceAsStream("ntske-responses-ntpd-rs.json")) {
            List<JsonNode> messages = new ArrayList<>();
            new ObjectMapper().readTree(in).get("messages").forEach(messages::add);
            return messages;
        }
    }

    /** Cookies of other lengths than a multiple of four, as most there have, are none for us, as for chronyd. */
    @ParameterizedTest
    @MethodSource("messagesOfNtpdRs")
    void judgesTheAnswersOfAnotherImplementationAsThatDoes(JsonNode message) {
        byte[] bytes = HexFormat.of().parseHex(message.get("hex").asText());
        KeAnswer answer = KeAnswer.parse(bytes, bytes.length, List.of(Aead.values()));
        boolean taken =
                answer instanceof KeAnswer.Granted || answer.equals(new KeAnswer.Refused("its answer lacks cookies"));
        assertEquals(message.get("accept").asBoolean(), taken, message + ": " + answer);
    }

    @Test
    void takesWhatOurServerWrites() {
        KeNegotiation elsewhere = new KeNegotiation(List.of(Aead.values()), Optional.of("time2"), 11_123);
        byte[] answer = elsewhere.answer(
                new KeAgreement.Agreed(Aead.AES_128_GCM_SIV, true), List.of(new byte[92], new byte[92]));
        KeAnswer.Granted granted =
                assertInstanceOf(KeAnswer.Granted.class, KeAnswer.parse(answer, answer.length, OFFERED));
        assertEquals(Aead.AES_128_GCM_SIV, granted.aead());
        assertEquals(2, granted.cookies().size());
        assertEquals(Optional.of("time2"), granted.ntpServer());
        assertEquals(11_123, granted.ntpPort());
    }

    /** Of chronyd 4.6: NTPv4, AEADs 30 and 15, record 1024, end. */
    @Test
    void asksAsChronyDoes() {
        assertEquals(
                "80010002000080040004001e000f0400000080000000", HexFormat.of().formatHex(KeAnswer.request(OFFERED)));
        assertEquals(
                new KeRequest.Offer(List.of(0), List.of(30, 15), true), KeRequest.parse(KeAnswer.request(OFFERED), 22));
    }

    @Test
    void takesCookiesServerAndPort() {
        KeAnswer.Granted granted = granted(PLAIN);
        assertEquals(Aead.AES_SIV_CMAC_256, granted.aead());
        assertEquals(2, granted.cookies().size());
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, granted.cookies().getFirst());
        assertEquals(Optional.empty(), granted.ntpServer());
        KeAnswer.Granted other = granted("80060003" + "612e62" + "80070002007b" + PLAIN);
        assertEquals(Optional.of("a.b"), other.ntpServer());
        assertEquals(123, other.ntpPort());
    }

    /** Our own server's answer is one of them. */
    @Test
    void understandsOurServer() {
        KeNegotiation server = new KeNegotiation(List.of(Aead.values()), Optional.of("time.example.net"), 1123);
        KeAgreement agreed = server.agree(new KeRequest.Offer(List.of(0), List.of(30, 15), true));
        byte[] answer = server.answer(agreed, List.of(new byte[64], new byte[64]));
        KeAnswer.Granted granted =
                assertInstanceOf(KeAnswer.Granted.class, KeAnswer.parse(answer, answer.length, OFFERED));
        assertEquals(Aead.AES_128_GCM_SIV, granted.aead());
        assertTrue(granted.compliantGcmSivExport());
        assertEquals(1123, granted.ntpPort());
        assertArrayEquals(((KeAgreement.Agreed) agreed).contextOfC2s(), granted.contextOfC2s());
    }

    /** Of chrony 4.4 to 4.6: it takes the context of AEAD 15 for AEAD 30, and does not send record 1024. */
    @Test
    void exportsAsEarlyChronyWhereTheServerDoes() {
        KeAnswer.Granted early = granted(PLAIN.replace("80040002000f", "80040002001e"));
        assertArrayEquals(new byte[] {0, 0, 0, 15, 0}, early.contextOfC2s());
        assertArrayEquals(new byte[] {0, 0, 0, 15, 1}, early.contextOfS2c());
    }

    @ParameterizedTest
    @CsvSource({
        "800100020001, NTPv4",
        "80040002000f80000000, lacks the protocol",
        "80010002000080000000, lacks the algorithm",
        "80010002000080040002000f80000000, lacks cookies",
        "800400020011, none of the algorithms",
        "800200020001, error 1",
        "800300020000, warns",
        "c0010000, critical record of type 16385",
        "80060000, no server",
        "80060002610a, no server",
        "800700020000, no port",
        "8005ffff, too long",
    })
    void whatLeadsToNoKeysIsRefusedWithAReason(String hex, String reason) {
        KeAnswer.Refused refused = assertInstanceOf(KeAnswer.Refused.class, parse(hex));
        assertTrue(refused.why().contains(reason), refused.why());
    }

    @Test
    void everyBeginningIsIncomplete() {
        byte[] whole = HexFormat.of().parseHex(PLAIN);
        for (int length = 0; length < whole.length; length++) {
            assertInstanceOf(KeAnswer.Incomplete.class, KeAnswer.parse(whole, length, OFFERED));
        }
    }

    /** Of a captured answer of each implementation, of our own server's, of records in any order, and of nothing but chance. */
    @Test
    void anyOctetsAreAnswered() throws IOException {
        SplittableRandom chance = new SplittableRandom(4);
        List<byte[]> wholes = new ArrayList<>();
        wholes.add(HexFormat.of().parseHex("80060003" + "612e62" + "80070002007b" + PLAIN));
        wholes.add(new KeNegotiation(List.of(Aead.values()), Optional.of("time2"), 11_123)
                .answer(new KeAgreement.Agreed(Aead.AES_128_GCM_SIV, true), List.of(new byte[92], new byte[92])));
        for (JsonNode message : messagesOfNtpdRs()) {
            wholes.add(HexFormat.of().parseHex(message.get("hex").asText()));
        }
        int granted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] octets = switch (chance.nextInt(8)) {
                case 0 -> random(chance);
                case 1, 2 -> records(chance);
                default -> mutated(wholes.get(chance.nextInt(wholes.size())), chance);
            };
            int length = chance.nextInt(3) == 0 ? chance.nextInt(octets.length + 1) : octets.length;
            if (KeAnswer.parse(octets, length, OFFERED) instanceof KeAnswer.Granted keys) {
                granted++;
                assertTrue(!keys.cookies().isEmpty() && keys.cookies().size() <= KeNegotiation.COOKIES);
                assertTrue(OFFERED.contains(keys.aead()), keys.toString());
                assertTrue(keys.ntpPort() >= 0 && keys.ntpPort() <= 65_535, keys.toString());
            }
        }
        assertTrue(granted > MUTATIONS / 100, "some are good: " + granted);
    }

    private static byte[] mutated(byte[] whole, SplittableRandom chance) {
        byte[] mutated = whole.clone();
        for (int hits = chance.nextInt(6); hits > 0 && mutated.length > 0; hits--) {
            mutated[chance.nextInt(mutated.length)] = (byte) chance.nextInt();
        }
        return mutated;
    }

    private static byte[] random(SplittableRandom chance) {
        byte[] octets = new byte[chance.nextInt(1_200)];
        chance.nextBytes(octets);
        return octets;
    }

    /** Types that there are, mostly with bodies as they should be, in any order and number. */
    private static byte[] records(SplittableRandom chance) {
        KeRecords records = new KeRecords();
        for (int count = chance.nextInt(12); count > 0; count--) {
            int type = chance.nextInt(10) == 0 ? chance.nextInt(0x8000) : chance.nextInt(9);
            byte[] body = new byte[type == 5 ? 4 * chance.nextInt(80) : chance.nextInt(4)];
            if (chance.nextInt(3) == 0) {
                chance.nextBytes(body);
            }
            records.add(type, chance.nextBoolean(), body);
        }
        return records.message();
    }

    private static KeAnswer.Granted granted(String hex) {
        return assertInstanceOf(KeAnswer.Granted.class, parse(hex));
    }

    private static KeAnswer parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return KeAnswer.parse(bytes, bytes.length, OFFERED);
    }
}
