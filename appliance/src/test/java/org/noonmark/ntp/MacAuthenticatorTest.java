package org.noonmark.ntp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.noonmark.time.NtpTime;

class MacAuthenticatorTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final long NOW = 1_800_000_000_123_456_789L;
    private static final int KEY = 0xfffffff0;
    private static final byte[] SECRET =
            HEX.parseHex("37ddcbc67bb902bcb8e995977fab4d2b5642f5b32ebceee421921d97e5cbfe39");
    private static final SystemVariables STRATUM_ONE =
            new SystemVariables(0, 1, -23, 0x47505300, NtpTime.ofUnixNanos(NOW), 0, 1_000, NOW, 0);

    /** RFC 4493, section 4. */
    @ParameterizedTest
    @CsvSource({
        "0, bb1d6929e95937287fa37d129b756746",
        "16, 070a16b46b4d4144f79bdd9dd04a287c",
        "40, dfa66747de9ae63030ca32611497c827",
        "64, 51f0bebf7e3b9d92fc49741779363cfe"
    })
    void cmacIsThatOfTheRfc(int length, String digest) {
        byte[] message = HEX.parseHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
        assertEquals(
                digest,
                HEX.formatHex(cmac(HEX.parseHex("2b7e151628aed2a6abf7158809cf4f3c"), Arrays.copyOf(message, length))));
    }

    @Test
    void cmacAgreesWithWycheproof() throws IOException {
        int checked = 0;
        JsonNode groups = new ObjectMapper()
                .readTree(CapturedPackets.octets("wycheproof/aes_cmac_test.json"))
                .get("testGroups");
        for (JsonNode group : groups) {
            if (group.get("tagSize").asInt() != 128
                    || !List.of(128, 192, 256).contains(group.get("keySize").asInt())) {
                continue;
            }
            for (JsonNode test : group.get("tests")) {
                byte[] mac = cmac(
                        HEX.parseHex(test.get("key").asText()),
                        HEX.parseHex(test.get("msg").asText()));
                boolean valid = test.get("result").asText().equals("valid");
                assertEquals(valid, HEX.formatHex(mac).equals(test.get("tag").asText()), test::toString);
                checked++;
            }
        }
        assertTrue(checked > 200, "only " + checked + " vectors");
    }

    /** What chrony's own tests expect of key "abcdefghijklmnopqrstuvwxyz" and packet "12345678910" (test/unit/hash.c, values only). */
    @ParameterizedTest
    @CsvSource({
        "MD5, fc24971b5266dc46efe0e8084689b688",
        "SHA1, d885b386ceea93eb92cd7b94b98dc28e3e3113dd",
        "SHA256, 0e3514e7157a1dddea1178d341f6b93ea04296733c54740bfa6b9e2959ad69d3",
        "SHA3_224, 3ba22228dd2618ec3bb925395ebd9425d4208a7676c03c5d9e0a0646",
        "SHA3_256, 26d119b2c164c8b810d8a81cb6a40d2909c98e2e2dde7a748c4370b8aa0f0917"
    })
    void hashesAreThoseOfChrony(MacAlgorithm algorithm, String digest) {
        KeyedMac mac = algorithm.with("abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII));
        byte[] made = new byte[64];
        mac.digest("12345678910".getBytes(StandardCharsets.US_ASCII), 11, made);
        assertEquals(digest, HEX.formatHex(Arrays.copyOf(made, mac.length())));
    }

    @ParameterizedTest
    @EnumSource(MacAlgorithm.class)
    void aRightMacIsAnsweredWithOneThatTheClientCanCheck(MacAlgorithm algorithm) {
        for (int version = 1; version <= 4; version++) {
            Server server = new Server(key(KEY, algorithm));
            NtpPacket request = server.request(version, KEY);
            int whole = algorithm.with(secret(algorithm)).length();
            assertEquals(48 + 4 + (version == 4 ? Math.min(20, whole) : whole), request.length());

            NtpPacket answer = server.answer(request);
            assertEquals(request.length(), answer.length());
            assertEquals(KEY, answer.word(48));
            assertEquals(1, answer.stratum());
            assertEquals(Disposition.ANSWERED, new MacAuthenticator(server.keys).verify(answer, 48));
        }
    }

    @Test
    void theAnswersMacIsTheHashOfKeyAndHeader() throws Exception {
        Server server = new Server(key(7, MacAlgorithm.SHA384));
        NtpPacket answer = server.answer(server.request(4, 7));
        byte[] header = new byte[48];
        answer.copyTo(header, 48);
        MessageDigest hash = MessageDigest.getInstance("SHA-384");
        hash.update(SECRET);
        byte[] expected = Arrays.copyOf(hash.digest(header), 20);
        byte[] made = new byte[20];
        for (int i = 0; i < made.length; i++) {
            made[i] = answer.octet(52 + i);
        }
        assertArrayEquals(expected, made);
    }

    @Test
    void everyChangedOctetIsNoticed() {
        for (int version : new int[] {3, 4}) {
            Server server = new Server(key(9, MacAlgorithm.AES128), key(10, MacAlgorithm.AES256));
            int length = server.request(version, 9).length();
            for (int at = 1; at < length; at++) {
                for (int bit = 0; bit < 8; bit++) {
                    NtpPacket request = server.request(version, 9);
                    request.copyFrom(new byte[] {(byte) (request.octet(at) ^ 1 << bit)}, at, 1);
                    Disposition met = server.respond(request);
                    boolean id = at >= 48 && at < 52;
                    assertTrue(
                            met == Disposition.AUTHENTICATION_FAILED || (id && met == Disposition.UNKNOWN_KEY),
                            "octet " + at + " bit " + bit + ": " + met);
                }
            }
        }
    }

    @Test
    void aDigestOfAnotherLengthIsNoticed() {
        Server server = new Server(key(9, MacAlgorithm.MD5), key(10, MacAlgorithm.SHA256));
        // A whole SHA-256 in version 4 is no MAC; a cut one in version 3 is a wrong one.
        assertEquals(Disposition.BAD_EXTENSION, server.respond(server.resized(4, 10, 48 + 36)));
        assertEquals(Disposition.AUTHENTICATION_FAILED, server.respond(server.resized(3, 10, 48 + 24)));
        assertEquals(Disposition.AUTHENTICATION_FAILED, server.respond(server.resized(4, 9, 48 + 24)));
        assertEquals(Disposition.BAD_EXTENSION, server.respond(server.resized(3, 9, 48 + 16)));
        assertEquals(Disposition.BAD_EXTENSION, server.respond(server.resized(3, 9, 48 + 76)));
    }

    @Test
    void fieldsBeforeTheMacAreCheckedAndNotReturned() {
        Server server = new Server(key(9, MacAlgorithm.SHA1));
        ByteBuffer octets = ByteBuffer.allocate(48 + 32 + 24);
        octets.put(0, (byte) (4 << 3 | 3)).putLong(40, 77);
        octets.putShort(48, (short) 0x2222).putShort(50, (short) 32).putInt(80, 9);
        byte[] message = Arrays.copyOf(octets.array(), 80 + 16);
        byte[] digest = new byte[64];
        MacAlgorithm.SHA1.with(SECRET).digest(message, 80, digest);
        octets.put(84, digest, 0, 20);

        NtpPacket answer = server.answer(new NtpPacket(octets.duplicate(), 0, octets.capacity()));
        assertEquals(48 + 24, answer.length());
        assertEquals(77, answer.originTimestamp());
        assertEquals(Disposition.ANSWERED, new MacAuthenticator(server.keys).verify(answer, 48));
    }

    @Test
    void aRequestOfAKeyThatIsNotThereIsUntouched() {
        Server server = new Server(key(9, MacAlgorithm.MD5));
        NtpPacket request = new Server(key(8, MacAlgorithm.MD5)).request(4, 8);
        byte[] before = new byte[request.length()];
        request.copyTo(before, before.length);
        assertEquals(Disposition.UNKNOWN_KEY, server.respond(request));
        byte[] after = new byte[request.length()];
        request.copyTo(after, after.length);
        assertArrayEquals(before, after);
    }

    @Test
    void plainRequestsAreAnsweredPlainlyBesideKeys() {
        Server server = new Server(key(9, MacAlgorithm.MD5));
        ByteBuffer octets = ByteBuffer.allocate(48).put(0, (byte) (4 << 3 | 3));
        assertEquals(48, server.answer(new NtpPacket(octets, 0, 48)).length());
    }

    @Test
    void keysAreFoundByTheirUnsignedNumbers() {
        List<SymmetricKey> keys = new ArrayList<>();
        Random random = new Random(20);
        int[] ids = random.ints().filter(id -> id != 0).distinct().limit(1_000).toArray();
        for (int id : ids) {
            keys.add(new SymmetricKey(id, MacAlgorithm.SHA256, new byte[] {(byte) id, (byte) (id >> 8)}));
        }
        Server server = new Server(keys.toArray(SymmetricKey[]::new));
        for (int id : ids) {
            assertEquals(Disposition.ANSWERED, server.respond(server.request(4, id)));
        }
    }

    @Test
    void noSecretIsShown() {
        assertEquals("key 4294967280 MD5", key(KEY, MacAlgorithm.MD5).toString());
        assertFalse(NtpOptions.PLAIN
                .withKeys(List.of(key(1, MacAlgorithm.MD5)))
                .toString()
                .contains("37"));
    }

    /** The virtual machine takes a little on the thread's account while it compiles; per packet nothing but what SHA-3 is known to take. */
    @ParameterizedTest
    @EnumSource(MacAlgorithm.class)
    void verifyingAndSealingAllocatesNothing(MacAlgorithm algorithm) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Server server = new Server(key(5, algorithm));
        NtpPacket pattern = server.request(4, 5);
        byte[] octets = new byte[pattern.length()];
        pattern.copyTo(octets, octets.length);
        ByteBuffer buffer = ByteBuffer.allocateDirect(octets.length);
        long most = algorithm.name().startsWith("SHA3") ? 5_000 * 2 * 24 : 0;
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 8 && allocated > most; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 5_000; i++) {
                buffer.put(0, octets);
                server.respondTo(buffer, octets.length);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(allocated <= most, allocated + " bytes for 5 000 packets");
    }

    private static byte[] cmac(byte[] key, byte[] message) {
        byte[] digest = new byte[64];
        new AesCmac(key).digest(Arrays.copyOf(message, message.length + KeyedMac.ROOM_BEHIND), message.length, digest);
        return Arrays.copyOf(digest, 16);
    }

    private static SymmetricKey key(int id, MacAlgorithm algorithm) {
        return new SymmetricKey(id, algorithm, secret(algorithm));
    }

    private static byte[] secret(MacAlgorithm algorithm) {
        return algorithm == MacAlgorithm.AES128 ? Arrays.copyOf(SECRET, 16) : SECRET;
    }

    /** A responder with keys, and a client that has them too. */
    private static final class Server {
        private static final long CLIENT = 0xffff_c0a8_0001L;

        private final List<SymmetricKey> keys;
        private final MacAuthenticator client;
        private final NtpResponder responder;
        private final NtpExchange exchange = new NtpExchange();

        Server(SymmetricKey... keys) {
            this.keys = List.of(keys);
            client = new MacAuthenticator(this.keys);
            AccessTable everyone = new AccessTable(List.of(AccessRule.everyone(true, false, "allow")));
            responder = new NtpResponder(() -> everyone, NtpOptions.PLAIN.withKeys(this.keys), 1);
        }

        NtpPacket request(int version, int keyId) {
            return resized(version, keyId, 48 + client.macLength(keyId, version));
        }

        /** With a MAC of another length than it should have; cut, or longer with zeros. */
        NtpPacket resized(int version, int keyId, int length) {
            ByteBuffer buffer = ByteBuffer.allocate(48 + 80);
            NtpPacket packet = new NtpPacket(buffer, 0, 48 + client.macLength(keyId, version));
            packet.setLeapVersionMode(0, version, NtpPacket.MODE_CLIENT);
            packet.setTransmitTimestamp(0x1234_5678_9abc_def0L);
            client.sign(packet, keyId);
            packet.wrap(buffer, 0, length);
            return packet;
        }

        Disposition respond(NtpPacket request) {
            byte[] octets = new byte[request.length()];
            request.copyTo(octets, octets.length);
            ByteBuffer buffer = ByteBuffer.wrap(octets);
            Disposition met = respondTo(buffer, octets.length);
            request.wrap(
                    buffer, 0, met == Disposition.ANSWERED ? exchange.packet().length() : octets.length);
            return met;
        }

        Disposition respondTo(ByteBuffer buffer, int length) {
            exchange.datagram(buffer, 0, length, false)
                    .from(0, CLIENT, 40_000)
                    .to(0, CLIENT + 1, 123)
                    .receivedAt(NOW);
            Disposition met = responder.respond(exchange);
            if (met == Disposition.ANSWERED) {
                responder.stampTransmit(exchange, STRATUM_ONE, NOW + 11_000);
            }
            return met;
        }

        NtpPacket answer(NtpPacket request) {
            assertEquals(Disposition.ANSWERED, respond(request));
            return exchange.packet();
        }
    }
}
