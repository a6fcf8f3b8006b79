package org.noonmark.cli.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.noonmark.sim.Scenario;

/**
 * What {@code bench clock} was asked.
 *
 * @param traces files, or directories of them
 * @param scenarios to make traces of
 * @param seeds of those traces
 * @param write where made traces are kept
 * @param beside files of result lines, or directories of them, that ours are held against
 * @param gate whether a bar that is missed makes the exit code 1
 * @param sensor whether the core hears the temperature
 * @param secondGiven whether every second is named rightly and at once, as the runs of the stored figures had it
 * @param json whether objects instead of lines are printed
 */
record ClockBenchArguments(
        List<Path> traces,
        List<Scenario> scenarios,
        List<Long> seeds,
        Optional<Path> write,
        List<Path> beside,
        boolean gate,
        boolean sensor,
        boolean secondGiven,
        boolean json) {
    static final String USAGE = """
            usage: bench clock [--traces DIR | TRACE.csv]... [--seeds 1,5..14 [--scenarios quiet,...] [--write DIR]]
                               [--second-given] [--no-sensor] [--beside DIR | --beside LINES.txt]... [--gate] [--json]
            traces from files, or made anew; the scenarios are quiet irqtail rwstrong tempcycle faststep hold1h hold24h coldstart
            badpulse hwstamp. --second-given: labels without fault or delay, as the stored figures had them.
            --beside: result lines of chrony, the reference estimator and the causal limit on the same traces, beside those stored here.
            --gate: exit code 1 when a bar is missed.""";

    /** Reads the words after {@code bench clock}; throws IllegalArgumentException with what is wrong. */
    static ClockBenchArguments of(String[] args) {
        List<Path> traces = new ArrayList<>();
        List<Scenario> scenarios = Scenario.ALL;
        List<Long> seeds = List.of();
        Optional<Path> write = Optional.empty();
        List<Path> beside = new ArrayList<>();
        boolean gate = false;
        boolean sensor = true;
        boolean given = false;
        boolean json = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--traces" -> traces.add(Path.of(value(args, ++i)));
                case "--seeds" -> seeds = seeds(value(args, ++i));
                case "--scenarios" -> scenarios = scenarios(value(args, ++i));
                case "--write" -> write = Optional.of(Path.of(value(args, ++i)));
                case "--beside" -> beside.add(Path.of(value(args, ++i)));
                case "--gate" -> gate = true;
                case "--no-sensor" -> sensor = false;
                case "--second-given" -> given = true;
                case "--json" -> json = true;
                default -> {
                    if (args[i].startsWith("-")) {
                        throw new IllegalArgumentException("unknown option " + args[i]);
                    }
                    traces.add(Path.of(args[i]));
                }
            }
        }
        if (traces.isEmpty() && seeds.isEmpty()) {
            throw new IllegalArgumentException("neither traces nor seeds are named");
        }
        return new ClockBenchArguments(traces, scenarios, seeds, write, beside, gate, sensor, given, json);
    }

    /** How our lines are named. */
    String who() {
        return "noonmark" + (secondGiven ? "-given" : "") + (sensor ? "" : "-t0");
    }

    private static String value(String[] args, int i) {
        if (i == args.length) {
            throw new IllegalArgumentException(args[i - 1] + " needs a value");
        }
        return args[i];
    }

    private static List<Scenario> scenarios(String names) {
        List<Scenario> chosen = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            chosen.add(Scenario.ALL.stream()
                    .filter(scenario -> scenario.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no scenario is called '" + name + "'")));
        }
        return chosen;
    }

    private static List<Long> seeds(String list) {
        List<Long> seeds = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            String[] ends = part.split("\\.\\.", 2);
            try {
                LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]))
                        .forEach(seeds::add);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "seeds are numbers and ranges such as 1,5..14, not '" + part + "'", e);
            }
        }
        return seeds;
    }
}
