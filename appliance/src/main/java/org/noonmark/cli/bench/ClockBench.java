package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.noonmark.app.TraceReplay;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.sim.Trace;

/** {@code dev bench clock TRACE.csv...|DIRECTORY}: the daemon's timing core over traces, beside chrony's figures on the same ones. */
public final class ClockBench {
    private static final String ANCHORS = "clock-anchors.txt";
    private static final int USAGE = 2;
    private static final int NO_TRACE = 66; // EX_NOINPUT of sysexits.h
    private static final long START_SECOND = 1_780_000_000L; // 2026; the figures do not depend on it

    private ClockBench() {}

    /** Runs; the exit code is 0 when every trace could be read. */
    public static int run(String[] args) {
        return run(args, System.out, System.err);
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        if (args.length == 0) {
            err.println("usage: bench clock TRACE.csv... or a directory of them");
            return USAGE;
        }
        try {
            List<String> anchors = anchors();
            for (String arg : args) {
                for (Path file : traces(Path.of(arg))) {
                    Trace trace = read(file);
                    out.println(new ClockScore(trace, replay(trace)).line("noonmark"));
                    anchors.stream()
                            .filter(line -> line.startsWith("bench=" + trace.name() + " "))
                            .forEach(out::println);
                }
            }
            return 0;
        } catch (IOException e) {
            err.println("bench clock: " + e.getMessage());
            return NO_TRACE;
        }
    }

    private static Trace read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.csv$", "");
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            return Trace.read(name, lines);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        }
    }

    private static double[] replay(Trace trace) {
        double[] errors = new double[trace.rows().size()];
        new TraceReplay(trace, START_SECOND, TimingOptions.DEFAULTS)
                .run((second, errorNanos, _, _) -> errors[second] = errorNanos);
        return errors;
    }

    private static List<Path> traces(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(".csv"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> anchors() throws IOException {
        try (InputStream stored = ClockBench.class.getResourceAsStream(ANCHORS)) {
            if (stored == null) {
                throw new IOException("the stored figures " + ANCHORS + " are missing from the program; build it anew");
            }
            List<String> lines = new ArrayList<>();
            BufferedReader reader = new BufferedReader(new InputStreamReader(stored, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
            return lines;
        }
    }
}
