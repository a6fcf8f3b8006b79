package org.noonmark.nts;

import static org.noonmark.nts.AesBlocks.BLOCK;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * AEAD_AES_128_GCM_SIV (RFC 8452). Each nonce has keys of its own, so that each text gives AES a new key: that allocates, as Java's AES
 * keeps its round keys in new arrays. A sealed text is the ciphertext, then the tag.
 */
final class AesGcmSiv implements AeadCipher {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int KEY_LENGTH = 16;
    private static final int NONCE_LENGTH = 12;
    /** RFC 8452, section 4: four blocks give the two keys, half a block each. */
    private static final int DERIVED = 4 * BLOCK;

    private final AesBlocks deriving = AesBlocks.single();
    private final AesBlocks encrypting = AesBlocks.single();
    private final Polyval polyval = new Polyval();
    private final byte[] from;
    private final byte[] to;
    private final byte[] hashKey = new byte[BLOCK];
    private final byte[] textKey = new byte[KEY_LENGTH];
    private final byte[] tag = new byte[BLOCK];
    private final byte[] givenTag = new byte[BLOCK];

    AesGcmSiv(Scratch scratch) {
        this.from = scratch.from();
        this.to = scratch.to();
    }

    @Override
    public void setKey(byte[] octets, int at) {
        deriving.setKey(octets, at, KEY_LENGTH);
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
        deriveKeys(nonce, nonceAt);
        makeTag(packet, adLength, nonce, nonceAt, plain, plainAt, length);
        applyCounter(tag, plain, plainAt, length, sealed, sealedAt);
        System.arraycopy(tag, 0, sealed, sealedAt + length, BLOCK);
    }

    @Override
    public boolean open(
            byte[] packet, int adLength, int nonceAt, int nonceLength, int sealedAt, int length, byte[] plain) {
        if (length < BLOCK || nonceLength != NONCE_LENGTH) {
            return false;
        }
        int plainLength = length - BLOCK;
        System.arraycopy(packet, sealedAt + plainLength, givenTag, 0, BLOCK);
        deriveKeys(packet, nonceAt);
        applyCounter(givenTag, packet, sealedAt, plainLength, plain, 0);
        makeTag(packet, adLength, packet, nonceAt, plain, 0, plainLength);
        int difference = 0;
        for (int i = 0; i < BLOCK; i++) {
            difference |= tag[i] ^ givenTag[i];
        }
        if (difference != 0) {
            Arrays.fill(plain, 0, plainLength, (byte) 0);
        }
        return difference == 0;
    }

    /** RFC 8452, section 4: a little-endian number in front of the nonce, and the first half of each block is key. */
    private void deriveKeys(byte[] nonce, int nonceAt) {
        for (int at = 0; at < DERIVED; at += BLOCK) {
            from[at] = (byte) (at / BLOCK);
            from[at + 1] = 0;
            from[at + 2] = 0;
            from[at + 3] = 0;
            System.arraycopy(nonce, nonceAt, from, at + 4, NONCE_LENGTH);
        }
        deriving.encrypt(from, DERIVED, to);
        System.arraycopy(to, 0, hashKey, 0, 8);
        System.arraycopy(to, BLOCK, hashKey, 8, 8);
        System.arraycopy(to, 2 * BLOCK, textKey, 0, 8);
        System.arraycopy(to, 3 * BLOCK, textKey, 8, 8);
        encrypting.setKey(textKey, 0, KEY_LENGTH);
    }

    private void makeTag(
            byte[] packet, int adLength, byte[] nonce, int nonceAt, byte[] plain, int plainAt, int length) {
        polyval.begin(hashKey);
        polyval.update(packet, 0, adLength);
        polyval.update(plain, plainAt, length);
        polyval.update(adLength * 8L, length * 8L);
        polyval.finish(from);
        for (int i = 0; i < NONCE_LENGTH; i++) {
            from[i] ^= nonce[nonceAt + i];
        }
        from[BLOCK - 1] &= 0x7f;
        encrypting.encrypt(from, BLOCK, tag);
    }

    /** RFC 8452, section 4: the tag with its highest bit set counts up in its first four octets, little-endian, round their end. */
    private void applyCounter(byte[] start, byte[] text, int textAt, int length, byte[] result, int resultAt) {
        if (length == 0) {
            return;
        }
        int end = AesBlocks.whole(length);
        int count = (int) WORDS.get(start, 0);
        for (int at = 0; at < end; at += BLOCK) {
            System.arraycopy(start, 4, from, at + 4, NONCE_LENGTH);
            WORDS.set(from, at, count);
            from[at + BLOCK - 1] |= (byte) 0x80;
            count++;
        }
        encrypting.encrypt(from, end, to);
        for (int i = 0; i < length; i++) {
            result[resultAt + i] = (byte) (text[textAt + i] ^ to[i]);
        }
    }
}
