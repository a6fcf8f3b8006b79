package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process of this program that a bench talks with, a line at a time; it ends with its input. */
final class BenchProcess implements AutoCloseable {
    private final Process process;
    private final Writer input;
    private final BufferedReader output;

    private BenchProcess(Process process) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.US_ASCII);
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts {@code bench ARGUMENTS} of this program, with the same Java and the same settings.
     *
     * @param prefix words before the command
     */
    static BenchProcess start(List<String> prefix, List<String> arguments) throws IOException {
        List<String> command = ownCommand(prefix);
        command.add("bench");
        command.addAll(arguments);
        return new BenchProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** This program's own command up to where its arguments begin, with the same Java and the same settings, behind {@code prefix}. */
    static List<String> ownCommand(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.add(java());
        List<String> own = List.of(ProcessHandle.current().info().arguments().orElseThrow());
        command.addAll(own.subList(0, own.indexOf("bench")));
        return command;
    }

    /** The Java that this program runs by. */
    static String java() {
        return ProcessHandle.current().info().command().orElseThrow();
    }

    String ask(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
        return hear();
    }

    String hear() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("a process of the bench has ended");
        }
        return line;
    }

    /** Memory that it has in RAM. */
    long residentKilobytes() throws IOException {
        // What was put before the command becomes it by exec.
        return residentKilobytes(process.pid());
    }

    /** Memory that a process has in RAM, by the kernel; 0 when it has ended. */
    static long residentKilobytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        input.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.toHandle().destroy();
            }
        } catch (InterruptedException e) {
            process.toHandle().destroy();
            Thread.currentThread().interrupt();
        }
    }
}
