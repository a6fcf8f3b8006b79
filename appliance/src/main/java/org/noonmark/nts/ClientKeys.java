package org.noonmark.nts;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.NtsAuthenticator;

/**
 * Ciphers of the clients that asked last, as many as memory is given for: a client's keys come with its cookie, and to make ciphers of
 * them costs more than to use these. The one that was not used for longest makes room. So those of a batch of requests are all there
 * when its answers are sealed, if there is room for a batch. For one thread; allocates nothing for a client that it knows, and a bounded
 * number of octets for another.
 */
final class ClientKeys {
    private static final int NONE = -1;

    /** One client. */
    private static final class Entry {
        private final byte[] contents = new byte[Cookies.contentsLength(Aead.AES_SIV_CMAC_512)];
        private Aead aead = Aead.AES_SIV_CMAC_256;
        private @Nullable AeadCipher c2s;
        private @Nullable AeadCipher s2c;
        private int newer = NONE;
        private int older = NONE;
        /** The next one in the same bucket. */
        private int next = NONE;
    }

    private final Scratch scratch;
    private final AtomicInteger spare;
    private final Entry[] entries;
    private final int[] buckets;
    private int used;
    private int newest = NONE;
    private int oldest = NONE;

    /**
     * Room for clients.
     *
     * @param capacity clients, a power of two
     * @param spare for how many clients more there is memory, over all threads; those of one batch have theirs in any case
     */
    ClientKeys(int capacity, AtomicInteger spare, Scratch scratch) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + ", need a power of two");
        }
        this.scratch = scratch;
        this.spare = spare;
        this.entries = new Entry[capacity];
        this.buckets = new int[capacity];
        Arrays.fill(buckets, NONE);
    }

    /**
     * The client whose cookie has these contents, new or known: a number below the capacity that is its own until so many others have come.
     */
    int find(Aead aead, byte[] contents) {
        int bucket = bucket(contents);
        for (int place = buckets[bucket]; place != NONE; place = entries[place].next) {
            if (isSame(entries[place], aead, contents)) {
                touch(place);
                return place;
            }
        }
        boolean isNew = hasRoom();
        int place = isNew ? used : oldest;
        if (isNew) {
            entries[used++] = new Entry();
        } else {
            unlink(place);
            leaveBucket(place);
        }
        fill(entries[place], aead, contents);
        entries[place].next = buckets[bucket];
        buckets[bucket] = place;
        link(place);
        return place;
    }

    private boolean hasRoom() {
        return used < NtsAuthenticator.MOST_AT_ONCE
                || (used < entries.length && spare.get() > 0 && spare.getAndDecrement() > 0);
    }

    Aead aead(int client) {
        return entries[client].aead;
    }

    /** Opens its requests. */
    AeadCipher c2s(int client) {
        return require(entries[client].c2s);
    }

    /** Seals its answers. */
    AeadCipher s2c(int client) {
        return require(entries[client].s2c);
    }

    private static AeadCipher require(@Nullable AeadCipher cipher) {
        if (cipher == null) {
            throw new IllegalStateException("no such client");
        }
        return cipher;
    }

    private void fill(Entry entry, Aead aead, byte[] contents) {
        AeadCipher c2s = entry.c2s;
        AeadCipher s2c = entry.s2c;
        if (c2s == null || s2c == null || entry.aead != aead) {
            c2s = aead.cipher(scratch);
            s2c = aead.cipher(scratch);
            entry.aead = aead;
            entry.c2s = c2s;
            entry.s2c = s2c;
        }
        System.arraycopy(contents, 0, entry.contents, 0, Cookies.contentsLength(aead));
        c2s.setKey(contents, Cookies.c2sAt());
        s2c.setKey(contents, Cookies.s2cAt(aead));
    }

    /** Compares all octets, whatever the first ones are. */
    private static boolean isSame(Entry entry, Aead aead, byte[] contents) {
        if (entry.aead != aead) {
            return false;
        }
        int difference = 0;
        int length = Cookies.contentsLength(aead);
        for (int i = 0; i < length; i++) {
            difference |= entry.contents[i] ^ contents[i];
        }
        return difference == 0;
    }

    /** Keys are random, so any of their bits do. */
    private int bucket(byte[] contents) {
        int at = Cookies.c2sAt();
        int word = (contents[at] & 0xff)
                | (contents[at + 1] & 0xff) << 8
                | (contents[at + 2] & 0xff) << 16
                | contents[at + 3] << 24;
        return word & (buckets.length - 1);
    }

    private void leaveBucket(int place) {
        int bucket = bucket(entries[place].contents);
        if (buckets[bucket] == place) {
            buckets[bucket] = entries[place].next;
            return;
        }
        int before = buckets[bucket];
        while (entries[before].next != place) {
            before = entries[before].next;
        }
        entries[before].next = entries[place].next;
    }

    private void touch(int place) {
        if (place != newest) {
            unlink(place);
            link(place);
        }
    }

    private void link(int place) {
        Entry entry = entries[place];
        entry.older = newest;
        entry.newer = NONE;
        if (newest != NONE) {
            entries[newest].newer = place;
        }
        newest = place;
        if (oldest == NONE) {
            oldest = place;
        }
    }

    private void unlink(int place) {
        Entry entry = entries[place];
        if (entry.newer == NONE) {
            newest = entry.older;
        } else {
            entries[entry.newer].older = entry.older;
        }
        if (entry.older == NONE) {
            oldest = entry.newer;
        } else {
            entries[entry.older].newer = entry.newer;
        }
    }
}
