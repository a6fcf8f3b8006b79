package org.noonmark.ntp;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who has been answered: a table of addresses in fixed memory, so that no flood of them makes it grow. In each set of {@link #WAYS}
 * places the newest address replaces the one that has been silent longest. Written by one packet thread, without garbage; any thread
 * may ask how many there are.
 */
public final class ClientTable {
    /** Addresses kept at most. 4096 as chrony's client log by default; each is 24 bytes here. */
    public static final int CAPACITY = 4096;

    private static final int WAYS = 4;
    private static final int SETS = CAPACITY / WAYS;
    private static final long EMPTY = Long.MIN_VALUE;

    private final long[] high = new long[CAPACITY];
    private final long[] low = new long[CAPACITY];
    private final long[] lastNanos = new long[CAPACITY];
    private final long secret;
    private final AtomicInteger clients = new AtomicInteger();

    /** @param secret makes it hard to guess which addresses share a set */
    public ClientTable(long secret) {
        this.secret = secret;
        Arrays.fill(lastNanos, EMPTY);
    }

    /** Writer: an address, IPv4 in its mapped form, was answered at {@code nowNanos} of the clock that is served. */
    public void onAnswer(long addressHigh, long addressLow, long nowNanos) {
        int first = setOf(addressHigh, addressLow) * WAYS;
        int oldest = first;
        for (int place = first; place < first + WAYS; place++) {
            if (lastNanos[place] != EMPTY && high[place] == addressHigh && low[place] == addressLow) {
                lastNanos[place] = nowNanos;
                return;
            }
            if (lastNanos[place] < lastNanos[oldest]) {
                oldest = place;
            }
        }
        if (lastNanos[oldest] == EMPTY) {
            clients.lazySet(clients.getPlain() + 1);
        }
        high[oldest] = addressHigh;
        low[oldest] = addressLow;
        lastNanos[oldest] = nowNanos;
    }

    /** Different addresses answered, as far as the table remembers them: at most {@link #CAPACITY}. */
    public int clients() {
        return clients.get();
    }

    private int setOf(long addressHigh, long addressLow) {
        // Multiply and take the upper bits: neighbouring addresses go far apart.
        long mixed = (addressLow ^ secret) * 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ (mixed >>> 32) ^ addressHigh) * 0xbf58_476d_1ce4_e5b9L;
        return (int) (mixed >>> 32) & (SETS - 1);
    }
}
