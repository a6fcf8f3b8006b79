package org.noonmark.status;

import static org.noonmark.status.ChronycFigures.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.noonmark.ntp.ClientRecord;

/**
 * The clients of the server: in chronyc's columns, and as JSON with {@code clients}, an array of objects (address, requests, limited,
 * unauthenticated, intervalLog2Seconds, limitedIntervalLog2Seconds, lastAgeSeconds, version, mode, authenticated, interleaved); with
 * {@code -k} also {@code keyClients} (address, connections, dropped, lastAgeSeconds).
 */
public final class ClientReport {
    private static final String HEADER =
            "Hostname                      NTP   Drop Int IntL Last     Cmd   Drop Int  Last";
    private static final String KEY_HEADER = HEADER.replace("   Cmd", "NTS-KE");
    private static final String OWN_HEADER = "  Wrong V M Auth Kind ";

    private ClientReport() {}

    /**
     * {@code clients}.
     *
     * @param keys who has asked for keys, in place of commands, which come by the control socket; empty: not asked for
     * @param verbose with columns of our own: wrong MACs, version, mode, MAC, interleaved or basic
     */
    public static String text(
            List<ClientStatus> clients, Optional<List<KeClientStatus>> keys, long nowNanos, boolean verbose) {
        StringBuilder out = new StringBuilder(128 + clients.size() * 104);
        String header = (keys.isPresent() ? KEY_HEADER : HEADER) + (verbose ? OWN_HEADER : "");
        Map<String, KeClientStatus> byAddress = new LinkedHashMap<>();
        keys.orElse(List.of()).forEach(client -> byAddress.put(client.address(), client));
        out.append(header).append('\n').append("=".repeat(header.length())).append('\n');
        for (ClientStatus status : clients) {
            ClientRecord client = status.record();
            out.append(format(
                    "%-25s  %6d  %5d  %s  %s  %s  %s",
                    status.address(),
                    client.requests(),
                    client.limited(),
                    log2(client.intervalLog2Seconds()),
                    log2(client.limitedIntervalLog2Seconds()),
                    ChronycFigures.interval(ageSeconds(client, nowNanos)),
                    keyColumns(Optional.ofNullable(byAddress.remove(status.address())))));
            if (verbose) {
                out.append(format(
                        "  %5d %d %d %s %s",
                        client.unauthenticated(),
                        client.version(),
                        client.mode(),
                        client.authenticated() ? "MAC " : "-   ",
                        client.interleaved() ? "intl" : "basic"));
            }
            out.append('\n');
        }
        for (KeClientStatus client : byAddress.values()) {
            out.append(format(
                            "%-25s  %6d  %5d   -   -     -  %s",
                            client.address(), 0, 0, keyColumns(Optional.of(client))))
                    .append('\n');
        }
        return out.toString();
    }

    private static String keyColumns(Optional<KeClientStatus> client) {
        return format(
                "%6d  %5d   -  %s",
                client.map(KeClientStatus::connections).orElse(0L),
                client.map(KeClientStatus::dropped).orElse(0L),
                client.map(known -> ChronycFigures.interval(known.lastAgeSeconds()))
                        .orElse("   -"));
    }

    /** The same as one object. */
    public static String json(List<ClientStatus> clients, Optional<List<KeClientStatus>> keys, long nowNanos) {
        JsonWriter json = new JsonWriter();
        json.beginObject().beginArray("clients");
        for (ClientStatus status : clients) {
            ClientRecord client = status.record();
            json.beginObject().field("address", status.address()).field("requests", client.requests());
            json.field("limited", client.limited()).field("unauthenticated", client.unauthenticated());
            client.intervalLog2Seconds().ifPresent(log2 -> json.field("intervalLog2Seconds", log2));
            client.limitedIntervalLog2Seconds().ifPresent(log2 -> json.field("limitedIntervalLog2Seconds", log2));
            json.field("lastAgeSeconds", ageSeconds(client, nowNanos)).field("version", client.version());
            json.field("mode", client.mode()).field("authenticated", client.authenticated());
            json.field("interleaved", client.interleaved()).endObject();
        }
        json.endArray();
        if (keys.isPresent()) {
            json.beginArray("keyClients");
            for (KeClientStatus client : keys.get()) {
                json.beginObject().field("address", client.address()).field("connections", client.connections());
                json.field("dropped", client.dropped()).field("lastAgeSeconds", client.lastAgeSeconds());
                json.endObject();
            }
            json.endArray();
        }
        return json.endObject().toString();
    }

    private static long ageSeconds(ClientRecord client, long nowNanos) {
        return Math.max(0, nowNanos - client.lastNanos()) / 1_000_000_000L;
    }

    private static String log2(OptionalInt seconds) {
        return seconds.isPresent() ? format("%2d", seconds.getAsInt()) : " -";
    }
}
