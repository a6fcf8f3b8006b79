package org.noonmark.app;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.noonmark.control.Answer;
import org.noonmark.control.Commands;
import org.noonmark.control.Request;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.ServerConfig;
import org.noonmark.provisioning.ServerLine;
import org.noonmark.provisioning.ServerRules;
import org.noonmark.provisioning.SymmetricKey;
import org.noonmark.sources.Association;
import org.tinylog.Logger;

/** What can be asked of the servers while the daemon runs; nothing of it is kept for the next start. */
final class SourceCommands implements Commands {
    private static final Pattern BURST = Pattern.compile("([0-9]{1,4})/([0-9]{1,4})");
    private static final String OK = "200 OK\n";
    private static final Answer LATE = Answer.usage("the thread of the servers does not answer: ask again in a second");

    private final SourcesService service;
    private final List<SymmetricKey> keys;
    private final ServerRules rules;
    private final Commands others;

    /** @param others who answers what is not about servers */
    SourceCommands(SourcesService service, ApplianceConfig config, Commands others) {
        this.service = service;
        keys = config.keys();
        rules = config.serverRules();
        this.others = others;
    }

    @Override
    public Answer execute(Request request) {
        List<String> words = request.arguments().stream()
                .filter(word -> !word.startsWith("--"))
                .toList();
        return switch (request.name()) {
            case "online" ->
                onAll(words, which -> service.ask(sources -> sources.goOnline(which, words.isEmpty()), -1));
            case "offline" ->
                onAll(words, which -> service.ask(sources -> sources.goOffline(which, words.isEmpty()), -1));
            case "burst" -> burst(words);
            case "refresh" ->
                service.ask(
                        sources -> {
                            sources.refresh();
                            return Answer.ok(OK);
                        },
                        LATE);
            case "reload" -> reload(words);
            case "add" -> add(words);
            case "delete" -> delete(words);
            default -> others.execute(request);
        };
    }

    /** Does something to a number of servers; how many there were, negative when nobody knows. */
    private interface Deed {
        int on(Predicate<Association> which);
    }

    private static Answer onAll(List<String> words, Deed deed) {
        if (words.size() > 1) {
            return Answer.usage("one address or name is taken, or none for all servers");
        }
        Predicate<Association> which = words.isEmpty()
                ? any -> true
                : association -> words.getFirst().equals(association.address().text())
                        || words.getFirst().equals(association.config().name());
        int found = deed.on(which);
        if (found < 0) {
            return LATE;
        }
        return found > 0 || words.isEmpty()
                ? Answer.ok(OK)
                : Answer.usage("no server that is asked has the name or address " + words.getFirst()
                        + ": 'noonmark sources' lists them");
    }

    private Answer burst(List<String> words) {
        Matcher matcher = BURST.matcher(words.isEmpty() ? "" : words.getFirst());
        if (!matcher.matches()) {
            return Answer.usage("burst needs GOOD/MAX: answers that are enough, and requests at most, such as 4/8");
        }
        int good = Integer.parseInt(matcher.group(1));
        int most = Integer.parseInt(matcher.group(2));
        if (good < 1 || most < good) {
            return Answer.usage("burst " + words.getFirst() + ": MAX must be at least GOOD, and GOOD at least 1");
        }
        return onAll(
                words.subList(1, words.size()), which -> service.ask(sources -> sources.burst(which, good, most), -1));
    }

    private Answer reload(List<String> words) {
        if (!words.equals(List.of("sources"))) {
            return Answer.usage("what can be read again is 'sources', the files of 'sourcedir'");
        }
        return service.ask(
                _ -> {
                    service.reloadFiles();
                    return Answer.ok(OK);
                },
                LATE);
    }

    private Answer add(List<String> words) {
        ServerLine line = ServerLine.parse(words, keys);
        Optional<ServerConfig> server = line.server();
        if (server.isEmpty()) {
            return Answer.usage(String.join("; ", line.problems()));
        }
        Answer known = Answer.usage(server.get().name() + " is asked already: 'noonmark sources' lists all");
        Answer answer = service.ask(
                sources -> sources.add(ServerLines.config(server.get(), rules)) ? Answer.ok(OK) : known, LATE);
        if (answer.isReport()) {
            Logger.info("asked from now on, by command: {}", String.join(" ", words));
        }
        return answer;
    }

    private Answer delete(List<String> words) {
        if (words.size() != 1) {
            return Answer.usage("delete needs one name or address, as 'noonmark sources' shows it");
        }
        String name = words.getFirst();
        Answer unknown = Answer.usage(
                "no server that is asked has the name or address " + name + ": 'noonmark sources' lists them");
        Answer answer = service.ask(sources -> sources.delete(name) ? Answer.ok(OK) : unknown, LATE);
        if (answer.isReport()) {
            Logger.info("asked no more, by command: {}", name);
        }
        return answer;
    }
}
