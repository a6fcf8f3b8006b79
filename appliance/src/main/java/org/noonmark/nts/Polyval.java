package org.noonmark.nts;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * POLYVAL (RFC 8452, section 3): a hash over the field of 2^128 elements. Java has no carry-less multiplication; here integer
 * multiplications of every fourth bit leave the carries room to be masked away. No table and no branch depends on secrets.
 */
final class Polyval {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long MASK_0 = 0x1111_1111_1111_1111L;
    private static final long MASK_1 = 0x2222_2222_2222_2222L;
    private static final long MASK_2 = 0x4444_4444_4444_4444L;
    private static final long MASK_3 = 0x8888_8888_8888_8888L;

    private long keyLow;
    private long keyHigh;
    private long keyLowReversed;
    private long keyHighReversed;
    private long low;
    private long high;

    /** Starts a new hash with another key of 16 octets. */
    void begin(byte[] key) {
        keyLow = (long) LONGS.get(key, 0);
        keyHigh = (long) LONGS.get(key, 8);
        keyLowReversed = Long.reverse(keyLow);
        keyHighReversed = Long.reverse(keyHigh);
        low = 0;
        high = 0;
    }

    /** Adds octets; a last block that is not whole is filled with zeros. */
    void update(byte[] octets, int at, int length) {
        int whole = length & -AesBlocks.BLOCK;
        for (int i = at; i < at + whole; i += AesBlocks.BLOCK) {
            update((long) LONGS.get(octets, i), (long) LONGS.get(octets, i + 8));
        }
        if (whole < length) {
            long restLow = 0;
            long restHigh = 0;
            for (int i = length - 1; i >= whole; i--) {
                restHigh = restHigh << 8 | restLow >>> 56;
                restLow = restLow << 8 | (octets[at + i] & 0xff);
            }
            update(restLow, restHigh);
        }
    }

    /** Adds one block. */
    void update(long blockLow, long blockHigh) {
        long a0 = low ^ blockLow;
        long a1 = high ^ blockHigh;
        long r0 = Long.reverse(a0);
        long r1 = Long.reverse(a1);
        // Karatsuba: three products of 64 bits, each with a lower half and, by reversed operands, an upper one.
        long lower0 = product(a0, keyLow);
        long upper0 = Long.reverse(product(r0, keyLowReversed)) >>> 1;
        long lower1 = product(a1, keyHigh);
        long upper1 = Long.reverse(product(r1, keyHighReversed)) >>> 1;
        long lowerMiddle = product(a0 ^ a1, keyLow ^ keyHigh) ^ lower0 ^ lower1;
        long upperMiddle = (Long.reverse(product(r0 ^ r1, keyLowReversed ^ keyHighReversed)) >>> 1) ^ upper0 ^ upper1;
        reduce(lower0, upper0 ^ lowerMiddle, lower1 ^ upperMiddle, upper1);
    }

    /** Writes the hash of what was added since {@link #begin}. */
    void finish(byte[] hash) {
        LONGS.set(hash, 0, low);
        LONGS.set(hash, 8, high);
    }

    /** Divides by x^128 modulo x^128 + x^127 + x^126 + x^121 + 1: what is added clears the two lower words in turn. */
    private void reduce(long z0, long z1, long z2, long z3) {
        long w1 = z1 ^ z0 << 63 ^ z0 << 62 ^ z0 << 57;
        long w2 = z2 ^ z0 ^ z0 >>> 1 ^ z0 >>> 2 ^ z0 >>> 7;
        low = w2 ^ w1 << 63 ^ w1 << 62 ^ w1 << 57;
        high = z3 ^ w1 ^ w1 >>> 1 ^ w1 >>> 2 ^ w1 >>> 7;
    }

    /** The lower 64 bits of the carry-less product. */
    private static long product(long x, long y) {
        long x0 = x & MASK_0;
        long x1 = x & MASK_1;
        long x2 = x & MASK_2;
        long x3 = x & MASK_3;
        long y0 = y & MASK_0;
        long y1 = y & MASK_1;
        long y2 = y & MASK_2;
        long y3 = y & MASK_3;
        long z0 = x0 * y0 ^ x1 * y3 ^ x2 * y2 ^ x3 * y1;
        long z1 = x0 * y1 ^ x1 * y0 ^ x2 * y3 ^ x3 * y2;
        long z2 = x0 * y2 ^ x1 * y1 ^ x2 * y0 ^ x3 * y3;
        long z3 = x0 * y3 ^ x1 * y2 ^ x2 * y1 ^ x3 * y0;
        return (z0 & MASK_0) | (z1 & MASK_1) | (z2 & MASK_2) | (z3 & MASK_3);
    }
}
