package org.noonmark.nts;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The AEAD algorithms that are served, by their numbers in IANA's registry of AEAD algorithms. */
public enum Aead {
    /** RFC 5297, the one that every server has (RFC 8915, section 5.1). */
    AES_SIV_CMAC_256(15, 32, 16),
    /** RFC 5297. */
    AES_SIV_CMAC_512(17, 64, 16),
    /** RFC 8452. */
    AES_128_GCM_SIV(30, 16, 12);

    /** Octets by which a sealed text is longer than the plain one, of all of them. */
    public static final int TAG_LENGTH = 16;

    /** The longest key, octets. */
    public static final int MOST_KEY_LENGTH = 64;

    private final int id;
    private final int keyLength;
    private final int nonceLength;

    Aead(int id, int keyLength, int nonceLength) {
        this.id = id;
        this.keyLength = keyLength;
        this.nonceLength = nonceLength;
    }

    /** The algorithm with that number, if it is served. */
    public static Optional<Aead> of(int id) {
        return Optional.ofNullable(known(id));
    }

    /** The same, for the packet path. */
    static @Nullable Aead known(int id) {
        return switch (id) {
            case 15 -> AES_SIV_CMAC_256;
            case 17 -> AES_SIV_CMAC_512;
            case 30 -> AES_128_GCM_SIV;
            default -> null;
        };
    }

    /** Number in IANA's registry. */
    public int id() {
        return id;
    }

    /** Octets of a key. */
    public int keyLength() {
        return keyLength;
    }

    /**
     * Octets of the nonces that this server makes, and the padded length that a client's nonce field must at least have: the lesser of 16
     * and the longest nonce of the algorithm (RFC 8915, section 5.6).
     */
    public int nonceLength() {
        return nonceLength;
    }

    /** Whether a client's nonce may have so many octets: AES-SIV takes any but none, AES-GCM-SIV its own length alone. */
    public boolean takesNonce(int octets) {
        return this == AES_128_GCM_SIV ? octets == nonceLength : octets > 0;
    }

    /** A cipher without a key yet, for the thread whose working memory this is. */
    AeadCipher cipher(Scratch scratch) {
        return this == AES_128_GCM_SIV ? new AesGcmSiv(scratch) : new AesSiv(keyLength, scratch);
    }
}
