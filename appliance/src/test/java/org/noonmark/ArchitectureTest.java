package org.noonmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The living diagram: which package may use which, which library is known where, and which packages are pure. It reads the compiled
 * classes, so it cannot be out of date. Where the work shows a better layout, change the table here in the same step.
 */
class ArchitectureTest {
    /** A row of the layout: a package, what it may use of ours, and the libraries that only it (and others that name them) may know. */
    private record Room(String name, boolean pure, Set<String> uses, Set<String> libraries) {}

    private static final String OURS = "org.noonmark.";

    private static final List<Room> LAYOUT = List.of(
            pure("nmea"),
            shell("nmea.serial", List.of("nmea"), "com.fazecast.jSerialComm"),
            pure("pps"),
            shell("pps.kernel", List.of("pps"), "com.sun.jna"),
            shell("pps.poll", List.of("pps"), "com.sun.jna"),
            shell("pps.gpio", List.of("pps"), "com.pi4j"),
            pure("provisioning"),
            new Room("provisioning.firstboot", true, Set.of("provisioning"), Set.of("org.tomlj")),
            pure("time"),
            pure("discipline", "time", "nmea", "pps"),
            pure("ntp", "time"),
            pure("nts", "ntp"),
            pure("certificates", "provisioning"),
            pure("backup"),
            shell("acme", List.of(), "org.shredzone.acme4j"),
            pure("sources", "time", "discipline", "ntp", "nts"),
            pure("status", "provisioning", "time", "discipline", "ntp", "sources", "nmea", "pps"),
            pure("doctor", "provisioning", "status"),
            pure("sim", "time", "discipline", "nmea", "pps"),
            shell("linux", List.of("time"), "com.sun.jna", "java.lang.foreign"),
            shell("xdp", List.of("linux"), "com.sun.jna", "java.lang.foreign"),
            shell("server", List.of("time", "ntp", "nts", "certificates", "linux")),
            shell("control", List.of("time", "status")),
            shell(
                    "app",
                    List.of(
                            "nmea",
                            "nmea.serial",
                            "pps",
                            "pps.kernel",
                            "pps.poll",
                            "pps.gpio",
                            "provisioning",
                            "provisioning.firstboot",
                            "time",
                            "discipline",
                            "ntp",
                            "nts",
                            "certificates",
                            "backup",
                            "acme",
                            "sources",
                            "status",
                            "doctor",
                            "sim",
                            "linux",
                            "xdp",
                            "server",
                            "control")),
            shell(
                    "cli",
                    List.of(
                            "nmea",
                            "provisioning",
                            "provisioning.firstboot",
                            "time",
                            "discipline",
                            "ntp",
                            "nts",
                            "certificates",
                            "backup",
                            "sources",
                            "status",
                            "doctor",
                            "sim",
                            "linux",
                            "xdp",
                            "server",
                            "control",
                            "app"),
                    "picocli"));

    /** Libraries that are known only in the rooms that name them. */
    private static final Set<String> CONFINED = Set.of(
            "com.fazecast.jSerialComm",
            "com.sun.jna",
            "com.pi4j",
            "java.lang.foreign",
            "org.tomlj",
            "picocli",
            "org.shredzone.acme4j");

    /** What a pure package may not touch: clocks, threads, files, sockets, loggers, the process's surroundings. */
    private static final Pattern IMPURE_TYPE = Pattern.compile(
            "java\\.(lang\\.(Thread|ProcessBuilder|Process|Runtime)|io\\.File.*|nio\\.file\\..*|nio\\.channels\\..*"
                    + "|net\\..*|util\\.Timer|util\\.concurrent\\.(Executor|Future|locks).*|util\\.logging\\..*|time\\.Clock)"
                    + "|org\\.tinylog\\..*|org\\.slf4j\\..*|java\\.security\\.SecureRandom");

    /** Reading a clock or the surroundings through a type that is otherwise harmless. */
    private static final Pattern IMPURE_CALL =
            Pattern.compile("java\\.lang\\.System\\.(nanoTime|currentTimeMillis|getenv|getProperty)"
                    + "|java\\.time\\.[A-Za-z]+\\.now|java\\.lang\\.Math\\.random|java\\.util\\.UUID\\.randomUUID");

    /** Clocks are read in the Linux bindings and where the daemon and its commands are put together, nowhere else. */
    private static final Pattern CLOCK_CALL =
            Pattern.compile("java\\.lang\\.System\\.(nanoTime|currentTimeMillis)|java\\.time\\.[A-Za-z]+\\.now");

    private static final Set<String> MAY_READ_CLOCKS = Set.of("linux", "app", "cli");

    private static final Pattern TYPE_IN_DESCRIPTOR = Pattern.compile("L([A-Za-z0-9_$/]+)[;<]");

    private static final Map<String, Seen> SEEN = readClasses();

    @Test
    void everyPackageHasItsPlaceInTheLayout() {
        Set<String> drawn = new TreeSet<>();
        LAYOUT.forEach(room -> drawn.add(room.name()));
        assertEquals(drawn, new TreeSet<>(SEEN.keySet()), "packages of the layout against packages that exist");
    }

    @Test
    void packagesUseOnlyWhatTheLayoutAllows() {
        List<String> faults = new ArrayList<>();
        for (Room room : LAYOUT) {
            for (String type : seen(room).types()) {
                if (type.startsWith(OURS)) {
                    String used = roomOf(type);
                    if (!used.equals(room.name()) && !room.uses().contains(used)) {
                        faults.add(room.name() + " uses " + type);
                    }
                }
            }
        }
        assertNone(faults);
    }

    @Test
    void theLayoutHasNoCycle() {
        Set<String> below = new TreeSet<>();
        for (Room room : LAYOUT) {
            assertTrue(
                    below.containsAll(room.uses()), room.name() + " may use only rooms drawn above it: " + room.uses());
            below.add(room.name());
        }
    }

    @Test
    void librariesAreKnownOnlyWhereTheyAreWrapped() {
        List<String> faults = new ArrayList<>();
        for (Room room : LAYOUT) {
            for (String type : seen(room).types()) {
                for (String library : CONFINED) {
                    if (type.startsWith(library + ".") && !room.libraries().contains(library)) {
                        faults.add(room.name() + " knows " + type);
                    }
                }
            }
        }
        assertNone(faults);
    }

    @Test
    void purePackagesTouchNoClockThreadFileSocketOrLogger() {
        List<String> faults = new ArrayList<>();
        for (Room room : LAYOUT) {
            if (room.pure()) {
                Seen seen = seen(room);
                seen.types().stream()
                        .filter(IMPURE_TYPE.asMatchPredicate())
                        .forEach(t -> faults.add(room.name() + " uses " + t));
                seen.calls().stream()
                        .filter(IMPURE_CALL.asMatchPredicate())
                        .forEach(c -> faults.add(room.name() + " calls " + c));
            }
        }
        assertNone(faults);
    }

    @Test
    void clocksAreReadOnlyInTheShell() {
        List<String> faults = new ArrayList<>();
        for (Room room : LAYOUT) {
            if (!MAY_READ_CLOCKS.contains(room.name())) {
                seen(room).calls().stream()
                        .filter(CLOCK_CALL.asMatchPredicate())
                        .forEach(c -> faults.add(room.name() + " calls " + c));
            }
        }
        assertNone(faults);
    }

    @Test
    void wouldNoticeAnImpureCall() {
        // The test's own class opens files: if the reader did not see that, the purity test above could not fail.
        Seen own = new Seen(new TreeSet<>(), new TreeSet<>());
        read(Path.of("target/test-classes/org/noonmark/ArchitectureTest.class"), own);
        assertTrue(own.types().stream().anyMatch(IMPURE_TYPE.asMatchPredicate()), () -> "types seen: " + own.types());
        assertTrue(own.calls().contains("java.nio.file.Files.readAllBytes"), () -> "calls seen: " + own.calls());
    }

    private record Seen(Set<String> types, Set<String> calls) {}

    private static Room pure(String name, String... uses) {
        return new Room(name, true, Set.of(uses), Set.of());
    }

    private static Room shell(String name, List<String> uses, String... libraries) {
        return new Room(name, false, Set.copyOf(uses), Set.of(libraries));
    }

    private static Seen seen(Room room) {
        return SEEN.getOrDefault(room.name(), new Seen(Set.of(), Set.of()));
    }

    private static void assertNone(List<String> faults) {
        assertTrue(faults.isEmpty(), () -> String.join("\n", faults));
    }

    /** The room of a type of ours; a sub-package that is not drawn belongs to its parent (cli.bench to cli). */
    private static String roomOf(String type) {
        String name = type.substring(OURS.length());
        name = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        while (!name.isEmpty()) {
            String candidate = name;
            if (LAYOUT.stream().anyMatch(room -> room.name().equals(candidate))) {
                return name;
            }
            name = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        }
        return type;
    }

    private static Map<String, Seen> readClasses() {
        Map<String, Seen> rooms = new TreeMap<>();
        for (String module : List.of("nmea", "gpio-pps", "provisioning", "appliance")) {
            Path classes = Path.of("..", module, "target", "classes");
            try (Stream<Path> files = Files.walk(classes)) {
                files.filter(f -> f.toString().endsWith(".class"))
                        .filter(f -> !f.endsWith("package-info.class"))
                        .forEach(file -> {
                            String type = classes.relativize(file).toString().replace('/', '.');
                            type = type.substring(0, type.length() - ".class".length());
                            read(
                                    file,
                                    rooms.computeIfAbsent(
                                            roomOf(type), r -> new Seen(new TreeSet<>(), new TreeSet<>())));
                        });
            } catch (IOException e) {
                throw new UncheckedIOException("compile the modules first", e);
            }
        }
        return rooms;
    }

    private static void read(Path file, Seen into) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> addType(type.asInternalName(), into);
                case NameAndTypeEntry pair -> addTypesOf(pair.type(), into);
                case MemberRefEntry call ->
                    into.calls()
                            .add(call.owner().asInternalName().replace('/', '.') + "."
                                    + call.name().stringValue());
                default -> {}
            }
        }
        model.fields().forEach(field -> addTypesOf(field.fieldType(), into));
        model.methods().forEach(method -> addTypesOf(method.methodType(), into));
    }

    private static void addTypesOf(Utf8Entry descriptor, Seen into) {
        Matcher matcher = TYPE_IN_DESCRIPTOR.matcher(descriptor.stringValue());
        while (matcher.find()) {
            addType(matcher.group(1), into);
        }
    }

    private static void addType(String internalName, Seen into) {
        if (internalName.startsWith("[")) {
            Matcher matcher = TYPE_IN_DESCRIPTOR.matcher(internalName);
            if (matcher.find()) {
                into.types().add(matcher.group(1).replace('/', '.'));
            }
        } else {
            into.types().add(internalName.replace('/', '.'));
        }
    }
}
