package org.noonmark.app;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.noonmark.control.Answer;
import org.noonmark.control.Commands;
import org.noonmark.control.Request;
import org.noonmark.ntp.AccessRule;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.status.ClientReport;
import org.noonmark.status.ClientStatus;
import org.noonmark.status.JsonWriter;
import org.noonmark.status.KeClientStatus;

/** What can be asked about the clients of the server: who they are, who would be one, and the keys that those with NTS depend on. */
final class ServerQuestions implements Commands {
    private static final String JSON = "--json";
    private static final String VERBOSE = "-v";
    private static final String KEYS = "-k";
    private static final String LEAST = "-p";
    private static final String RESET = "-r";
    private static final String TERMINAL = "--terminal";

    private final LongSupplier clock;
    private final ClientBaseline baseline = new ClientBaseline();
    private volatile @Nullable NtpService service;
    private volatile @Nullable CookieKeyQuestions cookieKeys;
    private volatile @Nullable NtsQuestions nts;

    /** @param clock what clients are stamped by, nanoseconds since 1970 */
    ServerQuestions(LongSupplier clock) {
        this.clock = clock;
    }

    /** From now on there is a server to ask about. */
    void onStarted(NtpService started, NtsQuestions aboutNts, CookieKeyQuestions aboutCookieKeys) {
        nts = aboutNts;
        cookieKeys = aboutCookieKeys;
        service = started;
    }

    @Override
    public Answer execute(Request request) {
        NtpService asked = service;
        return switch (request.name()) {
            case "clients", "accheck" -> {
                if (asked == null) {
                    yield Answer.usage("the NTP server is not started yet: ask again in a second");
                }
                yield request.name().equals("clients") ? clients(request, asked) : accheck(request, asked);
            }
            case "nts", "rekey" -> {
                NtsQuestions about = nts;
                CookieKeyQuestions aboutKeys = cookieKeys;
                if (about == null || aboutKeys == null) {
                    yield Answer.usage("NTS is not started yet: ask again in a second");
                }
                if (request.name().equals("rekey")) {
                    yield aboutKeys.rekey(request);
                }
                yield request.has("keys") ? aboutKeys.keys(request) : about.execute(request);
            }
            default -> Answer.usage("noonmark knows no report '" + request.name() + "': noonmark --help lists them");
        };
    }

    private Answer clients(Request request, NtpService asked) {
        List<String> words = request.arguments();
        long least = 0;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals(LEAST)) {
                String number = i + 1 < words.size() ? words.get(++i) : "";
                if (!number.matches("[0-9]{1,9}")) {
                    return Answer.usage("-p needs a number of packets, such as 'clients -p 10'");
                }
                least = Long.parseLong(number);
            } else if (!List.of(JSON, VERBOSE, KEYS, RESET, TERMINAL).contains(word)) {
                return Answer.usage("clients has no option " + word);
            }
        }
        List<ClientStatus> packets = asked.clientStatus();
        NtsQuestions aboutNts = nts;
        List<KeClientStatus> connections = aboutNts == null ? List.of() : aboutNts.clients();
        long enough = least;
        boolean withKeys = request.has(KEYS);
        List<KeClientStatus> keys = baseline.ofConnections(connections).stream()
                .filter(client -> client.connections() >= enough)
                .toList();
        Set<String> forKeys =
                withKeys ? keys.stream().map(KeClientStatus::address).collect(Collectors.toSet()) : Set.of();
        List<ClientStatus> clients = baseline.ofPackets(packets).stream()
                .filter(client -> client.record().requests() >= enough || forKeys.contains(client.address()))
                .toList();
        if (request.has(RESET)) {
            baseline.begin(packets, connections);
        }
        long nowNanos = clock.getAsLong();
        Optional<List<KeClientStatus>> shown = withKeys ? Optional.of(keys) : Optional.empty();
        return Answer.ok(
                request.has(JSON)
                        ? ClientReport.json(clients, shown, nowNanos) + "\n"
                        : ClientReport.text(clients, shown, nowNanos, request.has(VERBOSE)));
    }

    private static Answer accheck(Request request, NtpService asked) {
        List<String> words = request.arguments().stream()
                .filter(word -> !word.equals(JSON) && !word.equals(TERMINAL))
                .toList();
        Optional<IpAddress> address = words.size() == 1 ? IpAddress.parse(words.getFirst()) : Optional.empty();
        if (address.isEmpty()) {
            return Answer.usage("accheck needs one IPv4 or IPv6 address, such as 192.168.1.7; names are not looked up");
        }
        AccessRule rule = asked.access().rulingOn(address.get().toBytes());
        boolean allowed = rule != null && rule.allow();
        String why = rule == null ? "no rule covers it" : "by '" + rule.origin() + "'";
        String text = request.has(JSON)
                ? new JsonWriter()
                        .beginObject()
                        .field("address", address.get().toString())
                        .field("allowed", allowed)
                        .field("rule", rule == null ? "" : rule.origin())
                        .endObject()
                        .toString()
                // chronyc's words and numbers.
                : (allowed ? "208 Access allowed" : "209 Access denied") + ": " + why;
        return new Answer(allowed ? Answer.OK : Answer.NOT_GOOD, text + "\n");
    }
}
