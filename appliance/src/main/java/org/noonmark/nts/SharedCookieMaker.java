package org.noonmark.nts;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Makes cookies for all threads that exchange keys with clients, one at a time: a cookie takes a microsecond. */
public final class SharedCookieMaker implements CookieMaker {
    private final Cookies cookies;
    private final byte[] contents = new byte[Cookies.contentsLength(Aead.AES_SIV_CMAC_512)];

    /**
     * @param keys the present ones; never null
     * @param random fit for secrets
     */
    public SharedCookieMaker(Supplier<CookieKeys> keys, RandomGenerator random) {
        byte[] seed = new byte[Nonces.SEED_LENGTH];
        random.nextBytes(seed);
        cookies = new Cookies(keys, new Nonces(seed));
    }

    @Override
    public synchronized byte[] seal(Aead aead, byte[] c2s, byte[] s2c) {
        if (c2s.length != aead.keyLength() || s2c.length != aead.keyLength()) {
            throw new IllegalArgumentException(
                    "keys of " + c2s.length + " and " + s2c.length + " octets, need " + aead.keyLength());
        }
        Cookies.writeContents(aead, c2s, s2c, contents);
        byte[] cookie = new byte[Cookies.length(aead)];
        cookies.seal(contents, Cookies.contentsLength(aead), cookie, 0);
        Arrays.fill(contents, (byte) 0);
        return cookie;
    }
}
