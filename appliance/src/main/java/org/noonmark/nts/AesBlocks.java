package org.noonmark.nts;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES over whole blocks in one call, as Java has it: the processor's instructions where there are such. {@code doFinal} leaves a cipher
 * as it was after {@code init}, so only another key needs that.
 */
final class AesBlocks {
    static final int BLOCK = 16;

    private static final IvParameterSpec ZERO = new IvParameterSpec(new byte[BLOCK]);

    private final Cipher cipher;
    private final boolean chained;

    private AesBlocks(String transformation, boolean chained) {
        try {
            cipher = Cipher.getInstance(transformation);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + transformation, e);
        }
        this.chained = chained;
    }

    /** Each block for itself. */
    static AesBlocks single() {
        return new AesBlocks("AES/ECB/NoPadding", false);
    }

    /** Each block upon the one before it, from zero on: CBC, whose last block is a MAC. */
    static AesBlocks chained() {
        return new AesBlocks("AES/CBC/NoPadding", true);
    }

    /** Takes another key of 16 or 32 octets. Allocates. */
    void setKey(byte[] octets, int at, int length) {
        try {
            SecretKeySpec key = new SecretKeySpec(octets, at, length, "AES");
            if (chained) {
                cipher.init(Cipher.ENCRYPT_MODE, key, ZERO);
            } else {
                cipher.init(Cipher.ENCRYPT_MODE, key);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES refused a key of " + length + " octets", e);
        }
    }

    /** Encrypts whole blocks from the start of {@code from} to the start of {@code to}. */
    void encrypt(byte[] from, int length, byte[] to) {
        try {
            cipher.doFinal(from, 0, length, to, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES refused " + length + " octets", e);
        }
    }

    /** Octets rounded up to whole blocks. */
    static int whole(int octets) {
        return (octets + BLOCK - 1) & -BLOCK;
    }
}
