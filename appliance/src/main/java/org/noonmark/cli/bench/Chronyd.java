package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** chronyd as a peer to measure against: serves its own clock and never touches the machine's (-x). */
final class Chronyd implements AutoCloseable {
    static final int PORT = 3_123;

    private final Process process;

    private Chronyd(Process process) {
        this.process = process;
    }

    /** Looks on PATH and in the directories where Debian has daemons. */
    static Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(directory -> Path.of(directory, "chronyd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it on {@link #PORT}; {@code prefix} are words before the command. What it says goes to the standard error. */
    static Chronyd start(List<String> prefix, Path program) throws IOException {
        return start(prefix, program, List.of());
    }

    /** The same with more directives. */
    static Chronyd start(List<String> prefix, Path program, List<String> directives) throws IOException {
        Path pidFile = Path.of(
                System.getProperty("java.io.tmpdir"),
                "noonmark-bench-" + ProcessHandle.current().pid() + ".pid");
        Path keys = Files.writeString(
                pidFile.resolveSibling(pidFile.getFileName() + ".keys"), "1 AES128 ASCII:0123456789abcdef\n");
        keys.toFile().deleteOnExit();
        List<String> command = new ArrayList<>(prefix);
        // -U -u: as whoever runs the measurement. The directives stand in place of a file.
        command.addAll(List.of(
                program.toString(),
                "-x",
                "-d",
                "-L",
                "1",
                "-U",
                "-u",
                System.getProperty("user.name"),
                "-f",
                "/dev/null",
                "local stratum 1",
                "allow all",
                "port " + PORT,
                "keyfile " + keys,
                "cmdport 0",
                "bindcmdaddress /",
                "pidfile " + pidFile));
        command.addAll(directives);
        ProcessBuilder builder = new ProcessBuilder(command);
        withLibraries(builder, program);
        return new Chronyd(builder.inheritIO().start());
    }

    /** A package that was unpacked and not installed has its libraries beside it. */
    static void withLibraries(ProcessBuilder builder, Path program) {
        Path libraries = program.resolve(
                        "../../lib/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu")
                .normalize();
        if (!program.startsWith("/usr")) {
            builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
        }
    }

    /** @throws IOException when it has ended */
    void requireRunning() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("chronyd does not serve");
        }
    }

    /** What it and its processes have taken. */
    Duration processorTime() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() {
        process.toHandle().destroy();
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
