package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.noonmark.app.TraceReplay;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.sim.Scenario;
import org.noonmark.sim.Trace;
import org.noonmark.sim.TraceGenerator;

/** {@code dev bench clock}: the daemon's timing core over traces, beside chrony's and the reference estimator's figures on the same. */
public final class ClockBench {
    private static final String ANCHORS = "clock-anchors.txt";
    private static final int USAGE = 2;
    private static final int BAR_MISSED = 1;
    private static final int NO_TRACE = 66; // EX_NOINPUT of sysexits.h
    private static final long START_SECOND = 1_780_000_000L; // 2026; the figures do not depend on it

    /** The traces hold no constant delay, so none is allowed for: what is advertised is held against the rest of the error alone. */
    private static final TimingOptions OPTIONS = TimingOptions.DEFAULTS.with(it -> it.edgeDelay(0, 0));

    private final ClockBenchArguments arguments;
    private final PrintStream out;
    private final List<ResultLine> anchors;
    private final ClockTable table = new ClockTable();
    private final ScenarioTable scenarios;

    private ClockBench(ClockBenchArguments arguments, PrintStream out, List<ResultLine> anchors) {
        this.arguments = arguments;
        this.out = out;
        this.anchors = anchors;
        scenarios = new ScenarioTable(arguments.sensor(), arguments.secondGiven());
    }

    /** Runs; the exit code is 0 when every trace could be read and, where that was asked for, every bar is met. */
    public static int run(String[] args) {
        return run(args, System.out, System.err);
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        try {
            ClockBenchArguments arguments = ClockBenchArguments.of(args);
            List<ResultLine> anchors = new ArrayList<>(anchors());
            for (Path path : arguments.beside()) {
                for (Path file : files(path, ".txt")) {
                    anchors.addAll(AnchorLines.of(file));
                }
            }
            boolean met = new ClockBench(arguments, out, anchors).run();
            return met || !arguments.gate() ? 0 : BAR_MISSED;
        } catch (IllegalArgumentException e) {
            err.println("bench clock: " + e.getMessage());
            err.println(ClockBenchArguments.USAGE);
            return USAGE;
        } catch (IOException e) {
            err.println("bench clock: " + e.getMessage());
            return NO_TRACE;
        }
    }

    private boolean run() throws IOException {
        for (Path path : arguments.traces()) {
            for (Path file : files(path, ".csv")) {
                measure(read(file));
            }
        }
        for (Scenario scenario : arguments.scenarios()) {
            for (long seed : arguments.seeds()) {
                measure(generate(scenario, seed));
            }
        }
        if (arguments.json()) {
            return scenarios.print(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        }
        table.print(out);
        return scenarios.print(out);
    }

    private void measure(Trace trace) {
        double[] errors = new double[trace.rows().size()];
        Honesty honesty = new Honesty(errors.length);
        TraceReplay replay = new TraceReplay(trace, START_SECOND, OPTIONS)
                .withSensor(arguments.sensor())
                .withSecondGiven(arguments.secondGiven());
        long start = System.nanoTime();
        replay.run((second, errorNanos, localNanos, status) -> {
            errors[second] = errorNanos;
            honesty.onSecond(second, errorNanos, localNanos, status);
        });
        double micros = (System.nanoTime() - start) * 1e-3 / errors.length;
        ResultLine ours = new ClockScore(trace, errors).line(arguments.who());
        honesty.tell(ours, trace);
        ours.put("step_us", micros);
        print(ours);
        List<ResultLine> others = anchors.stream()
                .filter(line -> line.word("bench").equals(trace.name()))
                .toList();
        others.forEach(this::print);
        table.add(ours, others);
        scenarios.add(ours, others);
    }

    private void print(ResultLine line) {
        out.println(arguments.json() ? line.json() : line.text());
    }

    private Trace generate(Scenario scenario, long seed) throws IOException {
        String name = scenario.name() + "." + seed;
        String text = TraceGenerator.text(scenario, seed);
        if (arguments.write().isPresent()) {
            Files.createDirectories(arguments.write().get());
            Files.writeString(arguments.write().get().resolve(name + ".csv"), text);
        }
        return Trace.read(name, new BufferedReader(new StringReader(text)));
    }

    private static Trace read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.csv$", "");
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            return Trace.read(name, lines);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        }
    }

    private static List<Path> files(Path path, String ending) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static List<ResultLine> anchors() throws IOException {
        try (InputStream stored = ClockBench.class.getResourceAsStream(ANCHORS)) {
            if (stored == null) {
                throw new IOException("the stored figures " + ANCHORS + " are missing from the program; build it anew");
            }
            List<ResultLine> lines = new ArrayList<>();
            BufferedReader reader = new BufferedReader(new InputStreamReader(stored, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("#")) {
                    lines.add(ResultLine.of(line));
                }
            }
            return lines;
        }
    }
}
