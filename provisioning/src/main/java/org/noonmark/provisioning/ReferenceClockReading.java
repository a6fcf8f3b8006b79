package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.noonmark.provisioning.ReferenceClockConfig.Driver;

/** Makes settings of the {@code refclock} lines that are not about a receiver's own pulses, and looks for what cannot be meant. */
final class ReferenceClockReading {
    private static final int DEFAULT_POLL = 4;
    private static final int DEFAULT_FILTER = 64;
    private static final int LEAST_FILTER = 4;
    private static final int DEFAULT_LOCK_AGE = 2;
    private static final int DEFAULT_PERMISSIONS = 0600;
    private static final String LOCK = "lock";
    private static final String REFID = "refid";
    private static final String DEVICE = "DEVICE";
    private static final String SIZED = "remove it; Noonmark sizes its pulse filter by itself";
    private static final String ONE_SOURCE = "remove it; the receiver and its pulse are the only source";

    private static final Pattern SEGMENT = Pattern.compile("([0-9]{1,3})(?::perm=(0?[0-7]{3}))?");
    private static final Pattern PULSE_DEVICE = Pattern.compile("(/[^:]+)(:clear)?");
    private static final Pattern CARD = Pattern.compile("(/[^:]+)((?::[a-z]+(?:=-?[0-9]+)?)*)");

    /** What is said of a clock, and means nothing of a receiver's pulses, with the cure. */
    private static final Map<String, String> NOT_OF_RECEIVERS = Map.ofEntries(
            Map.entry("poll", SIZED),
            Map.entry("dpoll", SIZED),
            Map.entry("filter", SIZED),
            Map.entry("maxdispersion", SIZED),
            Map.entry("minsamples", SIZED),
            Map.entry("maxsamples", SIZED),
            Map.entry("precision", "remove it; Noonmark measures it"),
            Map.entry("maxlockage", "remove it; each pulse is numbered by its own second"),
            Map.entry("rate", "use a pulse of 1 Hz and remove it"),
            Map.entry("stratum", "remove it; a proven receiver has stratum 0"),
            Map.entry("pps", "remove it; driver PPS is pulses"),
            Map.entry("tai", "remove it; the receiver numbers seconds of UTC"),
            Map.entry("prefer", ONE_SOURCE),
            Map.entry("require", ONE_SOURCE),
            Map.entry("trust", ONE_SOURCE),
            Map.entry("noselect", "remove the line; pulses that steer nothing are not read"));

    private static final List<String> OF_RECEIVERS =
            List.of("cable-delay", "pps-latency", "pps-latency-error", "pps-poll");

    private static final BigDecimal MOST_OF_RECEIVERS = BigDecimal.ONE;

    private final Consumer<Problem> problems;
    private final List<Statement> faulty;

    /** {@code faulty} lines of receivers and clocks were reported already: what refers to them is not complained of a second time. */
    ReferenceClockReading(Consumer<Problem> problems, List<Statement> faulty) {
        this.problems = problems;
        this.faulty = faulty;
    }

    /** Whether the line gives its pulses to a receiver. */
    static boolean isOfReceiver(Arguments line, List<Arguments> receivers) {
        return line.choice("DRIVER").equals("pps")
                && line.find(LOCK)
                        .map(name -> receivers.stream()
                                .anyMatch(receiver -> receiver.text(REFID).equals(name)))
                        .orElse(!receivers.isEmpty());
    }

    /** Tells what a receiver's pulses cannot be told. */
    void checkOfReceiver(Arguments line) {
        line.given().stream()
                .filter(NOT_OF_RECEIVERS::containsKey)
                .forEach(option -> refuse(line, option, NOT_OF_RECEIVERS.getOrDefault(option, "")));
        for (String option : List.of("offset", "delay")) {
            if (new BigDecimal(line.text(option)).abs().compareTo(MOST_OF_RECEIVERS) > 0) {
                problems.accept(line.statement()
                        .error(
                                line.text(option),
                                "option " + quote(option) + " of a receiver's pulses has " + quote(line.text(option))
                                        + ", expected a second at most",
                                "write '" + option + " 0', the default, or another value"));
            }
        }
    }

    private void refuse(Arguments line, String option, String cure) {
        String value = line.text(option);
        String written = value.isEmpty() ? option : option + " " + value;
        problems.accept(line.statement()
                .error(
                        written,
                        "option " + quote(written) + " of 'refclock' is not supported yet for the pulses of a receiver",
                        cure));
    }

    /**
     * The clocks.
     *
     * @param lines of clocks, in the order of the file
     * @param all lines of {@code refclock}: their place gives the names that are not written
     * @param others whether there are servers, which tell pulses their second
     * @param tellsTai whether there is a list of leap seconds, or a receiver, which tells TAI from UTC
     */
    List<ReferenceClockConfig> read(List<Arguments> lines, List<Arguments> all, boolean others, boolean tellsTai) {
        List<ReferenceClockConfig> read = new ArrayList<>();
        for (Arguments line : lines) {
            for (String option : OF_RECEIVERS) {
                if (line.gives(option)) {
                    problems.accept(line.statement()
                            .error(
                                    option + " " + line.text(option),
                                    "option " + quote(option + " " + line.text(option))
                                            + " is about the pulses of a receiver",
                                    "remove it; 'offset' corrects any clock"));
                }
            }
            Optional<Driver> driver = driver(line);
            String name = name(line, all);
            boolean taken = read.stream().anyMatch(other -> other.referenceId().equals(name));
            if (taken) {
                problems.accept(line.statement()
                        .error(
                                name,
                                "two reference clocks have the name " + quote(name),
                                "write another 'refid' on one of them"));
            } else if (driver.isPresent()) {
                warnOfUseless(line, driver.get());
                read.add(config(line, driver.get(), name));
            }
        }
        lines.forEach(line -> checkLock(line, read, others));
        lines.stream().filter(line -> line.has("tai") && !tellsTai).forEach(this::refuseTai);
        return List.copyOf(read);
    }

    /** Tells what is understood and changes nothing: its owner believes that it does. */
    private void warnOfUseless(Arguments line, Driver driver) {
        boolean always = driver instanceof Driver.Pulse || line.has("pps");
        // Who sends to a socket says of each sample whether it is a pulse.
        boolean pulses = always || driver instanceof Driver.Socket;
        String driverName = line.text("DRIVER").toUpperCase(Locale.ROOT);
        for (String option : List.of(LOCK, "width", "rate", "maxlockage")) {
            if (line.gives(option) && !pulses) {
                useless(
                        line,
                        option,
                        "is about pulses, and " + driverName + " tells whole seconds",
                        "remove it, or add 'pps'");
            }
        }
        if (line.gives("maxlockage") && pulses && !line.has(LOCK)) {
            useless(line, "maxlockage", "is about the clock of 'lock', and there is none", "remove it, or add 'lock'");
        }
        boolean comes = driver instanceof Driver.Pulse || driver instanceof Driver.Socket;
        int poll = line.findWhole("poll").orElse(DEFAULT_POLL);
        int filter = line.findWhole("filter").orElse(DEFAULT_FILTER);
        if (line.gives("dpoll") && comes) {
            useless(line, "dpoll", "has no use: readings of " + driverName + " are taken as they come", "remove it");
        } else if (line.gives("dpoll") && line.whole("dpoll") > poll) {
            useless(
                    line,
                    "dpoll",
                    "is more than poll " + poll + ": it is read at each poll",
                    "remove it, or make 'poll' larger");
        }
        if (filter < LEAST_FILTER) {
            useless(
                    line,
                    "filter",
                    "leaves no reading out that is far off: that takes four",
                    "write 'filter 4' or more, or remove it");
        }
        if (line.has("tai") && always) {
            useless(line, "tai", "has no use: whole seconds of a pulse say nothing", "remove it");
        }
        for (String option : List.of("prefer", "trust", "require")) {
            if (line.has(option) && line.has("noselect")) {
                useless(line, option, "has no use beside 'noselect'", "remove one of them");
            }
        }
    }

    /** chronyd does not start either. */
    private void refuseTai(Arguments line) {
        problems.accept(line.statement()
                .error(
                        "tai",
                        "option 'tai' of 'refclock' finds nothing that tells TAI from UTC",
                        "add 'leapseclist /usr/share/zoneinfo/leap-seconds.list'"));
    }

    private void useless(Arguments line, String option, String fault, String cure) {
        String value = line.text(option);
        String written = value.isEmpty() ? option : option + " " + value;
        problems.accept(
                line.statement().warning(written, "option " + quote(written) + " of 'refclock' " + fault, cure));
    }

    /** As chrony: what is not named has three letters of its driver, and its number among the clocks. */
    private static String name(Arguments line, List<Arguments> all) {
        return line.find(REFID)
                .orElseGet(() -> line.choice("DRIVER").substring(0, 3).toUpperCase(Locale.ROOT)
                        + Math.min(9, all.indexOf(line)));
    }

    private void checkLock(Arguments line, List<ReferenceClockConfig> clocks, boolean others) {
        boolean pulses = line.choice("DRIVER").equals("pps");
        String device = line.text(DEVICE);
        Optional<String> lock = line.find(LOCK);
        if (lock.isEmpty()) {
            boolean numbered = others || clocks.stream().anyMatch(clock -> !isPulse(clock));
            if (pulses && !numbered && faulty.isEmpty()) {
                problems.accept(line.statement()
                        .error(
                                device,
                                "pulses of " + quote(device) + " find nothing that numbers them",
                                "add a 'receiver' line and 'lock' with its refid, or a 'server' line"));
            }
            return;
        }
        String name = lock.get();
        boolean known = clocks.stream().anyMatch(clock -> clock.referenceId().equals(name));
        if (!known && !isReportedAlready(name)) {
            problems.accept(line.statement()
                    .error(
                            "lock " + name,
                            "no receiver has the refid of " + quote("lock " + name),
                            "add 'receiver /dev/serial0 refid " + Statement.printable(name) + "'"));
        }
    }

    private static boolean isPulse(ReferenceClockConfig clock) {
        return clock.driver() instanceof Driver.Pulse || clock.pulses().always();
    }

    /** Whether that name belongs to a clock that is missing only because it was refused. */
    private boolean isReportedAlready(String name) {
        return faulty.stream()
                .anyMatch(line ->
                        line.name().equalsIgnoreCase("receiver") || line.words().contains(name));
    }

    private Optional<Driver> driver(Arguments line) {
        String device = line.text(DEVICE);
        return switch (line.choice("DRIVER")) {
            case "shm" -> segment(line, device);
            case "sock" ->
                new Kind.Path().accepts(device)
                        ? Optional.of(new Driver.Socket(device))
                        : wrong(line, "the full path of a socket such as /run/chrony.ttyAMA0.sock");
            case "phc" -> card(line, device);
            default -> pulse(line, device);
        };
    }

    private Optional<Driver> segment(Arguments line, String device) {
        Matcher form = SEGMENT.matcher(device);
        if (!form.matches() || Integer.parseInt(form.group(1)) > 255) {
            return wrong(line, "the number of a segment such as 0 or 1:perm=0644");
        }
        int permissions = form.group(2) == null ? DEFAULT_PERMISSIONS : Integer.parseInt(form.group(2), 8);
        return Optional.of(new Driver.SharedMemory(Integer.parseInt(form.group(1)), permissions));
    }

    private Optional<Driver> pulse(Arguments line, String device) {
        Matcher form = PULSE_DEVICE.matcher(device);
        return form.matches()
                ? Optional.of(new Driver.Pulse(
                        form.group(1), form.group(2) == null ? PulseConfig.Edge.ASSERT : PulseConfig.Edge.CLEAR))
                : wrong(line, new Kind.PulseDevice().expected());
    }

    private Optional<Driver> card(Arguments line, String device) {
        Matcher form = CARD.matcher(device);
        if (!form.matches()) {
            return wrong(line, "the clock of a network card such as /dev/ptp0 or /dev/ptp0:nocrossts");
        }
        boolean crossStamps = true;
        for (String option : form.group(2).split(":", -1)) {
            if (option.equals("nocrossts")) {
                crossStamps = false;
            } else if (!option.isEmpty()) {
                problems.accept(line.statement()
                        .error(
                                device,
                                quote(option) + " of " + quote(device) + " is not supported yet",
                                "remove it; pulses are read where they come to a pin of the header (PPS)"));
                return Optional.empty();
            }
        }
        return Optional.of(new Driver.NetworkCard(form.group(1), crossStamps));
    }

    private Optional<Driver> wrong(Arguments line, String expected) {
        String device = line.text(DEVICE);
        problems.accept(line.statement()
                .error(
                        device,
                        "'refclock " + line.text("DRIVER") + "' has " + quote(device) + ", expected " + expected,
                        "write that in its place"));
        return Optional.empty();
    }

    private static ReferenceClockConfig config(Arguments line, Driver driver, String name) {
        int poll = line.findWhole("poll").orElse(DEFAULT_POLL);
        boolean isPulse = driver instanceof Driver.Pulse;
        int read = Math.min(isPulse ? 0 : line.findWhole("dpoll").orElse(0), poll);
        int hertz = line.findWhole("rate").orElse(1);
        // As chrony: of a clock that is read at an interval no more readings are kept than come.
        int come = (1 << Math.min(poll - read, 16)) * (isPulse ? hertz : 1);
        int most = driver instanceof Driver.Socket ? Integer.MAX_VALUE : come;
        return new ReferenceClockConfig(
                driver,
                name,
                poll,
                read,
                Math.min(line.findWhole("filter").orElse(DEFAULT_FILTER), most),
                line.nanos("offset"),
                line.nanos("delay"),
                line.has("precision")
                        ? OptionalDouble.of(Double.parseDouble(line.text("precision")) * 1e9)
                        : OptionalDouble.empty(),
                line.has("maxdispersion") ? line.nanos("maxdispersion") : 0,
                line.findWhole("stratum").orElse(0),
                line.has("tai"),
                new ReferenceClockConfig.Pulses(
                        line.has("pps"),
                        line.find(LOCK),
                        hertz,
                        line.findWhole("maxlockage").orElse(DEFAULT_LOCK_AGE),
                        line.nanos("width")),
                line.findWhole("minsamples"),
                line.findWhole("maxsamples"),
                flags(line));
    }

    private static Set<ServerConfig.Flag> flags(Arguments line) {
        EnumSet<ServerConfig.Flag> flags = EnumSet.noneOf(ServerConfig.Flag.class);
        for (ServerConfig.Flag flag : List.of(
                ServerConfig.Flag.PREFER,
                ServerConfig.Flag.NOSELECT,
                ServerConfig.Flag.TRUST,
                ServerConfig.Flag.REQUIRE)) {
            if (line.has(flag.name().toLowerCase(Locale.ROOT))) {
                flags.add(flag);
            }
        }
        return flags;
    }
}
