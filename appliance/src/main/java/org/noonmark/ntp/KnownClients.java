package org.noonmark.ntp;

/**
 * Clients that asked again and again while there was no flood: they are answered first when there is one. Fixed memory. A place is taken
 * from another only when that one has been silent for long, so a flood of forged addresses that repeat themselves cannot push out those
 * that were there before it. While there is a flood each has a bucket of answers, as a known client's address can be forged as well.
 * Written and read by one packet thread; allocates nothing. Addresses are those of {@link ClientTable}.
 */
final class KnownClients {
    private static final int WAYS = 8;
    /** Twice the places that are ever taken: nearly every client finds one in its set, of full tables more than 99 in 100. */
    private static final int SPARE = 2;

    // A record: four longs.
    private static final int STRIDE = 4;
    private static final int LOW = 1;
    /** 0 while the place is free. */
    private static final int LAST = 2;
    /** When the bucket will be full again. */
    private static final int FULL = 3;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Of the clients of our time nearly all ask once in 1024 s or more often. */
    private static final long KEPT_NANOS = 3_600 * NANOS_PER_SECOND;

    /** One bucket: 16 answers, and 64 a second. No honest client takes as many. */
    private static final long ANSWER_NANOS = NANOS_PER_SECOND / 64;

    private static final long BUCKET_NANOS = 16 * ANSWER_NANOS;

    private final long[] records;
    private final int capacity;
    private final int setMask;
    private final long secret;
    private int taken;
    private KnownClientsListener listener = KnownClientsListener.NONE;

    /**
     * For a number of clients.
     *
     * @param capacity addresses kept at most, a power of two from 4; 0: none
     * @param secret makes it hard to guess which addresses share a set
     */
    KnownClients(int capacity, long secret) {
        this.capacity = capacity;
        records = new long[SPARE * capacity * STRIDE];
        setMask = SPARE * capacity / WAYS - 1;
        this.secret = secret;
    }

    /** Says from now on who becomes known, and who is no longer so. */
    void tell(KnownClientsListener hears) {
        listener = hears;
    }

    /** This client has asked, not for the first time: it is known from now on, if there is room. */
    void meet(long high, long low, long nowNanos) {
        if (records.length == 0) {
            return;
        }
        int first = setOf(high, low);
        int free = -1;
        int silent = -1;
        for (int place = first; place < first + WAYS * STRIDE; place += STRIDE) {
            long last = records[place + LAST];
            if (last == 0) {
                free = place;
            } else if (records[place] == high && records[place + LOW] == low) {
                records[place + LAST] = Math.max(1, nowNanos);
                return;
            } else if (nowNanos - last > KEPT_NANOS || last - nowNanos > NANOS_PER_SECOND) {
                // Silent for long, or from before the clock was set back.
                silent = place;
            }
        }
        if (silent >= 0) {
            listener.onForgotten(records[silent], records[silent + LOW]);
            take(silent, high, low, nowNanos);
        } else if (free >= 0 && taken < capacity) {
            taken++;
            take(free, high, low, nowNanos);
        }
    }

    private void take(int place, long high, long low, long nowNanos) {
        records[place] = high;
        records[place + LOW] = low;
        records[place + LAST] = Math.max(1, nowNanos);
        records[place + FULL] = 0;
        listener.onKnown(high, low);
    }

    /** This client has asked again; when it is known, it stays so for an hour from now. */
    void renew(long high, long low, long nowNanos) {
        int place = find(high, low);
        if (place >= 0) {
            records[place + LAST] = Math.max(1, nowNanos);
        }
    }

    /** Whether the client is known and has an answer left in its bucket; takes it. */
    boolean takeAnswer(long high, long low, long nowNanos) {
        int place = find(high, low);
        if (place < 0) {
            return false;
        }
        long full = Math.clamp(records[place + FULL], nowNanos, nowNanos + BUCKET_NANOS);
        boolean left = full + ANSWER_NANOS <= nowNanos + BUCKET_NANOS;
        records[place + FULL] = left ? full + ANSWER_NANOS : full;
        return left;
    }

    /** Whether the client is known. */
    boolean knows(long high, long low) {
        return find(high, low) >= 0;
    }

    private int find(long high, long low) {
        if (records.length == 0) {
            return -1;
        }
        int first = setOf(high, low);
        for (int place = first; place < first + WAYS * STRIDE; place += STRIDE) {
            if (records[place + LAST] != 0 && records[place] == high && records[place + LOW] == low) {
                return place;
            }
        }
        return -1;
    }

    private int setOf(long high, long low) {
        long mixed = (low ^ secret) * 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ (mixed >>> 32) ^ high) * 0xbf58_476d_1ce4_e5b9L;
        return ((int) (mixed >>> 32) & setMask) * WAYS * STRIDE;
    }
}
