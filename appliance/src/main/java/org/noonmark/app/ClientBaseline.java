package org.noonmark.app;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.ClientRecord;
import org.noonmark.status.ClientStatus;
import org.noonmark.status.KeClientStatus;

/**
 * What clients had been counted for when somebody last asked for counts to begin anew ({@code clients -r}): the servers' threads go on
 * counting, undisturbed. Any thread may use it.
 */
final class ClientBaseline {
    private final Map<String, ClientRecord> packets = new HashMap<>();
    private final Map<String, KeClientStatus> connections = new HashMap<>();

    /** The same clients, counted since then. One whose counts are lower now was forgotten meanwhile, and came anew. */
    synchronized List<ClientStatus> ofPackets(List<ClientStatus> now) {
        return now.stream()
                .map(client ->
                        new ClientStatus(client.address(), since(packets.get(client.address()), client.record())))
                .toList();
    }

    /** The same of those who came for keys. */
    synchronized List<KeClientStatus> ofConnections(List<KeClientStatus> now) {
        return now.stream()
                .map(client -> since(connections.get(client.address()), client))
                .toList();
    }

    /** Counts begin anew with these, as they are without this baseline. */
    synchronized void begin(List<ClientStatus> nowPackets, List<KeClientStatus> nowConnections) {
        packets.clear();
        nowPackets.forEach(client -> packets.put(client.address(), client.record()));
        connections.clear();
        nowConnections.forEach(client -> connections.put(client.address(), client));
    }

    private static ClientRecord since(@Nullable ClientRecord then, ClientRecord now) {
        if (then == null || now.requests() < then.requests()) {
            return now;
        }
        return now.withCounts(
                now.requests() - then.requests(),
                since(then.limited(), now.limited()),
                since(then.unauthenticated(), now.unauthenticated()));
    }

    /** Who was forgotten and has caught up since has parts that are smaller than they were. */
    private static long since(long then, long now) {
        return now < then ? now : now - then;
    }

    private static KeClientStatus since(@Nullable KeClientStatus then, KeClientStatus now) {
        if (then == null || now.connections() < then.connections()) {
            return now;
        }
        return new KeClientStatus(
                now.address(),
                now.connections() - then.connections(),
                since(then.dropped(), now.dropped()),
                now.lastAgeSeconds());
    }
}
