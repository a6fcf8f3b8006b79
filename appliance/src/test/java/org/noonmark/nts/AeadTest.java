package org.noonmark.nts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AeadTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void sivIsThatOfTheRfc() throws IOException {
        for (JsonNode vector : json("rfc5297-appendix-a.json").get("vectors")) {
            byte[] key = octets(vector, "key");
            AesSiv siv = new AesSiv(key.length, new Scratch());
            siv.setKey(key, 0);
            byte[] plain = octets(vector, "plaintext");
            byte[] expected = octets(vector, "output");
            byte[] sealed = new byte[expected.length];
            begin(siv, vector);
            siv.seal(plain, 0, plain.length, sealed, 0);
            assertArrayEquals(expected, sealed, vector.get("name").asText());

            byte[] opened = new byte[plain.length];
            begin(siv, vector);
            assertTrue(siv.open(sealed, 0, sealed.length, opened));
            assertArrayEquals(plain, opened);
        }
    }

    @Test
    void sivAgreesWithWycheproof() throws IOException {
        int checked = 0;
        for (JsonNode group : json("wycheproof/aead_aes_siv_cmac_test.json").get("testGroups")) {
            AesSiv siv = new AesSiv(group.get("keySize").asInt() / 8, new Scratch());
            for (JsonNode test : group.get("tests")) {
                check(siv, test, octets(test, "tag"), octets(test, "ct"));
                checked++;
            }
        }
        assertEquals(900, checked);
    }

    @Test
    void gcmSivAgreesWithWycheproof() throws IOException {
        int checked = 0;
        for (JsonNode group : json("wycheproof/aes_gcm_siv_test.json").get("testGroups")) {
            // Keys of 256 bits have a number of their own that nobody uses for NTS.
            if (group.get("keySize").asInt() == 128 && group.get("ivSize").asInt() == 96) {
                for (JsonNode test : group.get("tests")) {
                    check(new AesGcmSiv(new Scratch()), test, octets(test, "ct"), octets(test, "tag"));
                    checked++;
                }
            }
        }
        assertTrue(checked > 80, "only " + checked + " vectors");
    }

    /** RFC 8452, appendix A. */
    @Test
    void polyvalIsThatOfTheRfc() {
        Polyval polyval = new Polyval();
        polyval.begin(HEX.parseHex("25629347589242761d31f826ba4b757b"));
        byte[] blocks = HEX.parseHex("4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362");
        polyval.update(blocks, 0, blocks.length);
        byte[] hash = new byte[16];
        polyval.finish(hash);
        assertEquals("f7a3b47b846119fae5b7866cf5e5b77e", HEX.formatHex(hash));
    }

    /** RFC 8452, appendix C.1: empty text and data; one block of text; data and text that are no whole blocks. */
    @ParameterizedTest
    @CsvSource({
        "'', '', dc20e2d83f25705bb49e439eca56de25",
        "'', 01000000000000000000000000000000, " + "743f7c8077ab25f8624e2e948579cf77303aaf90f6fe21199c6068577437a0c4",
        "010000000000000000000000, 02000000, a8fe3e8707eb1f84fb28f8cb73de8e99e2f48a14"
    })
    void gcmSivIsThatOfTheRfc(String data, String text, String sealed) {
        AesGcmSiv cipher = new AesGcmSiv(new Scratch());
        cipher.setKey(HEX.parseHex("01000000000000000000000000000000"), 0);
        byte[] ad = HEX.parseHex(data);
        byte[] plain = HEX.parseHex(text);
        byte[] made = new byte[plain.length + 16];
        cipher.seal(ad, ad.length, HEX.parseHex("030000000000000000000000"), 0, 12, plain, 0, plain.length, made, 0);
        assertEquals(sealed, HEX.formatHex(made));
    }

    @ParameterizedTest
    @EnumSource(Aead.class)
    void whatIsSealedOpensAndAnyChangedBitIsNoticed(Aead aead) {
        Random random = new Random(8915);
        AeadCipher cipher = aead.cipher(new Scratch());
        for (int length : List.of(0, 1, 15, 16, 17, 31, 32, 33, 104, 832)) {
            byte[] key = bytes(random, aead.keyLength());
            cipher.setKey(key, 0);
            int ad = random.nextInt(200);
            byte[] packet = bytes(random, ad + aead.nonceLength() + length + 16);
            byte[] plain = bytes(random, length);
            cipher.seal(packet, ad, packet, ad, aead.nonceLength(), plain, 0, length, packet, ad + aead.nonceLength());
            byte[] opened = new byte[Math.max(1, length)];
            assertTrue(cipher.open(packet, ad, ad, aead.nonceLength(), ad + aead.nonceLength(), length + 16, opened));
            assertArrayEquals(plain, Arrays.copyOf(opened, length));
            for (int at = 0; at < packet.length; at++) {
                packet[at] ^= (byte) (1 << random.nextInt(8));
                byte[] before = packet.clone();
                Arrays.fill(opened, (byte) 1);
                assertFalse(
                        cipher.open(packet, ad, ad, aead.nonceLength(), ad + aead.nonceLength(), length + 16, opened),
                        aead + " octet " + at);
                for (int i = 0; i < length; i++) {
                    assertEquals(0, opened[i], "what is not authentic leaves nothing behind");
                }
                assertArrayEquals(before, packet);
                packet = before;
                cipher.setKey(key, 0);
                cipher.seal(
                        packet, ad, packet, ad, aead.nonceLength(), plain, 0, length, packet, ad + aead.nonceLength());
            }
        }
    }

    @Test
    void sivAllocatesNothingForAText() {
        AesSiv siv = new AesSiv(32, new Scratch());
        siv.setKey(new byte[32], 0);
        long bytes = allocated(siv);
        assertTrue(bytes < 20_000, bytes + " bytes for 20,000 texts sealed and opened");
    }

    /** A new AES key for each text has to be laid out by Java's AES; this is the bound that is stated for it. */
    @Test
    void gcmSivAllocatesLessThanTwoKilobytesForAText() {
        AesGcmSiv cipher = new AesGcmSiv(new Scratch());
        cipher.setKey(new byte[16], 0);
        long bytes = allocated(cipher) / 40_000;
        assertTrue(bytes < 2_048, bytes + " bytes for a text");
    }

    private static long allocated(AeadCipher cipher) {
        byte[] packet = new byte[300];
        byte[] plain = new byte[128];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 40_000; i++) {
            if (i == 20_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            cipher.seal(packet, 84, packet, 84, 12, plain, 0, 104, packet, 100);
            if (!cipher.open(packet, 84, 84, 12, 100, 120, plain)) {
                throw new AssertionError("what was sealed does not open");
            }
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void check(AeadCipher cipher, JsonNode test, byte[] first, byte[] second) {
        byte[] ad = octets(test, "aad");
        byte[] nonce = octets(test, "iv");
        byte[] plain = octets(test, "msg");
        cipher.setKey(octets(test, "key"), 0);
        byte[] packet = concat(ad, nonce, first, second);
        int at = ad.length + nonce.length;
        byte[] opened = new byte[Math.max(1, plain.length)];
        boolean open = cipher.open(packet, ad.length, ad.length, nonce.length, at, packet.length - at, opened);
        boolean valid = test.get("result").asText().equals("valid");
        assertEquals(valid, open, test::toString);
        if (valid) {
            assertArrayEquals(plain, Arrays.copyOf(opened, plain.length), test::toString);
            byte[] sealed = new byte[plain.length + 16];
            cipher.seal(ad, ad.length, nonce, 0, nonce.length, plain, 0, plain.length, sealed, 0);
            assertArrayEquals(concat(first, second), sealed, test::toString);
        }
    }

    private static void begin(AesSiv siv, JsonNode vector) {
        siv.begin();
        for (JsonNode ad : vector.get("ad")) {
            byte[] octets = HEX.parseHex(ad.asText());
            siv.associate(octets, 0, octets.length);
        }
    }

    private static byte[] concat(byte[]... parts) {
        byte[] whole =
                new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    private static byte[] octets(JsonNode node, String field) {
        return HEX.parseHex(node.get(field).asText());
    }

    private static JsonNode json(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(AeadTest.class.getResourceAsStream("/nts/" + name))) {
            return new ObjectMapper().readTree(in);
        }
    }
}
