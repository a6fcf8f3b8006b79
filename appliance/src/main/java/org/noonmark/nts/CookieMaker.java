package org.noonmark.nts;

/** Makes the cookies that a client gets with its keys (RFC 8915, sections 4.1.6 and 6). Any thread may call. */
@FunctionalInterface
public interface CookieMaker {
    /**
     * A cookie that no other is equal to, sealed with the current key. Its length depends on the algorithm alone and is a multiple of 4.
     *
     * @param c2s the key of requests, as long as {@link Aead#keyLength} says
     * @param s2c the key of answers, as long
     */
    byte[] seal(Aead aead, byte[] c2s, byte[] s2c);
}
