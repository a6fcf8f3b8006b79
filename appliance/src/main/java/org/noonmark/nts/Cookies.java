package org.noonmark.nts;

import java.util.List;
import java.util.function.Supplier;

/**
 * Seals and opens cookies. They hold all that the server needs to know of a client, so that it need not remember any (RFC 8915, section
 * 6): number of the key (4 octets), nonce (12), then sealed with AES-SIV-CMAC-256: the AEAD's number (4), the key of requests, the key of
 * answers. For one thread; allocates only when the keys have changed.
 */
final class Cookies {
    private static final int KEY_ID = 4;
    private static final int NONCE = 12;
    private static final int PREFIX = KEY_ID + NONCE;
    private static final int AEAD_ID = 4;
    private static final Aead SEALED_WITH = Aead.AES_SIV_CMAC_256;

    private final Supplier<CookieKeys> keys;
    private final Nonces nonces;
    private final Scratch scratch = new Scratch();
    private CookieKeys known;
    private int[] ids = new int[0];
    private AesSiv[] ciphers = new AesSiv[0];

    /**
     * @param keys the present ones, read for each cookie; never null
     * @param nonces this thread's
     */
    Cookies(Supplier<CookieKeys> keys, Nonces nonces) {
        this.keys = keys;
        this.nonces = nonces;
        this.known = keys.get();
        take(known);
    }

    /** Octets of a cookie of this algorithm. */
    static int length(Aead aead) {
        return PREFIX + Aead.TAG_LENGTH + contentsLength(aead);
    }

    /** Octets of what a cookie of this algorithm hides: number and keys. */
    static int contentsLength(Aead aead) {
        return AEAD_ID + 2 * aead.keyLength();
    }

    /** Where the key of requests stands in a cookie's contents. */
    static int c2sAt() {
        return AEAD_ID;
    }

    /** Where the key of answers stands in them. */
    static int s2cAt(Aead aead) {
        return AEAD_ID + aead.keyLength();
    }

    /** Writes the contents of a cookie. */
    static void writeContents(Aead aead, byte[] c2s, byte[] s2c, byte[] contents) {
        contents[0] = 0;
        contents[1] = 0;
        contents[2] = (byte) (aead.id() >>> 8);
        contents[3] = (byte) aead.id();
        System.arraycopy(c2s, 0, contents, c2sAt(), aead.keyLength());
        System.arraycopy(s2c, 0, contents, s2cAt(aead), aead.keyLength());
    }

    /** Writes a new cookie with these contents of {@code length} octets. */
    void seal(byte[] contents, int length, byte[] octets, int at) {
        refresh();
        int id = ids[0];
        for (int i = 0; i < KEY_ID; i++) {
            octets[at + i] = (byte) (id >>> (8 * (KEY_ID - 1 - i)));
        }
        nonces.next(octets, at + KEY_ID, NONCE);
        AesSiv cipher = ciphers[0];
        cipher.begin();
        cipher.associate(octets, at + KEY_ID, NONCE);
        cipher.seal(contents, 0, length, octets, at + PREFIX);
    }

    /**
     * Opens the cookie of {@code length} octets at {@code at}.
     *
     * @param contents gets what it hides
     * @return whether it is one that this server, or one with the same keys, has made, and its key is still known
     */
    boolean open(byte[] octets, int at, int length, byte[] contents) {
        refresh();
        if (length < PREFIX + Aead.TAG_LENGTH || length > length(Aead.AES_SIV_CMAC_512)) {
            return false;
        }
        int id = 0;
        for (int i = 0; i < KEY_ID; i++) {
            id = id << 8 | (octets[at + i] & 0xff);
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                AesSiv cipher = ciphers[i];
                cipher.begin();
                cipher.associate(octets, at + KEY_ID, NONCE);
                return cipher.open(octets, at + PREFIX, length - PREFIX, contents);
            }
        }
        return false;
    }

    /** Keys never change, they are replaced: whether it is the same object is the whole question, and cheap to ask. */
    @SuppressWarnings("ReferenceEquality")
    private void refresh() {
        CookieKeys now = keys.get();
        if (now != known) {
            known = now;
            take(now);
        }
    }

    private void take(CookieKeys now) {
        List<CookieKey> all = now.all();
        ids = all.stream().mapToInt(CookieKey::id).toArray();
        ciphers = new AesSiv[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ciphers[i] = new AesSiv(SEALED_WITH.keyLength(), scratch);
            all.get(i).giveTo(ciphers[i]);
        }
    }
}
