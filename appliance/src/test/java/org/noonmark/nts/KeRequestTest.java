package org.noonmark.nts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeRequestTest {
    private static final KeNegotiation ALL = new KeNegotiation(List.of(Aead.values()), Optional.empty(), 123);
    /** Of chronyd 4.6: NTPv4, AEADs 30 and 15, record 1024, end. */
    private static final String CHRONY_4_6 = "80010002000080040004001e000f0400000080000000";

    static List<JsonNode> messagesOfNtpdRs() throws IOException {
        try (InputStream in = KeRequestTest.class.getResourceAsStream("ntske-requests-ntpd-rs.json")) {
            List<JsonNode> messages = new ArrayList<>();
            new ObjectMapper().readTree(in).get("messages").forEach(messages::add);
            return messages;
        }
    }

    /** Its "no end-of-message record" is, for a server that reads a stream, a request of which more must come. */
    @ParameterizedTest
    @MethodSource("messagesOfNtpdRs")
    void judgesTheMessagesOfAnotherImplementationAsThatDoes(JsonNode message) {
        KeRequest request = parse(message.get("hex").asText());
        assertEquals(message.get("accept").asBoolean(), request instanceof KeRequest.Offer, message.toString());
    }

    @Test
    void readsWhatChronyAsks() {
        assertEquals(new KeRequest.Offer(List.of(0), List.of(30, 15), true), parse(CHRONY_4_6));
        assertEquals(new KeRequest.Offer(List.of(0), List.of(15), false), parse("80010002000080040002000f80000000"));
    }

    @Test
    void everyBeginningOfARequestIsIncomplete() {
        byte[] whole = HexFormat.of().parseHex(CHRONY_4_6);
        for (int length = 0; length < whole.length; length++) {
            assertInstanceOf(KeRequest.Incomplete.class, KeRequest.parse(whole, length), "of " + length + " bytes");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // A critical record that nobody knows; the same without the critical bit is passed over.
        "8001000200008004 0002000f c001 0000 80000000, UNRECOGNIZED_CRITICAL_RECORD",
        "8001000200008004 0002000f 4001 0000 80000000, ",
        // End of message: not critical, with a body, with more behind it.
        "8001000200008004 0002000f 00000000, BAD_REQUEST",
        "8001000200008004 0002000f 8000000100, BAD_REQUEST",
        "8001000200008004 0002000f 8000000000, BAD_REQUEST",
        // Next protocols: not critical, twice, empty, of odd length.
        "0001000200008004 0002000f 80000000, BAD_REQUEST",
        "800100020000 800100020000 80040002000f 80000000, BAD_REQUEST",
        "80010000 80040002000f 80000000, BAD_REQUEST",
        "8001000300000080040002000f80000000, BAD_REQUEST",
        // NTPv4 without an algorithm, and with an empty list of them.
        "800100020000 80000000, BAD_REQUEST",
        "800100020000 80040000 80000000, BAD_REQUEST",
        // What only a server says: error, warning, cookie.
        "800100020000 80040002000f 800200020000 80000000, BAD_REQUEST",
        "800100020000 80040002000f 800300020000 80000000, BAD_REQUEST",
        "800100020000 80040002000f 00050002abcd 80000000, BAD_REQUEST",
        // What the client would like: server and port.
        "800100020000 80040002000f 000600026869 00070002007b 80000000, ",
        // Nothing but the end; another protocol alone.
        "80000000, BAD_REQUEST",
        "800100028001 80000000, ",
        // A record that is longer than any request.
        "0999ffff, BAD_REQUEST",
    })
    void refusesWhatTheRfcForbids(String hex, String error) {
        KeRequest request = parse(hex.replace(" ", ""));
        if (error == null) {
            assertInstanceOf(KeRequest.Offer.class, request);
        } else {
            assertEquals(new KeRequest.Refused(KeError.valueOf(error)), request);
        }
    }

    @Test
    void aRequestWithoutEndIsRefusedAtTheBound() {
        byte[] endless = new byte[KeRequest.MOST_BYTES];
        for (int at = 0; at < endless.length; at += 4) {
            endless[at] = 0x09;
        }
        assertInstanceOf(KeRequest.Incomplete.class, KeRequest.parse(endless, endless.length - 4));
        assertEquals(new KeRequest.Refused(KeError.BAD_REQUEST), KeRequest.parse(endless, endless.length));
    }

    @ParameterizedTest
    @CsvSource({
        // The client's order decides, among what both have.
        "'15,17,30', '15', false, 15",
        "'15,17,30', '17,15', false, 17",
        "'15', '17,15', false, 15",
        "'15,17,30', '16,15', false, 15",
        // 30 only with record 1024; else 15 if it was offered, else none.
        "'15,17,30', '30,15', true, 30",
        "'15,17,30', '30,15', false, 15",
        "'15,17,30', '30', false, 0",
        "'15', '30,15', true, 15",
        "'15,17,30', '1,2,3', false, 0",
    })
    void choosesAnAlgorithm(String ours, String offered, boolean compliant, int chosen) {
        KeNegotiation negotiation = new KeNegotiation(
                numbers(ours).stream()
                        .map(id -> Arrays.stream(Aead.values())
                                .filter(aead -> aead.id() == id)
                                .findFirst()
                                .orElseThrow())
                        .toList(),
                Optional.empty(),
                123);
        KeAgreement agreement = negotiation.agree(new KeRequest.Offer(List.of(0), numbers(offered), compliant));
        if (chosen == 0) {
            assertEquals(new KeAgreement.NoAead(), agreement);
        } else {
            KeAgreement.Agreed agreed = assertInstanceOf(KeAgreement.Agreed.class, agreement);
            assertEquals(chosen, agreed.aead().id());
            assertEquals(chosen == 30, agreed.compliantGcmSivExport());
        }
    }

    @Test
    void answersAsTheRfcSays() {
        KeAgreement.Agreed agreed = new KeAgreement.Agreed(Aead.AES_SIV_CMAC_256, false);
        assertEquals(
                "800100020000" + "80040002000f" + "00050002abcd" + "80000000",
                hex(ALL.answer(agreed, List.of(new byte[] {(byte) 0xab, (byte) 0xcd}))));
        assertEquals(
                "800100020000" + "80040002001e" + "04000000" + "80000000",
                hex(ALL.answer(new KeAgreement.Agreed(Aead.AES_128_GCM_SIV, true), List.of())));
        KeNegotiation elsewhere = new KeNegotiation(List.of(Aead.values()), Optional.of("hi"), 11_123);
        assertEquals(
                "800100020000" + "80040002000f" + "800600026869" + "800700022b73" + "80000000",
                hex(elsewhere.answer(agreed, List.of())));
        assertEquals("800100020000" + "80040000" + "80000000", hex(ALL.answer(new KeAgreement.NoAead(), List.of())));
        assertEquals("80010000" + "80000000", hex(ALL.answer(new KeAgreement.NoProtocol(), List.of())));
        assertEquals(
                "800200020001" + "80000000", hex(ALL.answer(new KeAgreement.Refused(KeError.BAD_REQUEST), List.of())));
    }

    @Test
    void aClientOfAnotherProtocolAloneIsToldThatThereIsNone() {
        assertEquals(new KeAgreement.NoProtocol(), ALL.agree(new KeRequest.Offer(List.of(0x8001), List.of(), false)));
    }

    @Test
    void keysAreExportedInTheRfcsContext() {
        KeAgreement.Agreed agreed = new KeAgreement.Agreed(Aead.AES_SIV_CMAC_512, false);
        assertEquals("0000001100", hex(agreed.contextOfC2s()));
        assertEquals("0000001101", hex(agreed.contextOfS2c()));
    }

    /** Seeded; more with {@code -Dfuzz.records=5000000}. */
    @Test
    void noBytesWhateverEscapeTheReader() {
        int rounds = Integer.getInteger("fuzz.records", 300_000);
        Random random = new Random(20_261_122);
        List<byte[]> seeds = List.of(
                HexFormat.of().parseHex(CHRONY_4_6),
                HexFormat.of().parseHex("800100020000800400060011000f001e0006000268690007000200" + "7b80000000"));
        int offers = 0;
        for (int round = 0; round < rounds; round++) {
            byte[] bytes = mutated(seeds.get(round % seeds.size()), random);
            KeRequest request = KeRequest.parse(bytes, bytes.length);
            KeAgreement agreement = switch (request) {
                case KeRequest.Offer offer -> {
                    offers++;
                    yield ALL.agree(offer);
                }
                case KeRequest.Refused refused -> new KeAgreement.Refused(refused.error());
                case KeRequest.Incomplete _ -> new KeAgreement.Refused(KeError.BAD_REQUEST);
            };
            assertTrue(ALL.answer(agreement, List.of()).length <= 40, "an answer of bounded length");
        }
        assertTrue(offers > rounds / 100, "some mutations must stay requests: " + offers);
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] bytes = seed.clone();
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(2 * bytes.length));
                default -> System.arraycopy(seed, 0, bytes, at, Math.min(seed.length, bytes.length - at));
            }
        }
        return bytes;
    }

    private static List<Integer> numbers(String list) {
        return Arrays.stream(list.split(",", -1)).map(Integer::valueOf).toList();
    }

    private static KeRequest parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return KeRequest.parse(bytes, bytes.length);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
