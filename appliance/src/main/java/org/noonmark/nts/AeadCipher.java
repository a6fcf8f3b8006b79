package org.noonmark.nts;

/**
 * An AEAD with one key, for one thread. Associated data is the start of an array, as it is the start of a packet. After {@link #setKey}
 * nothing is allocated, but for what {@link AesGcmSiv} says of itself.
 */
sealed interface AeadCipher permits AesSiv, AesGcmSiv {
    /** Octets of a text and of associated data, at most: longer than any NTP packet that is taken. */
    int MOST_TEXT = 1_536;

    /** Takes another key, which stands in {@code octets} from {@code at} on. Allocates. */
    void setKey(byte[] octets, int at);

    /**
     * Encrypts {@code length} octets of {@code plain} from {@code plainAt} on.
     *
     * @param packet its first {@code adLength} octets are the associated data
     * @param nonce has the nonce from {@code nonceAt} on
     * @param sealed gets the sealed text from {@code sealedAt} on, {@link Aead#TAG_LENGTH} octets longer than the plain one; may be {@code
     *     plain} where the two do not overlap
     */
    void seal(
            byte[] packet,
            int adLength,
            byte[] nonce,
            int nonceAt,
            int nonceLength,
            byte[] plain,
            int plainAt,
            int length,
            byte[] sealed,
            int sealedAt);

    /**
     * Checks and decrypts a sealed text of {@code length} octets, tag included, in {@code packet} from {@code sealedAt} on. How long it
     * takes says nothing of the right tag.
     *
     * @param packet its first {@code adLength} octets are the associated data; has the nonce too
     * @param plain gets the plain text from its start, {@link Aead#TAG_LENGTH} octets less; zeros when the tag is wrong
     * @return whether the tag is right
     */
    boolean open(byte[] packet, int adLength, int nonceAt, int nonceLength, int sealedAt, int length, byte[] plain);
}
