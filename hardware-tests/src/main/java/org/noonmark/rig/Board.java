package org.noonmark.rig;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A real board, asked over SSH with the user's own keys and settings ({@code ~/.ssh/config}); nothing is changed on it and nothing
 * written to its card.
 *
 * @param ssh the command that runs the command line which follows it on the board
 */
record Board(List<String> ssh) {
    private static final Duration RECONNECT_AFTER = Duration.ofSeconds(10);

    /** Reads the pulse's last event a little more often than it comes, and prints it; ends when nobody listens any more. */
    private static final String PRINT_EDGES =
            "while read -r edge </sys/class/pps/pps0/assert && echo \"$edge\"; do sleep 0.8; done";

    /**
     * The board at {@code host}, as ssh(1) takes it. Never asks for a password. A dead connection is noticed within a minute.
     */
    static Board at(String host) {
        return new Board(List.of(
                "ssh",
                "-o",
                "BatchMode=yes",
                "-o",
                "ConnectTimeout=10",
                "-o",
                "ServerAliveInterval=15",
                "-o",
                "ServerAliveCountMax=4",
                host,
                "--"));
    }

    /**
     * What {@code commandLine} printed on the board.
     *
     * @throws IOException when it failed, or the board was not reached: with what was said
     */
    String ran(String commandLine) throws IOException, InterruptedException {
        Result result = run(commandLine);
        if (result.exitCode() != 0) {
            throw new IOException("'" + commandLine + "' ended with " + result.exitCode() + ": "
                    + (result.output() + "\n" + result.complaints()).strip());
        }
        return result.output();
    }

    /** As {@link #ran}, for commands whose status is an answer. */
    Result run(String commandLine) throws IOException, InterruptedException {
        Path complaints = Files.createTempFile("board", ".err");
        try {
            Process process = start(commandLine, ProcessBuilder.Redirect.to(complaints.toFile()));
            try (InputStream output = process.getInputStream()) {
                String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
                return new Result(
                        process.waitFor(),
                        text.strip(),
                        Files.readString(complaints).strip());
            }
        } finally {
            Files.delete(complaints);
        }
    }

    /**
     * Writes every edge of the board's pulse to {@code file} for {@code length}: its number and the board's clock at it, as the kernel
     * stamped them. A lost connection is made again; the edges in between are missing, and their numbers tell.
     *
     * @throws IOException when the board cannot be read at the first attempt
     */
    void recordEdges(Path file, Duration length) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + length.toNanos();
        try (Writer writer = Files.newBufferedWriter(file)) {
            EdgeRecorder recorder = new EdgeRecorder(writer);
            while (System.nanoTime() - deadline < 0) {
                follow(recorder, deadline);
                if (recorder.count() == 0) {
                    throw new IOException("no pulse could be read: " + run("cat /sys/class/pps/pps0/assert"));
                }
                if (System.nanoTime() - deadline < 0) {
                    Thread.sleep(RECONNECT_AFTER);
                }
            }
        }
    }

    private void follow(EdgeRecorder recorder, long deadline) throws IOException, InterruptedException {
        Process process = start(PRINT_EDGES, ProcessBuilder.Redirect.INHERIT);
        try (var lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                recorder.onLine(line);
                if (System.nanoTime() - deadline > 0) {
                    break;
                }
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private Process start(String commandLine, ProcessBuilder.Redirect complaints) throws IOException {
        List<String> command = new ArrayList<>(ssh);
        command.add(commandLine);
        Process process = new ProcessBuilder(command).redirectError(complaints).start();
        try (OutputStream input = process.getOutputStream()) {
            input.flush(); // nothing to say: closed, so that no command waits for it
        }
        return process;
    }

    /**
     * How a command ended.
     *
     * @param complaints what it wrote to its error output
     */
    record Result(int exitCode, String output, String complaints) {}
}
