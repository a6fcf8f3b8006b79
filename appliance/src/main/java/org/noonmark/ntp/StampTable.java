package org.noonmark.ntp;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pairs of receive and transmit stamps of answers, for clients in interleaved mode (RFC 9769, section 2): the answer after next tells
 * when this one really left. Bounded: in each set of {@link #WAYS} places the newest pair replaces the oldest. A pair serves once, and
 * only the client whose answer it was. Written by one packet thread, without garbage; any thread may ask how many there are.
 *
 * <p>Stamps are those of answers: 64-bit NTP stamps, receive stamps odd, transmit stamps even, neither 0.
 */
final class StampTable {
    private static final int WAYS = 4;
    private static final int STRIDE = 3;
    private static final int TRANSMIT = 1;
    private static final int CLIENT = 2;
    /** So many receive stamps in a row are never taken but by an attack. */
    private static final int MOST_MOVES = 8;

    /** Receive stamp (0: free), transmit stamp (0: not known), client; and again. */
    private final long[] pairs;

    private final int setMask;
    private final AtomicInteger held = new AtomicInteger();

    /** @param capacity pairs held at most, a power of two and at least 4; or 0: nothing is ever held */
    StampTable(int capacity) {
        if (capacity != 0 && (capacity < WAYS || Integer.bitCount(capacity) != 1)) {
            throw new IllegalArgumentException("capacity " + capacity + ", need 0 or a power of two from " + WAYS);
        }
        pairs = new long[capacity * STRIDE];
        setMask = capacity / WAYS - 1;
    }

    /**
     * Writer: an answer with this receive stamp goes to {@code client}.
     *
     * @return the stamp to put into the answer: a hair later (half a nanosecond a time) when this one is held already; 0 when nothing
     *     was saved, and the given stamp is to be used
     */
    long save(long receive, long client) {
        if (pairs.length == 0) {
            return 0;
        }
        long unique = receive;
        for (int moves = 0; find(unique) >= 0; moves++) {
            if (moves == MOST_MOVES) {
                return 0;
            }
            unique += 2;
        }
        int place = placeFor(unique);
        if (pairs[place] == 0) {
            held.lazySet(held.getPlain() + 1);
        }
        pairs[place] = unique;
        pairs[place + TRANSMIT] = 0;
        pairs[place + CLIENT] = client;
        return unique;
    }

    /** Writer: the answer with this receive stamp left at {@code transmit}; nothing happens when it is not held. */
    void onTransmit(long receive, long transmit) {
        int place = find(receive);
        if (place >= 0) {
            pairs[place + TRANSMIT] = transmit;
        }
    }

    /** Writer: when the answer with this receive stamp left, and forgets it; 0 when that is not known. */
    long take(long receive, long client) {
        int place = find(receive);
        if (place < 0 || pairs[place + CLIENT] != client) {
            return 0;
        }
        long transmit = pairs[place + TRANSMIT];
        pairs[place] = 0;
        held.lazySet(held.getPlain() - 1);
        return transmit;
    }

    /** Writer: the clock was moved; what was stamped before it is worth nothing. */
    void clear() {
        if (held.getPlain() > 0) {
            Arrays.fill(pairs, 0);
            held.lazySet(0);
        }
    }

    /** Pairs held at most. */
    int capacity() {
        return pairs.length / STRIDE;
    }

    /** Pairs held. */
    int held() {
        return held.get();
    }

    /** Seconds from the first to the last of the answers whose pairs are held. Any thread may ask; they may change meanwhile. */
    int spanSeconds() {
        long first = 0;
        long last = 0;
        for (int place = 0; place < pairs.length; place += STRIDE) {
            long receive = pairs[place];
            if (receive != 0) {
                first = first == 0 || receive - first < 0 ? receive : first;
                last = last == 0 || receive - last > 0 ? receive : last;
            }
        }
        return (int) Math.max(0, (last - first) >> 32);
    }

    /** Where the pair of this receive stamp is; -1 when it is not held. */
    private int find(long receive) {
        if (pairs.length == 0 || receive == 0) {
            return -1;
        }
        int first = setOf(receive);
        for (int place = first; place < first + WAYS * STRIDE; place += STRIDE) {
            if (pairs[place] == receive) {
                return place;
            }
        }
        return -1;
    }

    /** A free place of the set, or that of its oldest pair. */
    private int placeFor(long receive) {
        int first = setOf(receive);
        int oldest = first;
        for (int place = first; place < first + WAYS * STRIDE; place += STRIDE) {
            if (pairs[place] == 0) {
                return place;
            }
            // By their difference: stamps wrap at the era.
            if (pairs[place] - pairs[oldest] < 0) {
                oldest = place;
            }
        }
        return oldest;
    }

    private int setOf(long receive) {
        long mixed = receive * 0x9e37_79b9_7f4a_7c15L;
        return ((int) (mixed >>> 40) & setMask) * WAYS * STRIDE;
    }
}
