package org.noonmark.nts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeResponseTest {
    static List<JsonNode> messagesOfNtpdRs() throws IOException {
        try (InputStream in = KeResponseTest.class.getResourceAsStream("ntske-responses-ntpd-rs.json")) {
            List<JsonNode> messages = new ArrayList<>();
            new ObjectMapper().readTree(in).get("messages").forEach(messages::add);
            return messages;
        }
    }

    @ParameterizedTest
    @MethodSource("messagesOfNtpdRs")
    void judgesTheResponsesOfAnotherImplementationAsThatDoes(JsonNode message) {
        KeResponse response = parse(message.get("hex").asText());
        assertEquals(message.get("accept").asBoolean(), response instanceof KeResponse.Granted, message.toString());
    }

    @Test
    void readsAllFieldsOfTheirs() {
        KeResponse.Granted all = assertInstanceOf(
                KeResponse.Granted.class,
                parse("80010002000080040002001180050002010280050002030480060002686980070002000580000000"));
        assertEquals(17, all.aead());
        assertEquals(2, all.cookies().size());
        assertArrayEquals(new byte[] {1, 2}, all.cookies().get(0));
        assertArrayEquals(new byte[] {3, 4}, all.cookies().get(1));
        assertEquals(Optional.of("hi"), all.server());
        assertEquals(OptionalInt.of(5), all.port());
    }

    @Test
    void readsWhatOurServerWrites() {
        KeNegotiation elsewhere = new KeNegotiation(List.of(Aead.values()), Optional.of("time2"), 11_123);
        byte[] answer = elsewhere.answer(
                new KeAgreement.Agreed(Aead.AES_128_GCM_SIV, true), List.of(new byte[92], new byte[92]));
        for (int length = 0; length < answer.length; length++) {
            assertInstanceOf(KeResponse.Incomplete.class, KeResponse.parse(answer, length), "of " + length + " bytes");
        }
        KeResponse.Granted granted =
                assertInstanceOf(KeResponse.Granted.class, KeResponse.parse(answer, answer.length));
        assertEquals(30, granted.aead());
        assertEquals(2, granted.cookies().size());
        assertEquals(Optional.of("time2"), granted.server());
        assertEquals(OptionalInt.of(11_123), granted.port());
    }

    @ParameterizedTest
    @CsvSource({
        "80020002000180000000, error 1",
        "80030002000180000000, warning 1",
        "8001000080000000, no protocol in common",
        "8001000200008004000080000000, no algorithm in common",
        "800100020000 80040002000f c0010000 80000000, a critical record that is not known here",
        "800100020000 80040002000f 8007000105 80000000, a damaged port",
        "8005ffff, more than a response has",
    })
    void saysWhyThereAreNoKeys(String hex, String reason) {
        assertEquals(new KeResponse.Refused(reason), parse(hex.replace(" ", "")));
    }

    @Test
    void noBytesWhateverEscapeTheReader() {
        SplittableRandom random = new SplittableRandom(8915);
        byte[] good = HexFormat.of()
                .parseHex("80010002000080040002001180050002010280050002030480060002686980070002000580000000");
        int granted = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = good.clone();
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            granted += KeResponse.parse(bytes, 1 + random.nextInt(bytes.length)) instanceof KeResponse.Granted ? 1 : 0;
        }
        assertEquals(true, granted > 1_000, "some stay responses: " + granted);
    }

    private static KeResponse parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return KeResponse.parse(bytes, bytes.length);
    }
}
