package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.noonmark.provisioning.Problem.Severity;

/** Warns of settings that are right each for itself and together do not do what their owner will have meant. */
final class Contradictions {
    private final Consumer<Problem> problems;

    Contradictions(Consumer<Problem> problems) {
        this.problems = problems;
    }

    /** Who is served: a closed port, nobody allowed, rules that take each other back. */
    void inAccess(String path, List<Arguments> access, Arguments port) {
        List<Arguments> allowing = access.stream()
                .filter(rule -> rule.directive().name().equals("allow"))
                .toList();
        boolean closed = port.whole("PORT") == 0;
        if (closed && !allowing.isEmpty()) {
            Statement allow = allowing.getFirst().statement();
            problems.accept(port.statement()
                    .warning(
                            "port 0",
                            "'port 0' closes the NTP port, so " + quote(allow.text()) + " of " + allow.place()
                                    + " serves nobody",
                            "remove 'port 0'"));
        }
        if (!closed && allowing.isEmpty()) {
            warnOfFile(path, "allow", "no 'allow' line, so nobody is served", "add 'allow onlink' or your own network");
        }
        takenBack(access);
    }

    /** What chrony did with these lines is done, or is not needed. */
    void inUseless(Arguments line) {
        String name = line.directive().name();
        problems.accept(line.statement()
                .warning(
                        line.statement().name(),
                        quote(line.statement().name()) + " has no use here",
                        name.equals("initstepslew")
                                ? "remove the line; the clock is stepped at the start as 'makestep' says"
                                : "remove the line; 'driftfile' keeps what was learned"));
    }

    /** Lines that nobody would read. */
    void inLogs(List<Arguments> logs, Optional<Arguments> directory) {
        if (!logs.isEmpty() && directory.isEmpty()) {
            Statement log = logs.getFirst().statement();
            problems.accept(log.warning(
                    log.text(),
                    quote(log.text()) + " has no directory to write to",
                    "add 'logdir /run/noonmark/log', or another directory"));
        }
        for (Arguments log : logs) {
            List<String> words = log.statement().rest();
            if (words.stream().anyMatch(word -> word.equalsIgnoreCase("rtc"))) {
                problems.accept(
                        log.statement()
                                .warning(
                                        "rtc",
                                        "'rtc' of " + quote(log.statement().text()) + " has no use here",
                                        "remove the word; the kernel keeps the real-time clock, and nothing is measured of it"));
            }
        }
    }

    /** Requests and answers of others would come to one port, where the kernel may hand them to the wrong one. */
    void inPorts(Arguments port, Arguments acquisition) {
        int asking = acquisition.whole("PORT");
        if (asking != 0 && asking == port.whole("PORT")) {
            problems.accept(acquisition
                    .statement()
                    .error(
                            acquisition.statement().text(),
                            quote(acquisition.statement().text()) + " is the port that clients are answered at",
                            "remove the line, or choose another port"));
        }
    }

    /** A line of the file and the rules it makes. */
    private record Line(Statement statement, List<AccessRule> rules) {}

    private void takenBack(List<Arguments> access) {
        List<Line> earlier = new ArrayList<>();
        for (Arguments rule : access) {
            Line later = new Line(rule.statement(), Assembly.rules(rule));
            Statement statement = later.statement();
            earlier.stream()
                    .filter(line -> line.statement().file().equals(statement.file()) && takesBack(later, line))
                    .findFirst()
                    .ifPresent(line -> problems.accept(statement.warning(
                            statement.text(),
                            quote(statement.text()) + " takes back "
                                    + quote(line.statement().text()) + " of line "
                                    + line.statement().line(),
                            "remove one of them")));
            earlier.add(later);
        }
    }

    private static boolean takesBack(Line later, Line earlier) {
        return later.rules().stream()
                .anyMatch(wide -> earlier.rules().stream().anyMatch(narrow -> takesBack(wide, narrow)));
    }

    private static boolean takesBack(AccessRule later, AccessRule earlier) {
        return later.allow() != earlier.allow()
                && switch (later) {
                    case AccessRule.OnLink _ -> earlier instanceof AccessRule.OnLink;
                    case AccessRule.Host host ->
                        earlier instanceof AccessRule.Host other && other.name().equals(host.name());
                    case AccessRule.Subnet wide ->
                        switch (earlier) {
                            case AccessRule.OnLink _, AccessRule.Host _ ->
                                wide.all() && wide.prefix().length() == 0;
                            case AccessRule.Subnet narrow -> takesBack(wide, narrow);
                        };
                };
    }

    private static boolean takesBack(AccessRule.Subnet later, AccessRule.Subnet earlier) {
        return later.prefix().equals(earlier.prefix())
                || (later.all()
                        && later.prefix().length() <= earlier.prefix().length()
                        && later.prefix().contains(earlier.prefix().network()));
    }

    /** What gives the time: a receiver, and pulses for it. */
    void inClocks(String path, List<Arguments> receivers, List<ReceiverConfig> bound, boolean nothingSaid) {
        if (receivers.isEmpty() && nothingSaid) {
            warnOfFile(
                    path,
                    "receiver",
                    "no 'receiver' line, so the time is never proven and nothing is served",
                    "add 'receiver /dev/serial0 pps /dev/pps0'");
        }
        if (!bound.isEmpty() && bound.getFirst().pulse().isEmpty()) {
            Statement statement = receivers.getFirst().statement();
            problems.accept(statement.warning(
                    bound.getFirst().device(),
                    "receiver " + quote(bound.getFirst().device()) + " has no pulses, so the clock is not steered",
                    "add 'pps /dev/pps0'"));
        }
    }

    /** A stratum that claims more than an unsteered clock can be. */
    void inLocal(Arguments local) {
        if (local.whole("stratum") < 2) {
            problems.accept(local.statement()
                    .warning(
                            "stratum 1",
                            "'local stratum 1' calls a clock that nothing steers a reference",
                            "write 'local stratum 10'"));
        }
    }

    /** Limits for clients that nobody counts. */
    void inClientLog(Arguments none, Optional<Arguments> rateLimit, Arguments size) {
        rateLimit.ifPresent(limit -> problems.accept(limit.statement()
                .error(
                        "ratelimit",
                        "'ratelimit' counts the requests of each client, which 'noclientlog' of "
                                + none.statement().place() + " forbids",
                        "remove one of them")));
        if (size.statement().line() > 0) {
            problems.accept(size.statement()
                    .warning(
                            size.statement().text(),
                            quote(size.statement().text()) + " has no effect beside 'noclientlog' of "
                                    + none.statement().place(),
                            "remove one of them"));
        }
    }

    /** Lamps that cannot be told apart, or none. */
    void inLeds(Arguments leds) {
        OptionalInt lock = leds.findWhole("lock");
        OptionalInt fix = leds.findWhole("fix");
        if (lock.equals(fix)) {
            Statement statement = leds.statement();
            problems.accept(statement.error(
                    statement.text(),
                    quote(statement.text()) + (lock.isEmpty() ? " names no lamp" : " gives one pin to both lamps"),
                    "write 'leds lock 23 fix 24' with the GPIO numbers of your lamps"));
        }
    }

    /** Certificates without keys, and keys without certificates. */
    void inPairs(List<Arguments> certificates, List<Arguments> keys) {
        if (certificates.size() == keys.size()) {
            return;
        }
        boolean lacksKey = certificates.size() > keys.size();
        List<Arguments> more = lacksKey ? certificates : keys;
        Statement alone = more.get(Math.min(certificates.size(), keys.size())).statement();
        String other = lacksKey ? "ntsserverkey" : "ntsservercert";
        problems.accept(alone.error(
                alone.text(),
                quote(alone.text()) + " has no '" + other + "' that goes with it",
                "add an '" + other + " FILE' line, as many of the one as of the other"));
    }

    /** Both keep their certificate in a file of the same name. */
    void inFolders(Arguments authority, Arguments acme) {
        String folder = authority.text("DIRECTORY");
        if (plain(folder).equals(plain(acme.text("directory")))) {
            problems.accept(acme.statement()
                    .error(
                            folder,
                            "'ntsacme' and 'ntsca' of " + authority.statement().place() + " keep their certificates in "
                                    + quote(folder) + ", where each overwrites the other's",
                            "give 'ntsacme' another 'directory'"));
        }
    }

    private static String plain(String path) {
        return path.replaceAll("/(\\.?/)*(\\.?$)?", "/").replaceAll("/$", "");
    }

    private void warnOfFile(String path, String directive, String fault, String cure) {
        problems.accept(new Problem(Severity.WARNING, path, 0, directive, directive, fault, cure));
    }
}
