package org.noonmark.nts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtsFields;
import org.noonmark.ntp.RateLimit;
import org.noonmark.time.NtpTime;

class NtsPacketsTest {
    private static final HexFormat HEX = HexFormat.of();

    private final NtsServerSide server = new NtsServerSide();

    @ParameterizedTest
    @EnumSource(Aead.class)
    void anAuthenticRequestGetsAnAuthenticAnswerWithAsManyNewCookiesAndAsLong(Aead aead) {
        NtsServerSide.Client client = server.client(aead);
        int most = aead == Aead.AES_SIV_CMAC_512 ? 6 : 7;
        for (int placeholders = 0; placeholders <= most; placeholders++) {
            byte[] request = client.request(placeholders);
            byte[] answer = server.answer(request);
            assertEquals(request.length, answer.length);
            assertEquals(0x24, answer[0]);
            assertEquals(1, answer[1]);
            assertArrayEquals(Arrays.copyOfRange(request, 40, 48), Arrays.copyOfRange(answer, 24, 32), "origin");
            List<byte[]> cookies = client.nts.open(answer, request).orElseThrow();
            assertEquals(1 + placeholders, cookies.size());
            for (byte[] cookie : cookies) {
                byte[] next = client.nts.request(cookie, 0, 7);
                assertTrue(client.nts.open(server.answer(next), next).isPresent(), "a new cookie opens");
            }
            assertTrue(server.exchange.isAuthenticated());
            assertTrue(server.exchange.isSealed());
        }
    }

    @Test
    void noTwoCookiesAreEqualAndNoTwoNonces() {
        NtsServerSide.Client client = server.client(Aead.AES_SIV_CMAC_256);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            byte[] request = client.request(7);
            byte[] answer = server.answer(request);
            assertTrue(seen.add(HEX.formatHex(answer, 92, 108)), "nonce");
            client.nts.open(answer, request).orElseThrow().forEach(c -> assertTrue(seen.add(HEX.formatHex(c))));
        }
    }

    @Test
    void moreThanEightCookiesAreNotGiven() {
        NtsServerSide.Client client = server.client(Aead.AES_128_GCM_SIV);
        byte[] request = client.request(12);
        assertEquals(
                8,
                client.nts.open(server.answer(request), request).orElseThrow().size());
    }

    /** Values of a packet that ntpd-rs has captured, with a cookie that is none of ours. */
    @Test
    void aCapturedRequestIsReadAsItsAuthorsReadIt() throws IOException {
        JsonNode captured;
        try (InputStream in = Objects.requireNonNull(
                NtsPacketsTest.class.getResourceAsStream("/nts/nts-captured-client-request.json"))) {
            captured = new ObjectMapper().readTree(in);
        }
        byte[] packet = HEX.parseHex(captured.get("packet").asText());
        AeadCipher cipher = Aead.AES_SIV_CMAC_512.cipher(new Scratch());
        cipher.setKey(HEX.parseHex(captured.get("key").asText()), 0);
        byte[] plain = new byte[16];
        assertTrue(cipher.open(packet, 256, 264, 16, 280, 16, plain));
        for (int at = 0; at < packet.length; at++) {
            packet[at] ^= 1;
            // Type and lengths of the authenticator itself are not covered: they are read, or nothing is.
            assertEquals(at >= 256 && at < 264, cipher.open(packet, 256, 264, 16, 280, 16, plain), "octet " + at);
            packet[at] ^= 1;
        }
        byte[] answer = server.answer(packet);
        assertEquals(48 + 36, answer.length, "a cookie of another server: NTSN");
        assertNtsNak(answer, packet);
    }

    @ParameterizedTest
    @EnumSource(Aead.class)
    void anyChangedBitIsNoticedAndNothingIsActedOn(Aead aead) {
        NtsServerSide.Client client = server.client(aead);
        byte[] request = client.request(1);
        for (int at = 48; at < request.length; at++) {
            byte[] changed = request.clone();
            changed[at] ^= (byte) (1 << at % 8);
            Disposition met = server.respond(changed);
            assertTrue(
                    met == Disposition.NTS_MALFORMED
                            || met == Disposition.BAD_EXTENSION
                            || (met == Disposition.ANSWERED && server.exchange.isNtsNak()),
                    "octet " + at + ": " + met);
            assertFalse(server.exchange.isSealed() && met == Disposition.ANSWERED);
        }
        for (int at = 0; at < 48; at++) {
            byte[] changed = request.clone();
            changed[at] ^= (byte) (at == 0 ? 0x40 : 1);
            assertEquals(Disposition.ANSWERED, server.respond(changed));
            assertTrue(server.exchange.isNtsNak(), "octet " + at + " of the header");
        }
    }

    @Test
    void aCookieThatCannotBeOpenedOrAWrongTagGetsANakWithItsUniqueIdentifier() {
        NtsServerSide.Client client = server.client(Aead.AES_SIV_CMAC_256);
        byte[] old = client.request(3);
        server.keys = CookieKeys.first(server.random);
        assertNtsNak(server.answer(old), old);

        byte[] forged = client.request(0);
        forged[forged.length - 1] ^= 1;
        assertNtsNak(server.answer(forged), forged);
        assertFalse(server.exchange.isAuthenticated());
    }

    @Test
    void naksAreLimitedInTheirRate() {
        byte[] request = server.client(Aead.AES_SIV_CMAC_256).request(0);
        request[request.length - 1] ^= 1;
        int told = 0;
        for (int i = 0; i < 10_000; i++) {
            told += server.respond(request) == Disposition.ANSWERED ? 1 : 0;
            server.nowNanos -= 20_000_000 - 1_000;
        }
        assertTrue(told >= 100 && told < 120, told + " in 10 ms");
        server.nowNanos += 1_000_000_000L;
        assertEquals(Disposition.ANSWERED, server.respond(request), "a second later again");
    }

    /** RFC 8915, section 5.7, and what follows from it. */
    @Test
    void whatBreaksTheRfcIsDroppedWithoutANak() {
        NtsServerSide.Client client = server.client(Aead.AES_SIV_CMAC_256);
        byte[] good = client.request(1);
        int cookie = NtsServerSide.uniqueIdentifierEnd();
        int placeholder = cookie + 104;
        int authenticator = placeholder + 104;
        assertEquals(0x0404, NtsPackets.unsignedShort(good, authenticator));

        dropped("two cookies", NtsServerSide.insert(good, cookie, NtsServerSide.field(NtsFields.COOKIE, 104)));
        dropped("two unique identifiers", NtsServerSide.insert(good, 48, Arrays.copyOfRange(good, 48, cookie)));
        dropped("no unique identifier", cut(good, 48, cookie));
        dropped("no cookie", cut(good, cookie, placeholder));
        dropped("no authenticator", Arrays.copyOf(good, authenticator));
        dropped("a short unique identifier", shortUniqueIdentifier(good));
        dropped(
                "a placeholder of another length",
                NtsServerSide.insert(good, placeholder, NtsServerSide.field(NtsFields.COOKIE_PLACEHOLDER, 108)));
        dropped(
                "a field behind the authenticator",
                NtsServerSide.insert(good, good.length, NtsServerSide.field(0x2005, 16)));
        dropped("a MAC behind the authenticator", Arrays.copyOf(good, good.length + 20));
        dropped("symmetric mode", with(good, 0, 4 << 3 | 1));
        dropped("a nonce longer than the field", with(good, authenticator + 4, 0x70));
        dropped("a ciphertext longer than the field", with(good, authenticator + 6, 0x70));
        dropped("a ciphertext shorter than a tag", with(good, authenticator + 7, 12));
        dropped("no nonce", with(good, authenticator + 5, 0));
        assertTrue(client.nts.open(server.answer(good), good).isPresent(), "the good one still is");
    }

    /** RFC 8915, section 5.6: a nonce of 12 octets with AES-SIV needs 4 octets of padding, so that one of 16 has room in the answer. */
    @ParameterizedTest
    @CsvSource({"0, false", "4, true", "8, true"})
    void aShortNonceNeedsPadding(int padding, boolean answered) {
        NtsServerSide.Client client = server.client(Aead.AES_SIV_CMAC_256);
        byte[] request = withNonce(client, 12, padding, new byte[0]);
        if (answered) {
            assertTrue(client.nts.open(server.answer(request), request).isPresent());
        } else {
            assertEquals(Disposition.NTS_MALFORMED, server.respond(request));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 18, 20, 32})
    void aLongNonceIsTaken(int nonce) {
        NtsServerSide.Client client = server.client(Aead.AES_SIV_CMAC_256);
        byte[] request = withNonce(client, nonce, 0, new byte[0]);
        assertTrue(client.nts.open(server.answer(request), request).isPresent());
    }

    @Test
    void encryptedPlaceholdersCountAndEncryptedCookiesAreDropped() {
        NtsServerSide.Client client = server.client(Aead.AES_SIV_CMAC_256);
        byte[] two = Arrays.copyOf(NtsServerSide.field(NtsFields.COOKIE_PLACEHOLDER, 104), 208);
        System.arraycopy(two, 0, two, 104, 104);
        byte[] request = withNonce(client, 16, 0, two);
        assertEquals(
                3,
                client.nts.open(server.answer(request), request).orElseThrow().size());

        byte[] wrongLength = withNonce(client, 16, 0, NtsServerSide.field(NtsFields.COOKIE_PLACEHOLDER, 100));
        assertEquals(Disposition.NTS_MALFORMED, server.respond(wrongLength));
        byte[] cookie = withNonce(client, 16, 0, NtsServerSide.field(NtsFields.COOKIE, 104));
        assertEquals(Disposition.NTS_MALFORMED, server.respond(cookie));
        byte[] torn = NtsServerSide.field(0x2005, 28);
        torn[3] = 32;
        assertEquals(Disposition.NTS_MALFORMED, server.respond(withNonce(client, 16, 0, torn)));
        byte[] unknown = withNonce(client, 16, 0, NtsServerSide.field(0x2005, 28));
        assertTrue(client.nts.open(server.answer(unknown), unknown).isPresent(), "unknown fields are skipped");
    }

    @Test
    void fieldsOfOtherKindsAreSkippedAndNotReturned() {
        NtsServerSide.Client client = server.client(Aead.AES_SIV_CMAC_256);
        byte[] request = withField(client);
        byte[] answer = server.answer(request);
        assertEquals(request.length, answer.length);
        assertEquals(
                1, client.nts.open(answer, cut(request, 48, 248)).orElseThrow().size());
        assertEquals(0x0104, NtsPackets.unsignedShort(answer, 48));
    }

    @Test
    void interleavedModeTellsWhenTheAnswerBeforeLeftUnderTheSeal() {
        NtsServerSide.Client client = server.client(Aead.AES_SIV_CMAC_256);
        byte[] first = client.request(0);
        byte[] answer = server.answer(first);
        long receive = ByteBuffer.wrap(answer).getLong(32);
        // Nothing is kept for a client that does not try it.
        assertFalse(server.exchange.keepsStamps());

        byte[] second = interleaved(client, receive, 1);
        answer = server.answer(second);
        assertTrue(server.exchange.keepsStamps());
        receive = ByteBuffer.wrap(answer).getLong(32);
        long left = server.nowNanos + 9_000;
        server.responder.onTransmitStamp(receive, left);

        byte[] third = interleaved(client, receive, 2);
        answer = server.answer(third);
        assertTrue(server.exchange.isInterleaved());
        assertTrue(client.nts.open(answer, third).isPresent());
        assertEquals(2, ByteBuffer.wrap(answer).getLong(24), "origin is the request's receive stamp");
        long transmit = ByteBuffer.wrap(answer).getLong(40);
        assertTrue(Math.abs(transmit - NtpTime.ofUnixNanos(left)) < 1 << 10);
    }

    @Test
    void aClientThatIsToldToAskLessIsToldSoUnderTheSeal() {
        NtsServerSide limited = new NtsServerSide(NtpOptions.PLAIN.withRateLimit(new RateLimit(10, 1, 1, 1)));
        NtsServerSide.Client client = limited.client(Aead.AES_SIV_CMAC_256);
        for (int i = 0; i < 1_000; i++) {
            byte[] request = client.request(0);
            if (limited.respond(request) == Disposition.ANSWERED) {
                byte[] answer = limited.answer(request);
                if (answer[1] == 0) {
                    assertEquals("RATE", new String(answer, 12, 4, StandardCharsets.US_ASCII));
                    assertTrue(client.nts.open(answer, request).isPresent());
                    return;
                }
            }
            limited.nowNanos -= 30_000_000;
        }
        throw new AssertionError("no kiss in 1000 requests");
    }

    @Test
    void aKnownClientCostsNoGarbageAndAnotherOneABoundedAmount() {
        NtsServerSide.Client[] clients = new NtsServerSide.Client[NtsSupply.CLIENTS * 2];
        byte[][] requests = new byte[clients.length][];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = server.client(Aead.AES_SIV_CMAC_256);
            requests[i] = clients[i].request(0);
        }
        long hit = allocated(requests, NtsSupply.CLIENTS / 2);
        assertEquals(0, hit, "bytes for a request of a known client");
        long miss = allocated(requests, requests.length);
        assertNotEquals(0, miss);
        assertTrue(miss < 3_072, miss + " bytes for a request of an unknown client");
        Arrays.setAll(requests, _ -> server.client(Aead.AES_128_GCM_SIV).request(0));
        long gcm = allocated(Arrays.copyOf(requests, 8), 8);
        assertTrue(gcm < 3_072, gcm + " bytes for a request with AES-GCM-SIV");
    }

    /** RFC 8915, section 5.3: it may be used without NTS, and comes back unchanged. */
    @Test
    void aPlainRequestGetsItsUniqueIdentifierBack() {
        byte[] plain = Arrays.copyOf(server.client(Aead.AES_SIV_CMAC_256).request(0), 48);
        byte[] identifier = NtsServerSide.field(NtsFields.UNIQUE_IDENTIFIER, 36);
        Arrays.fill(identifier, 4, 36, (byte) 0x5a);
        byte[] request = NtsServerSide.insert(plain, 48, identifier);
        byte[] answer = server.answer(NtsServerSide.insert(request, 48, NtsServerSide.field(0x2005, 28)));
        assertArrayEquals(identifier, Arrays.copyOfRange(answer, 48, answer.length));
        assertEquals(1, answer[1], "no kiss");
        // What is no such identifier is a field that nobody knows.
        assertEquals(48, server.answer(NtsServerSide.insert(request, 48, identifier)).length);
        byte[] shorter = NtsServerSide.insert(plain, 48, NtsServerSide.field(NtsFields.UNIQUE_IDENTIFIER, 32));
        assertEquals(48, server.answer(shorter).length);
        byte[] withPlaceholder =
                NtsServerSide.insert(request, 84, NtsServerSide.field(NtsFields.COOKIE_PLACEHOLDER, 104));
        dropped("a placeholder without a cookie", withPlaceholder);
    }

    @Test
    void ciphersOfAllThreadsTogetherAreBoundedAndEachThreadHasThoseOfABatch() {
        AtomicInteger spare = new AtomicInteger(100);
        ClientKeys first = new ClientKeys(512, spare, new Scratch());
        ClientKeys second = new ClientKeys(512, spare, new Scratch());
        assertEquals(164, places(first));
        assertEquals(64, places(second));
        assertEquals(0, spare.get());
    }

    /** Different places that 600 clients get. */
    private long places(ClientKeys keys) {
        return IntStream.range(0, 600)
                .map(_ -> keys.find(Aead.AES_SIV_CMAC_256, server.bytes(68)))
                .distinct()
                .count();
    }

    /** Bytes for one request. */
    private long allocated(byte[][] requests, int count) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int round = 0; round < 30_000; round++) {
            if (round == 20_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            if (server.respond(requests[round % count]) == Disposition.ANSWERED) {
                server.responder.stampTransmit(server.exchange, NtsServerSide.STRATUM_ONE, server.nowNanos);
            }
        }
        // Less than an octet each is the measuring's own.
        return (threads.getCurrentThreadAllocatedBytes() - before) / 10_000;
    }

    private void dropped(String what, byte[] request) {
        assertEquals(Disposition.NTS_MALFORMED, server.respond(request), what);
    }

    private static void assertNtsNak(byte[] answer, byte[] request) {
        assertEquals(48 + 36, answer.length);
        assertEquals(0xe4, answer[0] & 0xff);
        assertEquals(0, answer[1]);
        assertEquals("NTSN", new String(answer, 12, 4, StandardCharsets.US_ASCII));
        assertArrayEquals(Arrays.copyOfRange(request, 48, 84), Arrays.copyOfRange(answer, 48, 84));
        assertArrayEquals(Arrays.copyOfRange(request, 40, 48), Arrays.copyOfRange(answer, 24, 32));
    }

    private byte[] interleaved(NtsServerSide.Client client, long origin, long receive) {
        byte[] request = client.request(0);
        ByteBuffer.wrap(request).putLong(24, origin).putLong(32, receive);
        return sealed(client, request, request.length - 40, 16, 0, new byte[0]);
    }

    private byte[] withField(NtsServerSide.Client client) {
        byte[] plain = client.request(0);
        byte[] longer = NtsServerSide.insert(plain, 48, NtsServerSide.field(0x2005, 200));
        return sealed(client, longer, longer.length - 40, 16, 0, new byte[0]);
    }

    private byte[] withNonce(NtsServerSide.Client client, int nonce, int padding, byte[] encrypted) {
        byte[] plain = client.request(0);
        return sealed(client, plain, plain.length - 40, nonce, padding, encrypted);
    }

    /** A request whose first octets are authenticated anew. */
    private byte[] sealed(
            NtsServerSide.Client client, byte[] packet, int authenticator, int nonce, int padding, byte[] encrypted) {
        int nonceAt = authenticator + 8;
        int sealedAt = nonceAt + NtsPackets.wholeWords(nonce);
        byte[] made = Arrays.copyOf(packet, sealedAt + NtsPackets.wholeWords(encrypted.length + 16) + padding);
        Arrays.fill(made, authenticator, made.length, (byte) 0);
        NtsPackets.setField(made, authenticator, NtsFields.AUTHENTICATOR, made.length - authenticator);
        NtsPackets.setShorts(made, authenticator + 4, nonce, encrypted.length + 16);
        AeadCipher cipher = client.aead.cipher(new Scratch());
        cipher.setKey(client.c2s, 0);
        cipher.seal(made, authenticator, made, nonceAt, nonce, encrypted, 0, encrypted.length, made, sealedAt);
        return made;
    }

    private static byte[] cut(byte[] packet, int from, int to) {
        byte[] shorter = Arrays.copyOf(packet, packet.length - (to - from));
        System.arraycopy(packet, to, shorter, from, packet.length - to);
        return shorter;
    }

    private static byte[] shortUniqueIdentifier(byte[] packet) {
        byte[] shorter = cut(packet, 80, 84);
        shorter[51] = 32;
        return shorter;
    }

    private static byte[] with(byte[] packet, int at, int octet) {
        byte[] changed = packet.clone();
        changed[at] = (byte) octet;
        return changed;
    }
}
