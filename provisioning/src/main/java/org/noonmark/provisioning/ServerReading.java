package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes settings of the lines that name servers, and looks for what cannot be meant. */
final class ServerReading {
    private static final int DEFAULT_MIN_POLL = 6;
    private static final int DEFAULT_MAX_POLL = 10;
    private static final String KEY = "key";
    private static final List<IpPrefix> LOOPBACK = Stream.of("127.0.0.0/8", "::1/128")
            .flatMap(text -> IpPrefix.parse(text).stream())
            .toList();

    private final Consumer<Problem> problems;

    ServerReading(Consumer<Problem> problems) {
        this.problems = problems;
    }

    /** Tells of keys that are not there, intervals in the wrong order, and names that come twice. */
    void check(List<Arguments> servers, List<SymmetricKey> keys, boolean keyFile) {
        for (int i = 0; i < servers.size(); i++) {
            Arguments server = servers.get(i);
            checkKey(server, keys, keyFile);
            checkIntervals(server);
            checkFamily(server);
            checkCopy(server);
            checkName(server, servers.subList(0, i));
        }
    }

    private void checkKey(Arguments server, List<SymmetricKey> keys, boolean keyFile) {
        if (!server.has(KEY)) {
            warnOfOpenPeer(server);
            return;
        }
        if (server.has("nts")) {
            problems.accept(server.statement()
                    .error(
                            "nts",
                            "'nts' and 'key' are two ways to authenticate one server",
                            "keep 'nts' where the server has it"));
        }
        String written = "key " + server.text(KEY);
        int id = keyId(server);
        if (!keyFile) {
            problems.accept(server.statement()
                    .error(
                            written,
                            quote(written) + " needs a file of keys",
                            "add 'keyfile /etc/noonmark/noonmark.keys'"));
        } else if (keys.stream().noneMatch(key -> key.id() == id)) {
            problems.accept(server.statement()
                    .error(
                            written,
                            quote(written) + " is not in the file of keys",
                            "add a line '" + server.text(KEY) + " SHA256 HEX:...' there, the same as on the server"));
        }
    }

    /** RFC 5905, section 9.2, has symmetric mode authenticated: who forges an equal's address speaks for it. */
    private void warnOfOpenPeer(Arguments server) {
        if (server.directive().name().equals("peer")) {
            problems.accept(server.statement()
                    .warning(
                            server.text("NAME"),
                            quote("peer " + server.text("NAME"))
                                    + " has no key: whoever forges that address speaks for it",
                            "write 'key N' on both machines, with the same key in both files of keys"));
        }
    }

    private void checkFamily(Arguments server) {
        if (server.has("ipv4") && server.has("ipv6")) {
            problems.accept(server.statement()
                    .error("ipv6", "'ipv4' and 'ipv6' leave no address of a name", "keep one of them, or none"));
        }
    }

    /** Two machines that copy each other follow one another and say stratum 1, and neither can know. */
    private void checkCopy(Arguments server) {
        if (server.has(ServerDirectives.COPY) && !isThisMachine(server.text("NAME"))) {
            problems.accept(server.statement()
                    .warning(
                            ServerDirectives.COPY,
                            "'copy' of " + quote(server.text("NAME"))
                                    + " hides from others that this machine follows it: two that copy each other follow one another unnoticed",
                            "remove 'copy', or name a program of this same machine by 127.0.0.1 or ::1"));
        }
    }

    private static boolean isThisMachine(String name) {
        return name.equalsIgnoreCase("localhost")
                || IpAddress.parse(name)
                        .filter(address -> LOOPBACK.stream().anyMatch(prefix -> prefix.contains(address)))
                        .isPresent();
    }

    private void checkIntervals(Arguments server) {
        if (server.gives("minpoll") && server.gives("maxpoll") && server.whole("minpoll") > server.whole("maxpoll")) {
            problems.accept(server.statement()
                    .error(
                            "maxpoll " + server.text("maxpoll"),
                            "'maxpoll " + server.text("maxpoll") + "' is below 'minpoll " + server.text("minpoll")
                                    + "'",
                            "make minpoll the smaller one"));
        }
    }

    private void checkName(Arguments server, List<Arguments> earlier) {
        earlier.stream()
                .filter(other -> other.text("NAME").equalsIgnoreCase(server.text("NAME")))
                .findFirst()
                .ifPresent(other -> problems.accept(server.statement()
                        .error(
                                server.text("NAME"),
                                quote(server.text("NAME")) + " is asked already by line "
                                        + other.statement().line(),
                                "keep one of them")));
    }

    /** The settings of a line that was found right. */
    static ServerConfig read(Arguments server) {
        ServerConfig.Role role =
                ServerConfig.Role.valueOf(server.directive().name().toUpperCase(Locale.ROOT));
        // As chrony: an interval that only one end is given for has the other end moved out of its way.
        int minPoll = server.findWhole("minpoll").orElse(DEFAULT_MIN_POLL);
        OptionalInt given = server.findWhole("maxpoll");
        int maxPoll = given.orElse(DEFAULT_MAX_POLL);
        if (given.isPresent() && !server.has("minpoll")) {
            minPoll = Math.min(minPoll, maxPoll);
        }
        return new ServerConfig(
                server.text("NAME"),
                role,
                role == ServerConfig.Role.POOL ? server.whole("maxsources") : 1,
                server.whole("port"),
                server.whole("version"),
                server.has(KEY) ? keyId(server) : 0,
                role != ServerConfig.Role.PEER && server.has("nts")
                        ? Optional.of(new ServerConfig.Nts(server.whole("ntsport"), server.whole("certset")))
                        : Optional.empty(),
                server.nanos("offset"),
                server.whole("minstratum"),
                minPoll,
                Math.max(minPoll, maxPoll),
                server.whole("polltarget"),
                server.nanos("maxdelay"),
                Double.parseDouble(server.text("maxdelayratio")),
                Double.parseDouble(server.text("maxdelaydevratio")),
                server.findWhole("minsamples"),
                server.findWhole("maxsamples"),
                new ServerConfig.Shaping(
                        server.findWhole("presend"),
                        Double.parseDouble(server.text("maxdelayquant")),
                        server.whole("filter"),
                        Double.parseDouble(server.text("asymmetry"))),
                flags(server));
    }

    private static int keyId(Arguments server) {
        return Integer.parseUnsignedInt(server.text(KEY));
    }

    private static Set<ServerConfig.Flag> flags(Arguments server) {
        EnumSet<ServerConfig.Flag> flags = EnumSet.noneOf(ServerConfig.Flag.class);
        for (ServerConfig.Flag flag : ServerConfig.Flag.values()) {
            if (server.has(flag.name().toLowerCase(Locale.ROOT))) {
                flags.add(flag);
            }
        }
        return flags;
    }
}
