package org.noonmark.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.noonmark.doctor.MachineFacts;
import org.noonmark.doctor.MachineFacts.Board;
import org.noonmark.doctor.MachineFacts.Boot;
import org.noonmark.doctor.MachineFacts.Ill;
import org.noonmark.doctor.MachineFacts.Interface;
import org.noonmark.doctor.MachineFacts.Network;
import org.noonmark.doctor.MachineFacts.Port;
import org.noonmark.doctor.MachineFacts.Probes;
import org.noonmark.doctor.MachineFacts.Program;
import org.noonmark.doctor.MachineFacts.PulseDevice;
import org.noonmark.doctor.MachineFacts.Service;
import org.noonmark.doctor.MachineFacts.Silence;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.ConfigReader;
import org.noonmark.provisioning.ConfigReading;
import org.noonmark.provisioning.Problem;
import org.noonmark.status.DaemonAccount;

/**
 * Gathers the facts of a machine for the doctor: files below a root directory, and what {@link Surroundings} tell. What cannot be read is not
 * known, and never an end. One thread.
 */
public final class MachineProbe {
    /** Besides files: so that a test may make it up. */
    public interface Surroundings {
        /** What a program prints on both outputs; empty when there is none of that name, it takes too long, or it fails. */
        Optional<String> run(List<String> words);

        /** Addresses of each interface by its name, without those of the link alone. */
        Map<String, List<String>> addresses();

        /** Room on the file system of a directory; empty when it is not known. */
        Optional<Room> room(Path directory);
    }

    /** Room on a file system, in bytes. */
    public record Room(long free, long total) {}

    private static final int MOST_BYTES = 1 << 20;
    private static final int NTP_PORT = 123;
    private static final Pattern PULSES = Pattern.compile("#(\\d+)");
    private static final Pattern UPDATE_FAILED = Pattern.compile("(?m)^HOW=(back|stays|interrupted)$");
    private static final Pattern UPDATE_TEXT = Pattern.compile("(?m)^TEXT=(.+)$");
    private static final Pattern OURS = Pattern.compile("(^|[/. ])noonmark(\\.jar|\\.cli\\.Noonmark)? ");

    private final Path root;
    private final Surroundings surroundings;

    /**
     * Nothing is read yet.
     *
     * @param root of the machine's directories; {@code /} is this one
     */
    public MachineProbe(Path root, Surroundings surroundings) {
        this.root = root;
        this.surroundings = surroundings;
    }

    /** The daemon's configuration, as the daemon would read it. */
    public Optional<ApplianceConfig> config(String file) {
        return reading(file) instanceof ConfigReading.Accepted accepted
                ? Optional.of(accepted.config())
                : Optional.empty();
    }

    private ConfigReading reading(String file) {
        return new ConfigReader(new DiskConfigFiles()).read(inRoot(file).toString());
    }

    /**
     * All facts.
     *
     * @param configFile absolute path
     * @param account the daemon's
     * @param silence why there is none
     * @param probes what questions over the network brought
     * @param nowUnixSeconds the machine's clock
     */
    public MachineFacts facts(
            String configFile,
            Optional<DaemonAccount> account,
            Silence silence,
            Probes probes,
            Build build,
            long nowUnixSeconds) {
        Service service = service(configFile, silence);
        Optional<ApplianceConfig> config = service.config();
        List<String> receivers = account.map(DaemonAccount::receivers)
                .orElseGet(() -> config.map(MachineProbe::receivers).orElse(List.of()));
        List<String> pulses = account.map(DaemonAccount::pulses)
                .orElseGet(() -> config.map(MachineProbe::pulses).orElse(List.of()));
        return new MachineFacts(
                board(),
                boot(),
                service,
                receivers.stream().map(this::port).toList(),
                pulses.stream().map(this::pulse).toList(),
                processes(),
                network(config, account),
                probes,
                new DiskProbe(root, surroundings).disks(config),
                new MachineFacts.Installed(
                        build.version(), build.date().toEpochDay() * 86_400, nowUnixSeconds, update()));
    }

    /** What the last update came to, where it did not come to the new version proven. */
    private String update() {
        String note = text(MachineFacts.UPDATE_NOTE).orElse("");
        Matcher sentence = UPDATE_TEXT.matcher(note);
        return UPDATE_FAILED.matcher(note).find() && sentence.find() ? sentence.group(1) : "";
    }

    private static List<String> receivers(ApplianceConfig config) {
        return config.receivers().stream().map(each -> each.device()).toList();
    }

    private static List<String> pulses(ApplianceConfig config) {
        return config.receivers().stream()
                .flatMap(each -> each.pulse().stream())
                .map(each -> each.device())
                .toList();
    }

    private Path inRoot(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    private Optional<String> text(String absolute) {
        return text(inRoot(absolute));
    }

    private static Optional<String> text(Path file) {
        try (var in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MOST_BYTES), java.nio.charset.StandardCharsets.UTF_8)
                    .replace("\0", " ")
                    .strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Path> entries(Path directory) {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(all::add);
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return all;
        }
        all.sort(null);
        return all;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private Board board() {
        OptionalInt throttled = text("/sys/devices/platform/soc/soc:firmware/get_throttled")
                .filter(bits -> bits.matches("(0x)?[0-9a-fA-F]{1,7}"))
                .map(bits -> OptionalInt.of(Integer.parseInt(bits.replace("0x", ""), 16)))
                .orElse(OptionalInt.empty());
        Optional<Boolean> undervolted = entries(inRoot("/sys/class/hwmon")).stream()
                .filter(each -> text(each.resolve("name")).equals(Optional.of("rpi_volt")))
                .flatMap(each -> text(each.resolve("in0_lcrit_alarm")).stream())
                .map("1"::equals)
                .findFirst();
        return new Board(text("/proc/device-tree/model").orElse(""), throttled, undervolted);
    }

    private Boot boot() {
        String kernel = text("/proc/sys/kernel/osrelease").orElse("");
        Path all = inRoot("/lib/modules");
        Path modules = all.resolve(kernel);
        Optional<Boolean> driver = Optional.empty();
        if (!kernel.isEmpty() && Files.isDirectory(modules)) {
            String list = text(modules.resolve("modules.dep")).orElse("")
                    + text(modules.resolve("modules.builtin")).orElse("");
            driver = list.isEmpty() ? Optional.empty() : Optional.of(list.contains("pps-gpio"));
        } else if (!kernel.isEmpty() && !entries(all).isEmpty()) {
            driver = Optional.of(false); // the modules are of other kernels
        }
        return new Boot(
                text("/proc/cmdline").orElse(""),
                text("/boot/firmware/config.txt")
                        .or(() -> text("/boot/config.txt"))
                        .orElse(""),
                kernel,
                driver);
    }

    private Service service(String file, Silence silence) {
        if (!Files.exists(inRoot(file))) {
            List<Ill> missing = silence == Silence.NOBODY
                    ? List.of(
                            new Ill(file + " is not there", "make one: noonmark config sample; or name yours with -f"))
                    : List.of();
            return new Service(activeState(), lastWords(silence), file, false, Optional.empty(), missing, silence);
        }
        ConfigReading reading = reading(file);
        List<Ill> problems = reading.problems().stream()
                .filter(Problem::isError)
                .map(MachineProbe::ill)
                .toList();
        Optional<ApplianceConfig> config =
                reading instanceof ConfigReading.Accepted accepted ? Optional.of(accepted.config()) : Optional.empty();
        return new Service(activeState(), lastWords(silence), file, true, config, problems, silence);
    }

    private static Ill ill(Problem problem) {
        return new Ill(
                problem.file() + (problem.line() == 0 ? "" : ":" + problem.line()) + ": " + problem.fault(),
                problem.cure());
    }

    private String activeState() {
        String shown = surroundings
                .run(List.of("systemctl", "show", "noonmark", "--property=LoadState", "--property=ActiveState"))
                .orElse("");
        Matcher state = Pattern.compile("(?m)^ActiveState=(\\w+)$").matcher(shown);
        return shown.contains("LoadState=loaded") && state.find() ? state.group(1) : "";
    }

    /** Those of the unit's own processes; what systemd says of it is not why. */
    private List<String> lastWords(Silence silence) {
        if (silence == Silence.NONE || silence == Silence.FORBIDDEN) {
            return List.of();
        }
        return surroundings
                .run(List.of(
                        "journalctl", "_SYSTEMD_UNIT=noonmark.service", "-n", "5", "-o", "cat", "--no-pager", "-q"))
                .orElse("")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private Port port(String path) {
        Path device = inRoot(path);
        boolean exists = Files.exists(device);
        String real = path;
        try {
            real = exists ? "/" + root.toRealPath().relativize(device.toRealPath()) : path;
        } catch (IOException e) {
            exists = false;
        }
        return new Port(path, exists, real, exists ? holdersOf(device) : List.of());
    }

    /** Programs that have it open, but for our own. Of other users' programs only root is told. */
    private List<Program> holdersOf(Path device) {
        List<Program> holders = new ArrayList<>();
        for (Program program : processes()) {
            boolean holds =
                    entries(inRoot("/proc/" + program.pid() + "/fd")).stream().anyMatch(fd -> isSame(fd, device));
            if (holds && !OURS.matcher(program.arguments() + " ").find()) {
                holders.add(program);
            }
        }
        return holders;
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSymbolicLink(one)
                    && !Files.readSymbolicLink(one).toString().contains(":[")
                    && one.toRealPath().equals(other.toRealPath());
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private PulseDevice pulse(String path) {
        Path counts = inRoot("/sys/class/pps/" + path.substring(path.lastIndexOf('/') + 1));
        List<Long> edges = new ArrayList<>();
        for (String edge : List.of("assert", "clear")) {
            Matcher count = PULSES.matcher(text(counts.resolve(edge)).orElse(""));
            if (count.find() && count.group(1).length() < 18) {
                edges.add(Long.parseLong(count.group(1)));
            }
        }
        OptionalLong sum = edges.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(edges.stream().mapToLong(Long::longValue).sum());
        return new PulseDevice(path, Files.exists(inRoot(path)), sum);
    }

    private List<Program> processes() {
        return entries(inRoot("/proc")).stream()
                .filter(each -> name(each).matches("[1-9][0-9]{0,9}"))
                .flatMap(each -> text(each.resolve("comm")).stream()
                        .map(comm -> new Program(
                                Long.parseLong(name(each)),
                                comm,
                                text(each.resolve("cmdline")).orElse(""))))
                .toList();
    }

    private Network network(Optional<ApplianceConfig> config, Optional<DaemonAccount> account) {
        boolean serves = account.isPresent();
        boolean wanted = config.map(each -> each.port() == NTP_PORT).orElse(false);
        return new Network(
                interfaces(),
                text("/etc/resolv.conf")
                        .orElse("")
                        .lines()
                        .filter(line -> line.startsWith("nameserver "))
                        .map(line -> line.substring("nameserver ".length()).strip())
                        .toList(),
                wanted && !serves ? portHolder() : Optional.empty(),
                surroundings.run(List.of("nft", "list", "ruleset")).filter(text -> !text.isBlank()));
    }

    private List<Interface> interfaces() {
        Map<String, List<String>> addresses = surroundings.addresses();
        return entries(inRoot("/sys/class/net")).stream()
                .filter(each -> !name(each).equals("lo") && Files.isDirectory(each))
                .map(each -> new Interface(
                        name(each),
                        text(each.resolve("flags"))
                                .filter(flags -> flags.matches("0x[0-9a-f]+"))
                                .map(flags -> Long.decode(flags) % 2 == 1)
                                .orElse(false),
                        text(each.resolve("carrier")).equals(Optional.of("1")),
                        addresses.getOrDefault(name(each), List.of())))
                .toList();
    }

    /** Who has UDP port 123, by the kernel's table of sockets and the programs' open files. */
    private Optional<Program> portHolder() {
        List<String> inodes = List.of("/proc/net/udp", "/proc/net/udp6").stream()
                .flatMap(table -> text(table).stream())
                .flatMap(String::lines)
                .map(line -> Arrays.asList(line.strip().split("\\s+")))
                .filter(fields -> fields.size() > 9 && fields.get(1).endsWith(":007B"))
                .map(fields -> "socket:[" + fields.get(9) + "]")
                .toList();
        for (Program program : inodes.isEmpty() ? List.<Program>of() : processes()) {
            for (Path fd : entries(inRoot("/proc/" + program.pid() + "/fd"))) {
                try {
                    if (inodes.contains(Files.readSymbolicLink(fd).toString())
                            && !OURS.matcher(program.arguments() + " ").find()) {
                        return Optional.of(program);
                    }
                } catch (IOException e) {
                    // It was closed meanwhile.
                }
            }
        }
        return Optional.empty();
    }
}
