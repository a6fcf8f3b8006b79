package org.noonmark.nts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CookieKeysTest {
    private final Random random = new Random(6);
    private CookieKeys keys = CookieKeys.first(random);
    private final SharedCookieMaker maker = new SharedCookieMaker(() -> keys, random);

    @ParameterizedTest
    @EnumSource(Aead.class)
    void aCookieGivesBackItsKeysAndIsAMultipleOfFourLong(Aead aead) {
        byte[] c2s = bytes(aead.keyLength());
        byte[] s2c = bytes(aead.keyLength());
        byte[] cookie = maker.seal(aead, c2s, s2c);
        assertEquals(0, cookie.length % 4);
        byte[] contents = new byte[200];
        assertTrue(opener().open(cookie, 0, cookie.length, contents));
        assertEquals(aead.id(), (contents[2] << 8) + contents[3]);
        assertArrayEquals(c2s, Arrays.copyOfRange(contents, Cookies.c2sAt(), Cookies.c2sAt() + aead.keyLength()));
        int at = Cookies.s2cAt(aead);
        assertArrayEquals(s2c, Arrays.copyOfRange(contents, at, at + aead.keyLength()));
    }

    @Test
    void cookiesOfTheSameKeysAreAllDifferent() {
        byte[] key = bytes(32);
        List<String> cookies = IntStream.range(0, 1_000)
                .mapToObj(_ -> HexFormat.of().formatHex(maker.seal(Aead.AES_SIV_CMAC_256, key, key)))
                .toList();
        assertEquals(
                1_000, cookies.stream().map(c -> c.substring(8, 32)).distinct().count(), "nonces");
        assertEquals(
                1_000, cookies.stream().map(c -> c.substring(32)).distinct().count(), "what is sealed");
    }

    @Test
    void aCookieOpensThroughTwoRotationsAndNoMore() {
        byte[] cookie = maker.seal(Aead.AES_SIV_CMAC_256, bytes(32), bytes(32));
        Cookies opener = opener();
        for (int rotation = 0; rotation < 3; rotation++) {
            assertTrue(opens(opener, cookie), "after " + rotation + " rotations");
            keys = keys.rotated(random, 1_000 + rotation);
        }
        assertFalse(opens(opener, cookie));
    }

    @Test
    void aServerWithYesterdaysCopyOfTheKeysOpensTodaysCookies() {
        CookieKeys copy = keys;
        keys = copy.rotated(random, 0);
        byte[] cookie = maker.seal(Aead.AES_SIV_CMAC_512, bytes(64), bytes(64));
        assertTrue(opens(new Cookies(() -> copy, new Nonces(bytes(32))), cookie));
    }

    @Test
    void anyChangedBitOfACookieIsNoticed() {
        byte[] cookie = maker.seal(Aead.AES_128_GCM_SIV, bytes(16), bytes(16));
        Cookies opener = opener();
        for (int at = 0; at < cookie.length; at++) {
            cookie[at] ^= 4;
            assertFalse(opens(opener, cookie), "octet " + at);
            cookie[at] ^= 4;
        }
        assertTrue(opens(opener, cookie));
    }

    @Test
    void keysOfAWrongLengthAreAFaultOfTheCaller() {
        assertThrows(
                IllegalArgumentException.class, () -> maker.seal(Aead.AES_SIV_CMAC_512, new byte[32], new byte[64]));
    }

    @Test
    void theTextGivesBackTheKeysAndShowsWhenItIsNotWhole() throws CookieKeysText.MalformedException {
        CookieKeys some = keys.rotated(random, 1_794_321_000)
                .rotated(random, 1_794_925_800)
                .rotated(random, 5);
        String text = CookieKeysText.format(some);
        assertEquals(some, CookieKeysText.parse(text));
        assertEquals(2, some.previous().size());
        for (int cut = 0; cut < text.length() - 1; cut++) {
            String part = text.substring(0, cut);
            assertThrows(CookieKeysText.MalformedException.class, () -> CookieKeysText.parse(part));
        }
        for (int at = 0; at < text.length() - 1; at++) {
            char[] changed = text.toCharArray();
            changed[at] = (char) (changed[at] ^ 1);
            assertThrows(CookieKeysText.MalformedException.class, () -> CookieKeysText.parse(String.valueOf(changed)));
        }
    }

    @Test
    void noSecretIsInWordsAboutAKey() {
        CookieKeys some = keys;
        assertFalse(some.toString().contains(some.current().secretDigits()));
        assertTrue(some.toString().contains(some.current().name()));
    }

    @Test
    void noncesOfTwoThreadsHaveNothingInCommon() {
        byte[] one = new byte[16];
        byte[] other = new byte[16];
        new Nonces(bytes(32)).next(one, 0, 16);
        new Nonces(bytes(32)).next(other, 0, 16);
        assertNotEquals(HexFormat.of().formatHex(one), HexFormat.of().formatHex(other));
    }

    private Cookies opener() {
        return new Cookies(() -> keys, new Nonces(bytes(32)));
    }

    private static boolean opens(Cookies opener, byte[] cookie) {
        return opener.open(cookie, 0, cookie.length, new byte[200]);
    }

    private byte[] bytes(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }
}
