package org.noonmark.nts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.noonmark.ntp.RateLimit;

/**
 * Who has asked for keys, and whether one more connection of theirs is taken ({@code ntsratelimit}, as chrony.conf(5) defines it). IPv6
 * clients count by their first 64 bits: one machine has as many addresses as it likes there. Any thread may call.
 */
public final class KeLimiter {
    /** Least recent clients are forgotten beyond this: 100 kB. */
    private static final int MOST_CLIENTS = 1_024;

    /**
     * One client.
     *
     * @param address of 4 or 16 octets, the last that it used
     * @param connections taken
     * @param dropped refused for their rate
     * @param lastNanos when the last came, by the clock of the caller
     */
    public record Client(List<Byte> address, long connections, long dropped, long lastNanos) {}

    /** Its bucket holds {@code tokenNanos / intervalNanos} connections. */
    private static final class Account {
        private List<Byte> address = List.of();
        private long connections;
        private long dropped;
        private long lastNanos;
        private long tokenNanos;
    }

    private final Optional<RateLimit> limit;
    private final IntUnaryOperator random;
    private final Map<List<Byte>, Account> accounts = new LinkedHashMap<>(64, 0.75f, true);

    /**
     * @param limit empty: every connection is taken
     * @param random a number below its argument, evenly
     */
    public KeLimiter(Optional<RateLimit> limit, IntUnaryOperator random) {
        this.limit = limit;
        this.random = random;
    }

    /**
     * Whether a connection is taken; it is counted either way.
     *
     * @param address 4 or 16 octets
     * @param nowNanos of a clock that never goes back
     */
    public synchronized boolean admits(byte[] address, long nowNanos) {
        Account account = accounts.computeIfAbsent(keyOf(address), _ -> fresh(nowNanos));
        account.address = octets(address, address.length);
        boolean taken = limit.map(l -> takes(l, account, nowNanos)).orElse(true);
        account.lastNanos = nowNanos;
        if (taken) {
            account.connections++;
        } else {
            account.dropped++;
        }
        if (accounts.size() > MOST_CLIENTS) {
            accounts.remove(accounts.keySet().iterator().next());
        }
        return taken;
    }

    private Account fresh(long nowNanos) {
        Account account = new Account();
        account.lastNanos = nowNanos;
        account.tokenNanos = limit.map(KeLimiter::fullNanos).orElse(0L);
        return account;
    }

    private boolean takes(RateLimit l, Account account, long nowNanos) {
        account.tokenNanos = Math.min(fullNanos(l), account.tokenNanos + (nowNanos - account.lastNanos));
        long oneNanos = oneNanos(l);
        if (account.tokenNanos >= oneNanos) {
            account.tokenNanos -= oneNanos;
            return true;
        }
        // Clients behind one address would otherwise lock each other out.
        return random.applyAsInt(1 << l.leakLog2()) == 0;
    }

    private static long oneNanos(RateLimit l) {
        return (long) Math.scalb(1e9, l.intervalLog2Seconds());
    }

    private static long fullNanos(RateLimit l) {
        return oneNanos(l) * l.burst();
    }

    /** The clients, the latest last. */
    public synchronized List<Client> clients() {
        List<Client> clients = new ArrayList<>(accounts.size());
        for (Account account : accounts.values()) {
            clients.add(new Client(account.address, account.connections, account.dropped, account.lastNanos));
        }
        return clients;
    }

    /** What is one client: an IPv4 address, or a /64. */
    public static List<Byte> keyOf(byte[] address) {
        return octets(address, address.length == 4 ? 4 : 8);
    }

    private static List<Byte> octets(byte[] address, int count) {
        List<Byte> octets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            octets.add(address[i]);
        }
        return octets;
    }
}
