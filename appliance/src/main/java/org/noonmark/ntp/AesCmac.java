package org.noonmark.ntp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * CMAC over AES (RFC 4493; NIST SP 800-38B), which RFC 8573 recommends for NTP. CBC from a zero vector over the prepared message is
 * the whole of it: the last block is the digest, and the cipher is back at its start after each message.
 */
final class AesCmac implements KeyedMac {
    private static final int BLOCK = 16;
    /** RFC 4493, section 2.3: the polynomial of the field of 2^128 elements. */
    private static final int POLYNOMIAL = 0x87;

    private final Cipher cbc;
    private final byte[] whole;
    private final byte[] padded;
    private byte[] encrypted = new byte[0];

    /**
     * @param secret 16, 24 or 32 octets
     * @throws IllegalStateException when this Java has no AES
     */
    AesCmac(byte[] secret) {
        try {
            cbc = Cipher.getInstance("AES/CBC/NoPadding");
            cbc.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(secret, "AES"), new IvParameterSpec(new byte[BLOCK]));
            whole = doubled(cbc.doFinal(new byte[BLOCK]));
            padded = doubled(whole);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES with a key of " + secret.length * 8 + " bits cannot be had", e);
        }
    }

    @Override
    public int length() {
        return BLOCK;
    }

    @Override
    public void digest(byte[] message, int length, byte[] digest) {
        int end = Math.max(1, (length + BLOCK - 1) / BLOCK) * BLOCK;
        byte[] subkey = whole;
        if (end != length) {
            subkey = padded;
            message[length] = (byte) 0x80;
            for (int i = length + 1; i < end; i++) {
                message[i] = 0;
            }
        }
        for (int i = 0; i < BLOCK; i++) {
            message[end - BLOCK + i] ^= subkey[i];
        }
        if (encrypted.length < end) {
            encrypted = new byte[message.length];
        }
        try {
            cbc.doFinal(message, 0, end, encrypted, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES refused a message of " + end + " octets", e);
        }
        System.arraycopy(encrypted, end - BLOCK, digest, 0, BLOCK);
    }

    /** RFC 4493, section 2.3: multiplied by x. */
    private static byte[] doubled(byte[] block) {
        byte[] result = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            int next = i + 1 < BLOCK ? (block[i + 1] & 0xff) >>> 7 : 0;
            result[i] = (byte) (block[i] << 1 | next);
        }
        if (block[0] < 0) {
            result[BLOCK - 1] ^= (byte) POLYNOMIAL;
        }
        return result;
    }
}
