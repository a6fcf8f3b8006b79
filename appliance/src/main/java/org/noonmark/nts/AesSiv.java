package org.noonmark.nts;

import static org.noonmark.nts.AesBlocks.BLOCK;

import java.util.Arrays;

/**
 * AES-SIV-CMAC (RFC 5297) by the block calls of Java's own AES: CBC from a zero vector is CMAC's chain in one call, ECB over prepared
 * counters is CTR in one call. A sealed text is the synthetic IV, then the ciphertext.
 */
final class AesSiv implements AeadCipher {
    /** RFC 5297, section 2.3: the polynomial of the field of 2^128 elements. */
    private static final int POLYNOMIAL = 0x87;

    private final int keyLength;
    private final AesBlocks mac = AesBlocks.chained();
    private final AesBlocks counter = AesBlocks.single();
    /** CMAC's subkeys, for messages of whole blocks and for padded ones. */
    private final byte[] wholeKey = new byte[BLOCK];

    private final byte[] paddedKey = new byte[BLOCK];
    /** CMAC of a block of zeros, with which S2V begins. */
    private final byte[] macOfZero = new byte[BLOCK];

    private final byte[] from;
    private final byte[] to;
    /** The half of the key for CTR, until it is needed: an empty text, as most requests have, never does. */
    private final byte[] counterKey;

    private boolean counterReady;
    /** S2V so far; at its end the synthetic IV. */
    private final byte[] vector = new byte[BLOCK];

    private final byte[] givenVector = new byte[BLOCK];

    /**
     * A cipher without a key.
     *
     * @param keyLength octets of the keys that it gets, both halves: 32, 48 or 64
     */
    AesSiv(int keyLength, Scratch scratch) {
        this.keyLength = keyLength;
        this.from = scratch.from();
        this.to = scratch.to();
        this.counterKey = new byte[keyLength / 2];
    }

    @Override
    public void setKey(byte[] octets, int at) {
        int half = keyLength / 2;
        mac.setKey(octets, at, half);
        System.arraycopy(octets, at + half, counterKey, 0, half);
        counterReady = false;
        Arrays.fill(from, 0, BLOCK, (byte) 0);
        mac.encrypt(from, BLOCK, wholeKey);
        twice(wholeKey);
        System.arraycopy(wholeKey, 0, paddedKey, 0, BLOCK);
        twice(paddedKey);
        cmac(BLOCK, macOfZero);
    }

    @Override
    public void seal(
            byte[] packet,
            int adLength,
            byte[] nonce,
            int nonceAt,
            int nonceLength,
            byte[] plain,
            int plainAt,
            int length,
            byte[] sealed,
            int sealedAt) {
        begin();
        associate(packet, 0, adLength);
        associate(nonce, nonceAt, nonceLength);
        seal(plain, plainAt, length, sealed, sealedAt);
    }

    @Override
    public boolean open(
            byte[] packet, int adLength, int nonceAt, int nonceLength, int sealedAt, int length, byte[] plain) {
        begin();
        associate(packet, 0, adLength);
        associate(packet, nonceAt, nonceLength);
        return open(packet, sealedAt, length, plain);
    }

    /** Starts with a new text. */
    void begin() {
        System.arraycopy(macOfZero, 0, vector, 0, BLOCK);
    }

    /** Adds a string that the next text is bound to; a nonce is the last of them. */
    void associate(byte[] octets, int at, int length) {
        System.arraycopy(octets, at, from, 0, length);
        cmac(length, to);
        twice(vector);
        for (int i = 0; i < BLOCK; i++) {
            vector[i] ^= to[i];
        }
    }

    /** Encrypts a text bound to what was associated since {@link #begin}. */
    void seal(byte[] plain, int plainAt, int length, byte[] sealed, int sealedAt) {
        finishVector(plain, plainAt, length);
        System.arraycopy(vector, 0, sealed, sealedAt, BLOCK);
        applyCounter(vector, plain, plainAt, length, sealed, sealedAt + BLOCK);
    }

    /** Decrypts a text bound to what was associated since {@link #begin}, if it is right. */
    boolean open(byte[] octets, int sealedAt, int length, byte[] plain) {
        if (length < BLOCK) {
            return false;
        }
        int plainLength = length - BLOCK;
        System.arraycopy(octets, sealedAt, givenVector, 0, BLOCK);
        applyCounter(givenVector, octets, sealedAt + BLOCK, plainLength, plain, 0);
        finishVector(plain, 0, plainLength);
        int difference = 0;
        for (int i = 0; i < BLOCK; i++) {
            difference |= vector[i] ^ givenVector[i];
        }
        if (difference != 0) {
            Arrays.fill(plain, 0, plainLength, (byte) 0);
        }
        return difference == 0;
    }

    /** The last step of S2V (RFC 5297, section 2.4): the text itself. */
    private void finishVector(byte[] plain, int plainAt, int length) {
        System.arraycopy(plain, plainAt, from, 0, length);
        if (length >= BLOCK) {
            for (int i = 0; i < BLOCK; i++) {
                from[length - BLOCK + i] ^= vector[i];
            }
            cmac(length, vector);
            return;
        }
        from[length] = (byte) 0x80;
        Arrays.fill(from, length + 1, BLOCK, (byte) 0);
        twice(vector);
        for (int i = 0; i < BLOCK; i++) {
            from[i] ^= vector[i];
        }
        cmac(BLOCK, vector);
    }

    /** CMAC (RFC 4493) of the first octets of {@code from} into the first block of {@code result}. */
    private void cmac(int length, byte[] result) {
        int end = Math.max(BLOCK, AesBlocks.whole(length));
        byte[] subkey = wholeKey;
        if (end != length) {
            subkey = paddedKey;
            from[length] = (byte) 0x80;
            Arrays.fill(from, length + 1, end, (byte) 0);
        }
        for (int i = 0; i < BLOCK; i++) {
            from[end - BLOCK + i] ^= subkey[i];
        }
        mac.encrypt(from, end, to);
        System.arraycopy(to, end - BLOCK, result, 0, BLOCK);
    }

    /** RFC 5297, section 2.6: two bits of the start are cleared, so that no carry leaves the lowest 32 bits in a text of any length. */
    private void applyCounter(byte[] start, byte[] text, int textAt, int length, byte[] result, int resultAt) {
        if (length == 0) {
            return;
        }
        if (!counterReady) {
            counter.setKey(counterKey, 0, counterKey.length);
            counterReady = true;
        }
        int end = AesBlocks.whole(length);
        System.arraycopy(start, 0, from, 0, BLOCK);
        from[8] &= 0x7f;
        from[12] &= 0x7f;
        for (int at = BLOCK; at < end; at += BLOCK) {
            System.arraycopy(from, at - BLOCK, from, at, BLOCK);
            int last = at + BLOCK - 1;
            while (++from[last] == 0) {
                last--;
            }
        }
        counter.encrypt(from, end, to);
        for (int i = 0; i < length; i++) {
            result[resultAt + i] = (byte) (text[textAt + i] ^ to[i]);
        }
    }

    /** RFC 5297, section 2.3: multiplied by x. No branch on the secret. */
    private static void twice(byte[] block) {
        int carry = block[0] >> 7 & POLYNOMIAL;
        for (int i = 0; i < BLOCK - 1; i++) {
            block[i] = (byte) (block[i] << 1 | (block[i + 1] & 0xff) >>> 7);
        }
        block[BLOCK - 1] = (byte) (block[BLOCK - 1] << 1 ^ carry);
    }
}
