package org.noonmark.ntp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, how often, and whether that is too often: a table of addresses in fixed memory, so that no flood of them makes it grow. In
 * each set of {@link #MOST_WAYS} places the newest address replaces the one that has been silent longest. Every request costs the same: one
 * set is looked at and one record of 64 octets changed.
 *
 * <p>Written by one packet thread, without garbage; any thread may read, and sees a record of one moment, or none.
 *
 * <p>Each client has two buckets, one for requests with a right MAC: whoever forges its address cannot make one, and so cannot empty
 * that.
 */
public final class ClientTable {
    /** What became of a request. */
    enum Verdict {
        ANSWER,
        /** Tell the client to ask less. */
        KISS,
        DROP
    }

    private static final int LEAST = 4;
    /** Places where a client may be: in a table half full nearly all find one, of four only 24 in 25. */
    private static final int MOST_WAYS = 16;

    // A record: eight longs.
    private static final int STRIDE = 8;
    private static final int HIGH = 0;
    private static final int LOW = 1;
    /** 0 while the place is free. Written last, with what is before it. */
    private static final int LAST = 2;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final int PLAIN_CREDIT = 3;
    private static final int MAC_CREDIT = 4;
    private static final int REQUESTS = 5;
    /** Dropped for their rate in the upper half, for their MAC in the lower. */
    private static final int DROPS = 6;
    /** Mean intervals, in 1/16 of log2 nanoseconds, 16 bits each, 0 before the first; version; mode; flags. */
    private static final int MANNER = 7;

    private static final int LIMITED_INTERVAL = 16;
    private static final int VERSION = 32;
    private static final int MODE = 36;
    private static final long AUTHENTICATED = 1L << 40;
    private static final long INTERLEAVED = 1L << 41;
    private static final long LAST_WAS_LIMITED = 1L << 42;
    private static final long MOST_COUNT = 0xffff_ffffL;

    /** Log2 of the nanoseconds of a second, in sixteenths. */
    private static final double SECOND = 16 * 29.897;
    /** Requests after which a client is known, and then every so many of them. */
    private static final int ASKED_BEFORE = 4;

    private static final int ASKED_AGAIN = 16;

    /** In a flood one in 2^2 of the requests that seem to come from a known client too often, one in 2^4 of the strangers'. */
    private static final int KNOWN_LEAK = 2;

    private static final int STRANGERS_LEAK = 4;

    /** Weight of a new interval in the mean: 1/4. */
    private static final int MEAN_SHIFT = 2;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long MAPPED = 0xffff;

    private final long[] records;
    private final int setLength;
    private final int setMask;
    private final @Nullable RateLimit limit;
    private final long intervalNanos;
    private final long mostCredit;
    private final long ipv6HighMask;
    private final long ipv6LowMask;
    private final long secret;
    private final SplittableRandom random;
    private final KnownClients known;
    private boolean alarmed;
    private boolean pressed;
    private int lastPlace;
    private final AtomicInteger clients = new AtomicInteger();
    private final AtomicLong forgotten = new AtomicLong();

    /**
     * @param capacity addresses kept at most, a power of two from 4; 0: none, and no limit is kept
     * @param limit empty: everybody is answered as often as he asks
     * @param ipv6PrefixBits IPv6 addresses that agree in so many bits, 1 to 128, are one client
     * @param secret makes it hard to guess which addresses share a set
     */
    public ClientTable(int capacity, Optional<RateLimit> limit, int ipv6PrefixBits, long secret) {
        if (capacity != 0 && (capacity < LEAST || Integer.bitCount(capacity) != 1)) {
            throw new IllegalArgumentException("capacity " + capacity + ", need 0 or a power of two from " + LEAST);
        }
        this.records = new long[capacity * STRIDE];
        this.setLength = Math.min(MOST_WAYS, capacity) * STRIDE;
        this.setMask = capacity == 0 ? 0 : records.length / setLength - 1;
        this.limit = limit.orElse(null);
        this.intervalNanos = limit.map(RateLimit::intervalNanos).orElse(0L);
        this.mostCredit = limit.map(l -> l.burst() * l.intervalNanos()).orElse(0L);
        this.ipv6HighMask = mask(Math.min(ipv6PrefixBits, 64));
        this.ipv6LowMask = mask(Math.max(ipv6PrefixBits - 64, 0));
        this.secret = secret;
        this.random = new SplittableRandom(secret);
        this.known = new KnownClients(capacity, secret);
    }

    /** Writer: whether more requests came lately than can be answered, and whether some have to be left out now. */
    void setOverload(boolean isAlarmed, boolean isPressed) {
        alarmed = isAlarmed;
        pressed = isPressed;
    }

    /** Writer: says from now on who becomes known, and who is no longer so. */
    void tellOfKnown(KnownClientsListener listener) {
        known.tell(listener);
    }

    /**
     * Writer: whether there is room for a request without MAC, while more come than can be answered: for known clients first. Of those that
     * ask too often, as their address is forged, and of strangers, a few get an answer all the same.
     */
    boolean hasRoom(NtpExchange exchange) {
        if (!pressed || records.length == 0) {
            return true;
        }
        long high = maskedHigh(exchange);
        long low = maskedLow(exchange);
        return known.takeAnswer(high, low, exchange.receiveNanos())
                || oneIn(known.knows(high, low) ? KNOWN_LEAK : STRANGERS_LEAK);
    }

    /**
     * Writer: a request came that is to be answered if it is not one too many.
     *
     * @param exchange it
     * @param authenticated whether it has a right MAC
     */
    Verdict onRequest(NtpExchange exchange, boolean authenticated) {
        if (records.length == 0) {
            return Verdict.ANSWER;
        }
        int place = touch(exchange);
        Verdict verdict = limit == null ? Verdict.ANSWER : judge(limit, place, authenticated);
        long manner = records[place + MANNER] & ~(AUTHENTICATED | INTERLEAVED | LAST_WAS_LIMITED);
        if (verdict != Verdict.ANSWER) {
            countDrop(place, 32);
        }
        manner |= authenticated ? AUTHENTICATED : 0;
        manner |= verdict == Verdict.DROP ? LAST_WAS_LIMITED : 0;
        records[place + MANNER] = manner;
        long requests = records[place + REQUESTS];
        if (!alarmed && (requests == ASKED_BEFORE || requests % ASKED_AGAIN == 0)) {
            known.meet(records[place + HIGH], records[place + LOW], exchange.receiveNanos());
        } else {
            // Also in a flood, or those who ask through it would be forgotten after an hour of it.
            known.renew(records[place + HIGH], records[place + LOW], exchange.receiveNanos());
        }
        publish(place, exchange.receiveNanos());
        return verdict;
    }

    /** Writer: the request just told of is answered in interleaved mode. */
    void onInterleaved() {
        if (records.length != 0) {
            records[lastPlace + MANNER] |= INTERLEAVED;
        }
    }

    /** Writer: a request came whose MAC is wrong. */
    void onWrongMac(NtpExchange exchange) {
        if (records.length != 0) {
            int place = touch(exchange);
            countDrop(place, 0);
            publish(place, exchange.receiveNanos());
        }
    }

    /** Different clients that it remembers: at most its capacity. */
    public int clients() {
        return clients.get();
    }

    /** Clients that had to make room for others. */
    public long forgotten() {
        return forgotten.get();
    }

    /** All clients that it remembers, in no order. */
    public List<ClientRecord> records() {
        List<ClientRecord> all = new ArrayList<>();
        long[] copy = new long[STRIDE];
        for (int place = 0; place < records.length; place += STRIDE) {
            if (copied(place, copy)) {
                all.add(record(copy));
            }
        }
        return all;
    }

    private Verdict judge(RateLimit rule, int place, boolean authenticated) {
        int bucket = place + (authenticated ? MAC_CREDIT : PLAIN_CREDIT);
        if (records[bucket] >= intervalNanos) {
            records[bucket] -= intervalNanos;
            return Verdict.ANSWER;
        }
        boolean leaks = oneIn(rule.leakLog2());
        // A client that asks more often while it gets no answers would be made a worse one by the limit (as chrony has
        // it).
        if (isDriven(records[place + MANNER])) {
            leaks = !leaks;
        }
        if (leaks) {
            return Verdict.ANSWER;
        }
        return rule.kodLog2() > 0 && oneIn(rule.kodLog2()) ? Verdict.KISS : Verdict.DROP;
    }

    /** Whether the mean interval after a refusal is less than half of that after an answer. */
    private static boolean isDriven(long manner) {
        long interval = manner & 0xffff;
        long limited = manner >>> LIMITED_INTERVAL & 0xffff;
        return limited != 0 && interval != 0 && limited < interval - 16;
    }

    private boolean oneIn(int log2) {
        return random.nextInt() >>> (32 - log2) == 0;
    }

    /** Finds or makes the record, with what the request itself says of its sender. */
    private int touch(NtpExchange exchange) {
        long high = maskedHigh(exchange);
        long low = maskedLow(exchange);
        long nowNanos = exchange.receiveNanos();
        int place = placeOf(high, low, nowNanos);
        if (records[place + LAST] == 0 || records[place + HIGH] != high || records[place + LOW] != low) {
            begin(place, high, low);
        } else {
            goOn(place, nowNanos - records[place + LAST]);
        }
        lastPlace = place;
        records[place + REQUESTS] = Math.min(MOST_COUNT, records[place + REQUESTS] + 1);
        NtpPacket request = exchange.packet();
        long manner = records[place + MANNER] & ~(0xffL << VERSION);
        records[place + MANNER] = manner | (long) request.version() << VERSION | (long) request.mode() << MODE;
        return place;
    }

    private long maskedHigh(NtpExchange exchange) {
        return isIpv4(exchange) ? 0 : exchange.sourceHigh() & ipv6HighMask;
    }

    private long maskedLow(NtpExchange exchange) {
        return isIpv4(exchange) ? exchange.sourceLow() : exchange.sourceLow() & ipv6LowMask;
    }

    private static boolean isIpv4(NtpExchange exchange) {
        return exchange.sourceHigh() == 0 && exchange.sourceLow() >>> 32 == MAPPED;
    }

    private void begin(int place, long high, long low) {
        if (records[place + LAST] == 0) {
            clients.lazySet(clients.getPlain() + 1);
        } else {
            forgotten.lazySet(forgotten.getPlain() + 1);
        }
        // Nobody reads a record that is half this client's and half another's.
        LONGS.setVolatile(records, place + LAST, 0L);
        records[place + HIGH] = high;
        records[place + LOW] = low;
        records[place + PLAIN_CREDIT] = mostCredit;
        records[place + MAC_CREDIT] = mostCredit;
        records[place + REQUESTS] = 0;
        records[place + DROPS] = 0;
        records[place + MANNER] = 0;
    }

    /** A step of the clock back counts as no time. */
    private void goOn(int place, long elapsedNanos) {
        long elapsed = Math.clamp(elapsedNanos, 0, mostCredit);
        records[place + PLAIN_CREDIT] = Math.min(mostCredit, records[place + PLAIN_CREDIT] + elapsed);
        records[place + MAC_CREDIT] = Math.min(mostCredit, records[place + MAC_CREDIT] + elapsed);
        if (elapsedNanos >= 0) {
            long manner = records[place + MANNER];
            int shift = (manner & LAST_WAS_LIMITED) != 0 ? LIMITED_INTERVAL : 0;
            long mean = manner >>> shift & 0xffff;
            long now = log2Sixteenths(elapsedNanos);
            long next = mean == 0 ? now : mean + ((now - mean) >> MEAN_SHIFT);
            records[place + MANNER] = (manner & ~(0xffffL << shift)) | (next << shift);
        }
    }

    /** The place of the address; or a free one of its set, or that of the address silent longest. */
    private int placeOf(long high, long low, long nowNanos) {
        int first = setOf(high, low);
        int silent = first;
        long mostNanos = Long.MIN_VALUE;
        for (int place = first; place < first + setLength; place += STRIDE) {
            long last = records[place + LAST];
            if (last != 0 && records[place + HIGH] == high && records[place + LOW] == low) {
                return place;
            }
            // From before the clock was set back: it would seem to be the newest for as long as that.
            boolean ahead = last - nowNanos > NANOS_PER_SECOND;
            long nanos = last == 0 || ahead ? Long.MAX_VALUE : nowNanos - last;
            if (nanos > mostNanos) {
                mostNanos = nanos;
                silent = place;
            }
        }
        return silent;
    }

    private void countDrop(int place, int shift) {
        long drops = records[place + DROPS];
        if ((drops >>> shift & MOST_COUNT) < MOST_COUNT) {
            records[place + DROPS] = drops + (1L << shift);
        }
    }

    private void publish(int place, long nowNanos) {
        LONGS.setRelease(records, place + LAST, Math.max(1, nowNanos));
    }

    /** Any thread: a record that was not changed meanwhile. */
    private boolean copied(int place, long[] copy) {
        for (int attempt = 0; attempt < 4; attempt++) {
            long before = (long) LONGS.getVolatile(records, place + LAST);
            if (before == 0) {
                return false;
            }
            for (int i = 0; i < STRIDE; i++) {
                copy[i] = (long) LONGS.getOpaque(records, place + i);
            }
            VarHandle.loadLoadFence();
            if ((long) LONGS.getOpaque(records, place + LAST) == before) {
                copy[LAST] = before;
                return true;
            }
        }
        return false;
    }

    private static ClientRecord record(long[] copy) {
        long manner = copy[MANNER];
        return new ClientRecord(
                copy[HIGH],
                copy[LOW],
                copy[REQUESTS],
                copy[DROPS] >>> 32,
                copy[DROPS] & MOST_COUNT,
                seconds(manner & 0xffff),
                seconds(manner >>> LIMITED_INTERVAL & 0xffff),
                copy[LAST],
                (int) (manner >>> VERSION) & 15,
                (int) (manner >>> MODE) & 15,
                (manner & AUTHENTICATED) != 0,
                (manner & INTERLEAVED) != 0);
    }

    private static OptionalInt seconds(long sixteenths) {
        return sixteenths == 0 ? OptionalInt.empty() : OptionalInt.of((int) Math.round((sixteenths - SECOND) / 16));
    }

    /** Log2 in sixteenths, by the number's highest five bits; at least 1. */
    private static long log2Sixteenths(long number) {
        long atLeast = Math.max(2, number);
        int exponent = 63 - Long.numberOfLeadingZeros(atLeast);
        long fraction = exponent >= 4 ? atLeast >>> (exponent - 4) & 15 : atLeast << (4 - exponent) & 15;
        return exponent * 16L + fraction;
    }

    private int setOf(long addressHigh, long addressLow) {
        // Multiply and take the upper bits: neighbouring addresses go far apart.
        long mixed = (addressLow ^ secret) * 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ (mixed >>> 32) ^ addressHigh) * 0xbf58_476d_1ce4_e5b9L;
        return ((int) (mixed >>> 32) & setMask) * setLength;
    }

    private static long mask(int bits) {
        return bits == 0 ? 0 : -1L << (64 - bits);
    }
}
