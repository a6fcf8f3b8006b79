package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Puts statements together to a configuration: the later of two replaces the earlier, access rules and clocks add up. */
final class Assembly {
    private static final int MOST_ACCESS_RULES = 1024;
    private static final int NTP_PORT = 123;

    private final Consumer<Problem> problems;
    private final TempCompReading tempCompReading;
    private final KeyFileReading keyFileReading;
    private static final long ORPHANS_WAIT_NANOS = 300_000_000_000L;

    private final Map<String, Arguments> single = new HashMap<>();
    private final List<Arguments> access = new ArrayList<>();
    private final List<Arguments> receivers = new ArrayList<>();
    private final List<Arguments> refclocks = new ArrayList<>();
    private final List<Arguments> certificates = new ArrayList<>();
    private final List<Arguments> certificateKeys = new ArrayList<>();
    private final List<Arguments> sourceDirectories = new ArrayList<>();
    private final List<Arguments> trusted = new ArrayList<>();
    private final List<Arguments> logs = new ArrayList<>();
    private final List<Arguments> servers = new ArrayList<>();
    private final List<Arguments> broadcasts = new ArrayList<>();
    /** Receivers and clocks that could not be understood, so that what refers to them is not complained of a second time. */
    private final List<Statement> faultyClocks = new ArrayList<>();

    private List<ReceiverConfig> bound = List.of();
    private List<ReferenceClockConfig> clocks = List.of();
    private Optional<TempComp> tempComp = Optional.empty();
    private List<SymmetricKey> keys = List.of();

    Assembly(ConfigFiles files, Consumer<Problem> problems) {
        this.problems = problems;
        tempCompReading = new TempCompReading(files, problems);
        keyFileReading = new KeyFileReading(files, problems);
    }

    void apply(Statement statement) {
        Optional<Directive> found = Directives.named(statement.name());
        if (found.isEmpty()) {
            problems.accept(statement.error(
                    statement.name(),
                    "unknown directive " + quote(statement.name()),
                    Directives.cureForUnknown(statement.name())));
            return;
        }
        switch (found.get()) {
            case Directive.NotYet notYet ->
                problems.accept(statement.error(
                        statement.name(), quote(statement.name()) + " is not supported yet", notYet.instead()));
            case Directive.Never never ->
                problems.accept(statement.error(
                        statement.name(),
                        quote(statement.name()) + " is not supported and will not be",
                        "remove the line; " + never.reason()));
            case Directive.Supported supported -> {
                Optional<Arguments> arguments = ArgumentParser.parse(statement, supported, problems);
                arguments.ifPresent(this::take);
                if (arguments.isEmpty() && List.of("receiver", "refclock").contains(supported.name())) {
                    faultyClocks.add(statement);
                }
            }
        }
    }

    private void take(Arguments arguments) {
        switch (arguments.directive().name()) {
            case "allow", "deny" -> addAccess(arguments);
            case "receiver" -> receivers.add(arguments);
            case "refclock" -> refclocks.add(arguments);
            case "ntsservercert" -> certificates.add(arguments);
            case "ntsserverkey" -> certificateKeys.add(arguments);
            case "server", "pool", "peer" -> servers.add(arguments);
            case "broadcast" -> broadcasts.add(arguments);
            case "log" -> logs.add(arguments);
            case "ntstrustedcerts" -> trusted.add(arguments);
            case "sourcedir" -> sourceDirectories.add(arguments);
            case "bindaddress", "bindacqaddress" ->
                replace(
                        arguments,
                        arguments.directive().name() + (address(arguments).ipv6() ? "6" : "4"));
            default -> replace(arguments, arguments.directive().name());
        }
    }

    private void replace(Arguments arguments, String key) {
        Arguments earlier = single.put(key, arguments);
        Statement now = arguments.statement();
        // In another file it is meant: drop-in files exist to override.
        if (earlier != null
                && earlier.statement().file().equals(now.file())
                && earlier.statement().line() != now.line()) {
            problems.accept(now.warning(
                    now.text(),
                    quote(now.text()) + " replaces " + quote(earlier.statement().text()) + " of line "
                            + earlier.statement().line(),
                    "keep one of them"));
        }
    }

    private void addAccess(Arguments arguments) {
        access.add(arguments);
        if (access.size() == MOST_ACCESS_RULES + 1) {
            problems.accept(arguments
                    .statement()
                    .error(
                            arguments.statement().text(),
                            quote(arguments.statement().text()) + " is one rule more than " + MOST_ACCESS_RULES,
                            "use larger subnets"));
        }
    }

    /** Fills in the defaults, binds pulses to receivers and looks for contradictions. */
    void finish(String path) {
        for (Directive.Supported directive : SupportedDirectives.TABLE) {
            directive.standard().ifPresent(line -> {
                Statement standard = new Statement("default", 0, List.of(line.split(" ", -1)));
                ArgumentParser.parse(standard, directive, problems)
                        .ifPresent(arguments -> single.putIfAbsent(directive.name(), arguments));
            });
        }
        readClocks();
        List<Arguments> rules = access.subList(0, Math.min(access.size(), MOST_ACCESS_RULES));
        Contradictions contradictions = new Contradictions(problems);
        contradictions.inAccess(path, rules, required("port"));
        contradictions.inClocks(
                path,
                receivers,
                bound,
                faultyClocks.isEmpty() && refclocks.isEmpty() && servers.isEmpty() && sourceDirectories.isEmpty());
        find("noclientlog")
                .ifPresent(none -> contradictions.inClientLog(none, find("ratelimit"), required("clientloglimit")));
        find("local").ifPresent(contradictions::inLocal);
        Stream.of("dumpdir", "dumponexit", "initstepslew")
                .flatMap(name -> find(name).stream())
                .forEach(contradictions::inUseless);
        contradictions.inLogs(logs, find("logdir"));
        find("leds").ifPresent(contradictions::inLeds);
        contradictions.inPairs(certificates, certificateKeys);
        find("ntsca").ifPresent(ca -> find("ntsacme").ifPresent(acme -> contradictions.inFolders(ca, acme)));
        tempComp = find("tempcomp").flatMap(tempCompReading::of);
        keys = find("keyfile").map(keyFileReading::of).orElse(List.of());
        new ServerReading(problems).check(servers, keys, find("keyfile").isPresent());
        contradictions.inPorts(required("port"), required("acquisitionport"));
    }

    private void readClocks() {
        List<Arguments> pulses = refclocks.stream()
                .filter(line -> ReferenceClockReading.isOfReceiver(line, receivers))
                .toList();
        ReferenceClockReading reading = new ReferenceClockReading(problems, faultyClocks);
        pulses.forEach(reading::checkOfReceiver);
        bound = new ReceiverBinding(problems).bind(receivers, pulses);
        clocks = reading.read(
                refclocks.stream().filter(line -> !pulses.contains(line)).toList(),
                refclocks,
                !servers.isEmpty() || !sourceDirectories.isEmpty(),
                !receivers.isEmpty()
                        || find("leapseclist").isPresent()
                        || find("leapsectz").isPresent());
    }

    /** The configuration; only when no error was reported. */
    ApplianceConfig config() {
        return new ApplianceConfig(
                required("port").whole("PORT"),
                find("bindaddress4").map(Assembly::address),
                find("bindaddress6").map(Assembly::address),
                access.stream().flatMap(rule -> rules(rule).stream()).toList(),
                keys,
                find("ratelimit").map(Assembly::rateLimit),
                find("noclientlog").isEmpty(),
                required("clientloglimit").whole("LIMIT"),
                new CookieKeysConfig(
                        find("ntsdumpdir").map(directory -> directory.text("DIRECTORY")),
                        required("ntsrotate").whole("INTERVAL")),
                broadcasts.stream()
                        .map(line -> new BroadcastConfig(
                                line.whole("INTERVAL"),
                                address(line),
                                line.find("PORT").map(Integer::parseInt).orElse(NTP_PORT)))
                        .toList(),
                bound,
                clocks,
                servers.stream().map(ServerReading::read).toList(),
                new ServerRules(
                        required("maxdistance").nanos("DISTANCE"),
                        required("maxjitter").nanos("JITTER"),
                        required("minsources").whole("SOURCES"),
                        required("stratumweight").nanos("DISTANCE"),
                        required("reselectdist").nanos("DISTANCE"),
                        Double.parseDouble(required("combinelimit").text("LIMIT")),
                        ServerRules.AuthSelectMode.valueOf(
                                required("authselectmode").choice("MODE").toUpperCase(Locale.ROOT)),
                        sourceDirectories.stream()
                                .flatMap(Assembly::directories)
                                .toList(),
                        required("refresh").whole("INTERVAL"),
                        required("ntsrefresh").whole("INTERVAL"),
                        required("minsamples").whole("SAMPLES"),
                        required("maxsamples").whole("SAMPLES"),
                        new ServerRules.Outgoing(
                                required("acquisitionport").whole("PORT"),
                                find("bindacqaddress4").map(Assembly::address),
                                find("bindacqaddress6").map(Assembly::address),
                                find("bindacqdevice").map(device -> device.text("INTERFACE"))),
                        new ServerRules.Trust(
                                trusted.stream().map(Assembly::certificates).toList(),
                                find("nosystemcert").isEmpty(),
                                required("nocerttimecheck").whole("LIMIT"))),
                tripwire(required("tripwire")),
                find("makestep").map(step -> new MakeStep(step.nanos("THRESHOLD"), step.whole("LIMIT"))),
                find("local").map(Assembly::local),
                find("manual").isPresent(),
                required("holdoverlimit").nanos("LIMIT"),
                find("rtcsync").isPresent(),
                find("driftfile").map(file -> new DriftFile(file.text("FILE"), file.whole("interval"))),
                find("leapseclist").map(list -> list.text("FILE")),
                find("leapsectz").map(zone -> zone.text("TIMEZONE")),
                LeapSecondMode.valueOf(required("leapsecmode").choice("MODE").toUpperCase(Locale.ROOT)),
                LogDirectives.read(logs, this::find),
                find("record").map(file -> file.text("FILE")),
                required("controlsocket").text("PATH"),
                required("maxclockerror").ppb("ERROR"),
                new ClockLimits(
                        required("maxslewrate").ppb("RATE"),
                        required("maxdrift").ppb("DRIFT"),
                        required("maxupdateskew").ppb("SKEW"),
                        find("maxchange")
                                .map(change -> new MaxChange(
                                        change.nanos("OFFSET"), change.whole("START"), change.whole("IGNORE")))),
                tempComp,
                required("sched_priority").whole("PRIORITY"),
                find("ntpcores").map(Assembly::cores).orElse(List.of()),
                find("lock_all").isPresent(),
                find("xdp")
                        .map(card -> new XdpConfig(
                                card.text("INTERFACE"),
                                XdpConfig.Mode.valueOf(card.choice("mode").toUpperCase(Locale.ROOT)))),
                find("leds").map(leds -> new FrontPanelConfig(leds.findWhole("lock"), leds.findWhole("fix"))),
                nts());
    }

    private NtsConfig nts() {
        List<NtsConfig.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            pairs.add(new NtsConfig.Pair(
                    certificates.get(i).text("FILE"), certificateKeys.get(i).text("FILE")));
        }
        Arguments aeads = required("ntsaeads");
        return new NtsConfig(
                required("ntsport").whole("PORT"),
                find("ntsca").map(directory -> directory.text("DIRECTORY")),
                pairs,
                find("ntsacme").map(Assembly::acme),
                Stream.of("ID", "ID2", "ID3")
                        .filter(aeads::has)
                        .map(aeads::whole)
                        .distinct()
                        .toList(),
                find("ntsntpserver").map(server -> server.text("HOSTNAME")),
                required("maxntsconnections").whole("CONNECTIONS"),
                Math.max(1, required("ntsprocesses").whole("PROCESSES")),
                find("ntsratelimit")
                        .map(limit -> new RateLimitConfig(
                                limit.whole("interval"), limit.whole("burst"), limit.whole("leak"), 0, 64)));
    }

    private static NtsConfig.Acme acme(Arguments given) {
        return new NtsConfig.Acme(
                given.text("URL"),
                Stream.of("NAME", "NAME2", "NAME3")
                        .flatMap(name -> given.find(name).stream())
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .distinct()
                        .toList(),
                given.find("hook"),
                given.whole("port"),
                given.text("directory"),
                given.text("trust"));
    }

    private static LocalReference local(Arguments local) {
        boolean orphan = local.has("orphan");
        // As chrony: orphans wait, so that a lost packet does not part them.
        long wait = local.has("waitsynced") ? local.nanos("waitsynced") : orphan ? ORPHANS_WAIT_NANOS : 0;
        return new LocalReference(
                local.whole("stratum"), local.nanos("distance"), orphan, local.nanos("activate"), wait);
    }

    private static Stream<String> directories(Arguments line) {
        return ServerDirectives.DIRECTORIES.stream().flatMap(name -> line.find(name).stream());
    }

    private static ServerRules.Certificates certificates(Arguments line) {
        return new ServerRules.Certificates(line.findWhole("SET").orElse(0), line.text("FILE"));
    }

    private static List<Integer> cores(Arguments given) {
        return Arrays.stream(given.text("CORES").split(",", -1))
                .map(Integer::valueOf)
                .distinct()
                .toList();
    }

    private static RateLimitConfig rateLimit(Arguments limit) {
        return new RateLimitConfig(
                limit.whole("interval"),
                limit.whole("burst"),
                limit.whole("leak"),
                limit.whole("kod"),
                limit.whole("ipv6-prefix"));
    }

    private static TripwireConfig tripwire(Arguments wires) {
        return new TripwireConfig(
                wires.whole("position"),
                Double.parseDouble(wires.text("signals")),
                wires.choice("interference").equals("on"),
                wires.whole("hold"),
                wires.whole("jump"));
    }

    /** The effective lines in the order of the table. */
    List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        for (Directive.Supported directive : SupportedDirectives.TABLE) {
            switch (directive.name()) {
                case "receiver" -> receivers.forEach(receiver -> settings.add(setting(receiver)));
                case "refclock" -> refclocks.forEach(clock -> settings.add(setting(clock)));
                case "server", "pool", "peer" ->
                    servers.stream()
                            .filter(server -> server.directive().equals(directive))
                            .forEach(server -> settings.add(setting(server)));
                case "allow" -> access.forEach(rule -> settings.add(setting(rule)));
                case "log" -> logs.forEach(line -> settings.add(setting(line)));
                case "broadcast" -> broadcasts.forEach(line -> settings.add(setting(line)));
                case "ntsservercert" -> certificates.forEach(file -> settings.add(setting(file)));
                case "sourcedir" -> sourceDirectories.forEach(line -> settings.add(setting(line)));
                case "ntstrustedcerts" -> trusted.forEach(file -> settings.add(setting(file)));
                case "ntsserverkey" -> certificateKeys.forEach(file -> settings.add(setting(file)));
                case "bindaddress", "bindacqaddress" -> {
                    find(directive.name() + "4").ifPresent(address -> settings.add(setting(address)));
                    find(directive.name() + "6").ifPresent(address -> settings.add(setting(address)));
                }
                default -> find(directive.name()).ifPresent(arguments -> settings.add(setting(arguments)));
            }
        }
        return List.copyOf(settings);
    }

    private static Setting setting(Arguments arguments) {
        Statement statement = arguments.statement();
        return new Setting(arguments.effectiveText(), statement.line() == 0 ? statement.file() : statement.place());
    }

    private Optional<Arguments> find(String key) {
        return Optional.ofNullable(single.get(key));
    }

    private Arguments required(String key) {
        return find(key).orElseThrow(() -> new IllegalStateException("the table has no default for " + key));
    }

    private static IpAddress address(Arguments arguments) {
        return IpAddress.parse(arguments.text("ADDRESS")).orElseThrow();
    }

    /** The rules of one line: two when it names no subnet. */
    static List<AccessRule> rules(Arguments arguments) {
        boolean allow = arguments.directive().name().equals("allow");
        boolean all = arguments.has("all");
        String clients = arguments.find(SupportedDirectives.CLIENTS).orElse("");
        if (Kind.Clients.isOnLink(clients)) {
            return List.of(new AccessRule.OnLink(allow, all));
        }
        if (clients.isEmpty()) {
            return List.of(
                    new AccessRule.Subnet(IpPrefix.ALL_IPV4, allow, all),
                    new AccessRule.Subnet(IpPrefix.ALL_IPV6, allow, all));
        }
        return List.of(IpPrefix.parse(clients)
                .<AccessRule>map(prefix -> new AccessRule.Subnet(prefix, allow, all))
                .orElseGet(() -> new AccessRule.Host(clients, allow, all)));
    }
}
