package org.noonmark.rig;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A running {@code noonmark demo} or {@code run}, as the program that was built. */
final class Demo implements AutoCloseable {
    private static final Path JAR = Path.of("..", "appliance", "target", "noonmark.jar");
    private static final Pattern FIELD = Pattern.compile("(\\w+)=(\\S+)");

    private final Process process;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(10_000);
    private final List<String> transcript = new CopyOnWriteArrayList<>();

    private Demo(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    /** Starts the demo; {@code prefix} is put before the command, such as {@code ip netns exec NAME}. */
    static Demo start(List<String> prefix, String... arguments) throws IOException {
        return start(prefix, "demo", List.of(arguments));
    }

    /** Starts the daemon in the same way; it leaves the machine's clock alone (-x). */
    static Demo startDaemon(List<String> prefix, Path config) throws IOException {
        return start(prefix, "run", List.of("-x", "-f", config.toString()));
    }

    private static Demo start(List<String> prefix, String program, List<String> arguments) throws IOException {
        if (!Files.exists(JAR)) {
            throw new IOException(JAR + " is missing: ./dev rig builds it");
        }
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                JAR.toString(),
                program));
        command.addAll(arguments);
        return new Demo(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** What another command of the program prints, such as a report; {@code arguments} begin with {@code --control SOCKET}. */
    static Peers.Output ask(String... arguments) {
        return ask(List.of(), arguments);
    }

    /** The same, with {@code prefix} before the command, such as {@code ip netns exec NAME}. */
    static Peers.Output ask(List<String> prefix, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                JAR.toString()));
        command.addAll(List.of(arguments));
        return Peers.Output.of(new ProcessBuilder(command));
    }

    /** The READY line's fields, or an error with all that was printed. */
    Ready awaitReady(Duration limit) throws InterruptedException {
        return new Ready(awaitLine("READY ", limit));
    }

    /** The next line that begins so. */
    String awaitLine(String beginning, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            String line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new AssertionError("no line '" + beginning + "...' within " + limit + ":\n" + transcript());
            }
            if (line.startsWith(beginning)) {
                return line;
            }
        }
    }

    /** Its process id. */
    long pid() {
        return process.pid();
    }

    /** Waits for the end. */
    int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit)) {
            throw new AssertionError("still running after " + limit + ":\n" + transcript());
        }
        return process.exitValue();
    }

    /** Everything printed so far. */
    String transcript() {
        return String.join("\n", transcript);
    }

    /** Ends it as the kernel does when memory runs out: it gets no chance to put anything in order. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(Duration.ofSeconds(10))) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                transcript.add(line);
                if (!lines.offer(line)) {
                    throw new IllegalStateException("the demo prints too much");
                }
            }
        } catch (IOException e) {
            transcript.add("(" + e.getMessage() + ")");
        }
    }

    /** The line {@code READY ntp=... stratum=1 after=2.3s}. */
    record Ready(String line) {
        /** The value of {@code name}. */
        String field(String name) {
            String value = fieldOrNull(name);
            if (value == null) {
                throw new AssertionError("no " + name + " in: " + line);
            }
            return value;
        }

        private @Nullable String fieldOrNull(String name) {
            Matcher matcher = FIELD.matcher(line);
            while (matcher.find()) {
                if (matcher.group(1).equals(name)) {
                    return matcher.group(2);
                }
            }
            return null;
        }
    }
}
