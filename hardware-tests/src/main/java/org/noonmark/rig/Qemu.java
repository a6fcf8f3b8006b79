package org.noonmark.rig;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A running QEMU, followed by what its guest writes to the console. The console is a file, which QEMU writes ({@code -chardev
 * file,id=con,path=...} or {@code -serial file:...}, as the command says): it stays after the run, whatever happens. Used by one thread.
 */
final class Qemu implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /** QEMU ends within a second of SIGTERM; one whose main loop hangs never does. */
    private static final Duration TO_END = Duration.ofSeconds(5);

    private static final Pattern PANIC = Pattern.compile("Kernel panic");
    /** Colours and cursor movements, which systemd and firmware write between the words. */
    private static final Pattern TERMINAL_CODES = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]|\r");

    private final Process process;
    private final Path console;
    private final Path complaints;
    private final Thread endWithUs;
    /** Complete lines that were read, in their order. */
    private final List<String> lines = new ArrayList<>();
    /** What follows the last complete line: a prompt, or half a line. */
    private String unfinished = "";

    private long bytesRead;
    private int linesSearched;

    private Qemu(Process process, Path console, Path complaints) {
        this.process = process;
        this.console = console;
        this.complaints = complaints;
        endWithUs = new Thread(process::destroyForcibly, "end-qemu");
        Runtime.getRuntime().addShutdownHook(endWithUs);
    }

    /**
     * Starts QEMU. Its own messages are kept beside the console, as {@code qemu.log}.
     *
     * @param command the program and all its options; one of them must let the guest's console go to {@code console}
     */
    static Qemu start(List<String> command, Path console) throws IOException {
        Files.deleteIfExists(console);
        Path complaints = console.resolveSibling("qemu.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(complaints.toFile())
                .start();
        return new Qemu(process, console, complaints);
    }

    /**
     * Waits for a line with a match of {@code regex} after the line that was found last, and returns it. A prompt without an end of line
     * counts too, once nothing more follows it.
     *
     * @throws AssertionError with the console's end, at once when the kernel panics or QEMU ends, else after {@code limit}
     */
    String awaitLine(String regex, Duration limit) throws IOException, InterruptedException {
        Pattern wanted = Pattern.compile(regex);
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            // Asked before the console is read: what was written just before the end is still found.
            boolean running = process.isAlive();
            String prompt = unfinished;
            read();
            while (linesSearched < lines.size()) {
                String line = lines.get(linesSearched++);
                if (wanted.matcher(line).find()) {
                    return line;
                }
                if (PANIC.matcher(line).find()) {
                    throw failure("the guest's kernel panicked while waited for '" + regex + "'");
                }
            }
            if (prompt.equals(unfinished) && wanted.matcher(prompt).find()) {
                return unfinished;
            }
            if (!running) {
                throw failure("QEMU ended with " + process.exitValue() + " while waited for '" + regex + "'");
            }
            if (System.nanoTime() - deadline > 0) {
                throw failure("no line with '" + regex + "' within " + limit);
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    /**
     * Waits until the guest has switched itself off.
     *
     * @throws AssertionError with the console's end, at once when the kernel panics, else when QEMU fails or runs longer than {@code limit}
     */
    void awaitEnd(Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!process.waitFor(LOOK_EVERY)) {
            read();
            if (lines.stream().anyMatch(PANIC.asPredicate())) {
                throw failure("the guest's kernel panicked");
            }
            if (System.nanoTime() - deadline > 0) {
                throw failure("still running after " + limit);
            }
        }
        read();
        if (process.exitValue() != 0) {
            throw failure("QEMU ended with " + process.exitValue());
        }
    }

    /** Whether the machine is still on. */
    boolean isRunning() {
        return process.isAlive();
    }

    /** Every line of the console so far, without the terminal's codes. */
    List<String> console() throws IOException {
        read();
        return List.copyOf(lines);
    }

    /** Ends it as SIGKILL does: what it has not written is never written. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(TO_END)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(endWithUs);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void read() throws IOException {
        if (!Files.exists(console)) {
            return;
        }
        byte[] fresh;
        try (RandomAccessFile file = new RandomAccessFile(console.toFile(), "r")) {
            fresh = new byte[Math.toIntExact(file.length() - bytesRead)];
            file.seek(bytesRead);
            file.readFully(fresh);
        }
        bytesRead += fresh.length;
        // A byte is a character here: no character is ever cut in two, and the messages looked for are ASCII.
        String text = unfinished + new String(fresh, StandardCharsets.ISO_8859_1);
        String[] parts = text.split("\n", -1);
        for (int i = 0; i < parts.length - 1; i++) {
            lines.add(TERMINAL_CODES.matcher(parts[i]).replaceAll(""));
        }
        unfinished = parts[parts.length - 1];
    }

    private AssertionError failure(String what) throws IOException {
        read();
        List<String> end = lines.subList(Math.max(0, lines.size() - 60), lines.size());
        return new AssertionError(what + "\n" + Files.readString(complaints) + console + " ends with:\n"
                + String.join("\n", end) + "\n" + unfinished);
    }
}
