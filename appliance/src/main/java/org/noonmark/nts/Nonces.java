package org.noonmark.nts;

import java.util.Arrays;

/**
 * Nonces without end: a counter encrypted with AES under a key that only this object has, and that is drawn anew at each start. Whole
 * ones of 16 octets never repeat within an object. Those that are cut to 12 octets, and those of other threads, boxes and runs, are equal
 * as two random numbers are: two of 12 octets with a chance of 2^-96, any two among n with n^2 / 2^97; a thousand clients with eight
 * cookies a second each, for ten years, are 2^41 nonces and a chance of 2^-14. AES-SIV and AES-GCM-SIV are made for that: they lose
 * nothing but the hiding of equal texts even then. For one thread; allocates nothing.
 */
final class Nonces {
    /** Octets of the key. */
    static final int SEED_LENGTH = 32;

    private static final int BATCH = 64 * AesBlocks.BLOCK;

    private final AesBlocks aes = AesBlocks.single();
    private final byte[] counters = new byte[BATCH];
    private final byte[] random = new byte[BATCH];
    private long count;
    private int used = BATCH;

    /** @param seed 32 octets that nobody can guess; wiped */
    Nonces(byte[] seed) {
        aes.setKey(seed, 0, SEED_LENGTH);
        Arrays.fill(seed, (byte) 0);
    }

    /** Writes a new nonce of up to 16 octets. */
    void next(byte[] octets, int at, int length) {
        if (used == BATCH) {
            refill();
        }
        System.arraycopy(random, used, octets, at, length);
        used += AesBlocks.BLOCK;
    }

    private void refill() {
        for (int at = 0; at < BATCH; at += AesBlocks.BLOCK) {
            long number = count++;
            for (int i = 0; i < Long.BYTES; i++) {
                counters[at + i] = (byte) (number >>> (8 * i));
            }
        }
        aes.encrypt(counters, BATCH, random);
        used = 0;
    }
}
