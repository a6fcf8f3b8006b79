package org.noonmark.nts;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** A key that cookies are sealed with, and the number by which they name it. Its secret leaves it only for a cipher and for its file. */
public final class CookieKey {
    /** AES-SIV-CMAC-256. */
    static final int SECRET_LENGTH = 32;

    private final int id;
    private final long sinceSeconds;
    private final byte[] secret;

    private CookieKey(int id, long sinceSeconds, byte[] secret) {
        this.id = id;
        this.sinceSeconds = sinceSeconds;
        this.secret = secret;
    }

    /**
     * A key with this secret.
     *
     * @param sinceSeconds when it became the current one, seconds since 1970; 0: it was not yet, or the time was not known
     * @param secret 32 octets, copied
     */
    static CookieKey of(int id, long sinceSeconds, byte[] secret) {
        if (secret.length != SECRET_LENGTH) {
            throw new IllegalArgumentException("a secret of " + secret.length + " octets, need " + SECRET_LENGTH);
        }
        if (sinceSeconds < 0) {
            throw new IllegalArgumentException("a date before 1970: " + sinceSeconds);
        }
        return new CookieKey(id, sinceSeconds, secret.clone());
    }

    /** A new key; {@code random} must be fit for secrets. */
    static CookieKey random(RandomGenerator random) {
        byte[] secret = new byte[SECRET_LENGTH];
        random.nextBytes(secret);
        return new CookieKey(random.nextInt(), 0, secret);
    }

    /** The same key, of which it is known now since when it was the current one. */
    CookieKey since(long seconds) {
        return new CookieKey(id, seconds, secret);
    }

    /** When it became the current one, seconds since 1970; 0: it was not yet, or the time was not known. */
    public long sinceSeconds() {
        return sinceSeconds;
    }

    /** The number that stands in front of each cookie. */
    public int id() {
        return id;
    }

    /** The number as reports show it: eight hexadecimal digits. */
    public String name() {
        return HexFormat.of().toHexDigits(id);
    }

    void giveTo(AeadCipher cipher) {
        cipher.setKey(secret, 0);
    }

    String secretDigits() {
        return HexFormat.of().formatHex(secret);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CookieKey key
                && key.id == id
                && key.sinceSeconds == sinceSeconds
                && Arrays.equals(key.secret, secret);
    }

    @Override
    public int hashCode() {
        return id;
    }

    /** The number alone. */
    @Override
    public String toString() {
        return "cookie key " + name();
    }
}
