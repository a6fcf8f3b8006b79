package org.noonmark.ntp;

/** A function that makes the digest of a MAC with one key. For one thread, as it keeps its working memory. */
sealed interface KeyedMac permits AesCmac, DigestMac {
    /** The longest digest there is, octets. */
    int MOST_DIGEST_BYTES = 64;

    /** Octets that {@link #digest} may write behind the message. */
    int ROOM_BEHIND = 16;

    /** Octets of the digest, before any truncation. */
    int length();

    /**
     * Makes the digest of the first {@code length} octets of {@code message}.
     *
     * @param message used as working memory too, {@link #ROOM_BEHIND} octets beyond the length as well: what is in it is lost
     * @param digest gets {@link #length()} octets, from its start
     */
    void digest(byte[] message, int length, byte[] digest);
}
