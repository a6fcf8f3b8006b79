package org.noonmark.rig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * An emulated arm64 machine with a real {@code pps-gpio} device: Debian's kernel, a simulated GPIO line under it, and two serial ports
 * whose wires are crossed. Its time is virtual (QEMU's icount): it counts instructions and skips idle time, so that what is measured
 * does not depend on what else the host does.
 *
 * <p>A job, a shell script, runs in the guest beside the simulated receiver that knows the true time; its logs are what is judged.
 */
final class PulseGuest {
    private static final Path SOURCES = Path.of("src", "main");
    private static final Path PRODUCT = Path.of("..", "appliance", "target");
    private static final List<String> PROGRAMS = List.of("receiver-sim", "watch-status");

    /** 4 ns an instruction, about as fast as one core of a Pi 3; idle time passes at once. Then there is one processor. */
    private static final List<String> VIRTUAL_TIME =
            List.of("-accel", "tcg,thread=single", "-icount", "shift=2,sleep=off");

    /** What shapes the device tree: the same when it is made and when it is used. */
    private static final List<String> SHAPE = List.of("-cpu", "cortex-a76", "-smp", "1", "-m", "1024");

    private static final String MACHINE = "virt,gic-version=3";

    /** The world of those who need but one; {@code -Drig.seed=N} for another one. */
    static final int SEED = Integer.getInteger("rig.seed", 7);

    /** Line 4 of the simulated bank is the receiver's pulse. */
    private static final String PULSE_NODES = """
            / {
            \tgpio-simulator {
            \t\tcompatible = "gpio-simulator";
            \t\tbank: bank0 {
            \t\t\tgpio-controller;
            \t\t\t#gpio-cells = <2>;
            \t\t\tngpios = <8>;
            \t\t};
            \t};
            \tpps {
            \t\tcompatible = "pps-gpio";
            \t\tgpios = <&bank 4 0>;
            \t};
            };
            """;

    private final Path image;
    private final Path programs;

    private PulseGuest(Path image, Path programs) {
        this.image = image;
        this.programs = programs;
    }

    /**
     * Builds what is missing: the guest's image once (kept in the cache), the programs each time.
     *
     * @param folder for the programs
     */
    static PulseGuest built(Path folder) throws IOException {
        String image = ran("bash", SOURCES.resolve("guest/build.sh").toString());
        for (String program : PROGRAMS) {
            compile(program, folder);
        }
        return new PulseGuest(Path.of(image.lines().toList().getLast()), folder);
    }

    /** {@link #run(String, int, Path, Duration)} in the world of {@link #SEED}. */
    GuestLogs run(String job, Path folder, Duration limit) throws IOException, InterruptedException {
        return run(job, SEED, folder, limit);
    }

    /**
     * Runs a job, one of this package's resources, to its end.
     *
     * @param seed of all that is random in the world
     * @param folder is given to the guest, and holds the logs afterwards; emptied before
     * @throws AssertionError when the job fails or takes longer than {@code limit}
     */
    GuestLogs run(String job, int seed, Path folder, Duration limit) throws IOException, InterruptedException {
        fill(folder, job, seed);
        Path sockets = Files.createTempDirectory("rig");
        Path console = folder.resolve("console.log");
        try (Qemu qemu = Qemu.start(command(folder, deviceTree(folder), console, sockets.resolve("nmea")), console)) {
            qemu.awaitEnd(limit);
            String end = qemu.awaitLine("^rig: the job ended with", Duration.ZERO);
            if (!end.endsWith(" 0")) {
                throw new AssertionError(end + ":\n" + Files.readString(folder.resolve("job.out")));
            }
        } finally {
            Files.deleteIfExists(sockets.resolve("nmea"));
            Files.delete(sockets);
        }
        return new GuestLogs(folder);
    }

    private void fill(Path folder, String job, int seed) throws IOException {
        Files.createDirectories(folder.resolve("lib"));
        try (var old = Files.newDirectoryStream(folder, "*.log")) {
            for (Path log : old) {
                Files.delete(log);
            }
        }
        Files.writeString(folder.resolve("seed"), seed + "\n");
        copyResource(job, folder.resolve("job.sh"));
        copyResource("job-common.sh", folder.resolve("job-common.sh"));
        for (String program : PROGRAMS) {
            copy(programs.resolve(program), folder);
        }
        copy(PRODUCT.resolve("noonmark.jar"), folder);
        try (var libraries = Files.newDirectoryStream(PRODUCT.resolve("lib"))) {
            for (Path library : libraries) {
                copy(library, folder.resolve("lib"));
            }
        }
    }

    private static Path deviceTree(Path folder) throws IOException {
        Path machines = folder.resolve("machine.dtb");
        Path source = folder.resolve("guest.dts");
        Path result = folder.resolve("guest.dtb");
        List<String> dump =
                new ArrayList<>(List.of("qemu-system-aarch64", "-machine", MACHINE + ",dumpdtb=" + machines));
        dump.addAll(SHAPE);
        dump.addAll(List.of("-nodefaults", "-display", "none"));
        ran(dump.toArray(String[]::new));
        ran("dtc", "-q", "-I", "dtb", "-O", "dts", "-o", source.toString(), machines.toString());
        Files.writeString(source, PULSE_NODES, StandardOpenOption.APPEND);
        ran("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", result.toString(), source.toString());
        return result;
    }

    private List<String> command(Path folder, Path deviceTree, Path console, Path nmea) {
        List<String> command = new ArrayList<>(List.of("qemu-system-aarch64", "-machine", MACHINE));
        command.addAll(SHAPE);
        command.addAll(VIRTUAL_TIME);
        // The guest's clock begins with a whole second, and is no other in the next run.
        Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        command.addAll(List.of("-rtc", "clock=vm,base=" + begin.toString().replace("Z", "")));
        command.addAll(List.of("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-nic", "none"));
        command.addAll(List.of("-dtb", deviceTree.toString(), "-append", "console=ttyAMA0 quiet panic=-1"));
        command.addAll(List.of("-kernel", image.resolve("vmlinuz").toString()));
        command.addAll(List.of("-initrd", image.resolve("initrd.img").toString()));
        // The disk is never written to: several guests may run from it.
        String disk = "file=" + escaped(image.resolve("root.ext4")) + ",format=raw,if=none,id=root,snapshot=on";
        command.addAll(List.of("-drive", disk, "-device", "virtio-blk-pci,drive=root", "-device", "virtio-rng-pci"));
        String share = "local,id=rig,path=" + escaped(folder) + ",security_model=none";
        command.addAll(List.of("-fsdev", share, "-device", "virtio-9p-pci,fsdev=rig,mount_tag=rig"));
        command.addAll(List.of("-serial", "file:" + console));
        // /dev/ttyS0 is the receiver's end, /dev/ttyS1 the daemon's.
        command.addAll(List.of("-chardev", "socket,id=daemon,server=on,wait=off,path=" + escaped(nmea)));
        command.addAll(List.of("-chardev", "socket,id=receiver,path=" + escaped(nmea)));
        command.addAll(List.of("-device", "pci-serial,chardev=receiver", "-device", "pci-serial,chardev=daemon"));
        return command;
    }

    /** A comma ends an option of QEMU; doubled, it is one. */
    private static String escaped(Path path) {
        return path.toAbsolutePath().toString().replace(",", ",,");
    }

    private static void compile(String program, Path folder) throws IOException {
        Files.createDirectories(folder);
        boolean native64 = System.getProperty("os.arch").equals("aarch64");
        List<String> command = new ArrayList<>(List.of(
                native64 ? "gcc" : "aarch64-linux-gnu-gcc",
                "-O2",
                "-std=gnu11",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-static", // the guest's C library may be another than the host's
                "-o",
                folder.resolve(program).toString()));
        try (var sources = Files.newDirectoryStream(SOURCES.resolve("c").resolve(program), "*.c")) {
            sources.forEach(source -> command.add(source.toString()));
        }
        command.add("-lm");
        ran(command.toArray(String[]::new));
    }

    private static void copyResource(String name, Path target) throws IOException {
        try (InputStream resource = PulseGuest.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IOException("no resource " + name);
            }
            Files.copy(resource, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void copy(Path file, Path folder) throws IOException {
        Files.copy(
                file,
                folder.resolve(file.getFileName()),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** What a command printed on its standard output; its complaints go to ours. */
    private static String ran(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed, see above");
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + command[0], e);
        }
    }
}
