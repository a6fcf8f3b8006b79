package org.noonmark.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.noonmark.nts.KeLimiter;

/**
 * The places for connections. When all are taken, the newcomer gets the place of the oldest connection of whichever client has most: a
 * client that opens thousands and says nothing displaces itself, and one that needs a few milliseconds is gone before it is its turn. Any
 * thread may call.
 *
 * @param <C> a connection
 */
final class ConnectionSlots<C> {
    private record Taken(List<Byte> client, long sinceNanos) {}

    private final int most;
    private final Map<C, Taken> places = new LinkedHashMap<>();

    /** @param most at least 1 */
    ConnectionSlots(int most) {
        this.most = most;
    }

    /** Takes a place; the connection that has lost its own for it, if any. */
    synchronized Optional<C> take(C connection, byte[] address, long nowNanos) {
        Optional<C> displaced = places.size() >= most ? Optional.of(oldestOfTheGreediest()) : Optional.empty();
        displaced.ifPresent(places::remove);
        places.put(connection, new Taken(KeLimiter.keyOf(address), nowNanos));
        return displaced;
    }

    /** Gives its place back; whether it still had it. */
    synchronized boolean free(C connection) {
        return places.remove(connection) != null;
    }

    /** Those that have had their place since before {@code nanos}, of the clock given to {@link #take}; they have lost it. */
    synchronized List<C> evictOlderThan(long nanos) {
        List<C> old = new ArrayList<>();
        places.forEach((connection, taken) -> {
            if (taken.sinceNanos() - nanos < 0) {
                old.add(connection);
            }
        });
        old.forEach(places::remove);
        return old;
    }

    /** Since when the first of them has had its place, by the clock given to {@link #take}. */
    synchronized OptionalLong oldestNanos() {
        return places.values().stream().mapToLong(Taken::sinceNanos).findFirst();
    }

    /** All of them; the places are empty. */
    synchronized List<C> evictAll() {
        List<C> all = List.copyOf(places.keySet());
        places.clear();
        return all;
    }

    synchronized int taken() {
        return places.size();
    }

    private C oldestOfTheGreediest() {
        Map<List<Byte>, Integer> counts = new HashMap<>();
        places.values().forEach(taken -> counts.merge(taken.client(), 1, Integer::sum));
        int greediest =
                counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        return places.entrySet().stream()
                .filter(place -> counts.getOrDefault(place.getValue().client(), 0) == greediest)
                .findFirst()
                .orElseThrow()
                .getKey();
    }
}
