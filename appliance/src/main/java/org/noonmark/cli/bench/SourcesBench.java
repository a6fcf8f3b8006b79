package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * {@code dev bench sources}: our NTP client beside an unmodified chronyd in simulated networks. Both have the same crystal, the same servers
 * and the same ways to them, queues full at the same times; each its own lot of what is left to chance. Six hours of each pass in seconds.
 * The error is that of the steered clock against the truth at each whole second; converged is the first second from which on it stays
 * within the bound that the network names for ten minutes.
 */
public final class SourcesBench {
    private static final String ARGUMENTS =
            "[--chronyd PROGRAM] [--seeds 1..1000] [--network NAME] [--beside yes|no] [--gate yes|no]";
    private static final int SETTLED_SECONDS = 3_600;
    private static final int STAYS_SECONDS = 600;
    private static final double MICROS = 1e-3;

    /**
     * What became of one clock.
     *
     * @param rmsMicros from the second hour on
     * @param maxMicros from the second hour on
     * @param convergedSeconds since the start; the whole run where it never was
     */
    record Outcome(double rmsMicros, double maxMicros, double convergedSeconds) {
        static Outcome of(double[] errors, long convergedNanos) {
            double squares = 0;
            double most = 0;
            for (int i = SETTLED_SECONDS; i < errors.length; i++) {
                squares += errors[i] * errors[i];
                most = Math.max(most, Math.abs(errors[i]));
            }
            return new Outcome(
                    Math.sqrt(squares / (errors.length - SETTLED_SECONDS)) * MICROS,
                    most * MICROS,
                    converged(errors, convergedNanos));
        }

        private static int converged(double[] errors, long within) {
            int since = 0;
            for (int i = 0; i < errors.length; i++) {
                if (Math.abs(errors[i]) > within) {
                    since = i + 1;
                } else if (i - since >= STAYS_SECONDS) {
                    return since;
                }
            }
            return errors.length;
        }
    }

    private record Pair(Outcome ours, Outcome theirs) {}

    private final int seeds;
    private final List<SourcesNetwork> networks;
    private final boolean gate;
    private boolean beaten;

    private SourcesBench(int seeds, List<SourcesNetwork> networks, boolean gate) {
        this.seeds = seeds;
        this.networks = networks;
        this.gate = gate;
    }

    /** Runs; the exit code is 0 when everything could be measured and, where that was asked for, chronyd is better nowhere. */
    public static int run(String[] args) {
        return BenchArguments.run("sources", ARGUMENTS, args, given -> {
            Optional<Path> chronyd = given.chronyd();
            List<String> names = new ArrayList<>(List.of("all"));
            SourcesNetwork.ALL.forEach(network -> names.add(network.name()));
            String name = given.word("--network", names.toArray(String[]::new));
            List<SourcesNetwork> chosen = SourcesNetwork.ALL.stream()
                    .filter(network -> name.equals("all") || name.equals(network.name()))
                    .toList();
            boolean beside = given.word("--beside", "yes", "no").equals("yes");
            SourcesBench bench = new SourcesBench(given.number("--seeds", 40, 1_000), chosen, given.isYes("--gate"));
            return () -> bench.measure(beside ? Optional.of(BenchArguments.require(chronyd)) : Optional.empty());
        });
    }

    private void measure(Optional<Path> program) throws IOException, InterruptedException {
        List<String> table = new ArrayList<>();
        try (BenchFolder folder = BenchFolder.create("sources")) {
            Optional<Path> library =
                    program.isPresent() ? Optional.of(ChronydSourcesRun.compile(folder)) : Optional.empty();
            for (SourcesNetwork network : networks) {
                List<Pair> pairs = new ArrayList<>();
                for (int seed = 1; seed <= seeds; seed++) {
                    Outcome ours = Outcome.of(OurSourcesRun.errors(network, seed), network.convergedNanos());
                    Outcome theirs = library.isEmpty()
                            ? new Outcome(Double.NaN, Double.NaN, Double.NaN)
                            : Outcome.of(
                                    ChronydSourcesRun.errors(
                                            network, seed, program.orElseThrow(), library.get(), folder),
                                    network.convergedNanos());
                    print(network, seed, ours, theirs);
                    pairs.add(new Pair(ours, theirs));
                }
                table.add(row(network, pairs));
            }
        }
        System.out.println();
        System.out.println(
                "| network | RMS us: ours | chronyd | ratio (worst seed) | max us: ours | chronyd | ratio (worst)"
                        + " | converged s: ours | chronyd | within us |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        table.forEach(System.out::println);
        if (gate && beaten) {
            throw new IllegalStateException("chronyd is better in one of them");
        }
    }

    private static void print(SourcesNetwork network, int seed, Outcome ours, Outcome theirs) {
        System.out.println(new ResultLine()
                .put("bench", "sources")
                .put("network", network.name())
                .put("seed", seed)
                .put("ours_rms_us", ours.rmsMicros())
                .put("chrony_rms_us", theirs.rmsMicros())
                .put("rms_ratio", ours.rmsMicros() / theirs.rmsMicros())
                .put("ours_max_us", ours.maxMicros())
                .put("chrony_max_us", theirs.maxMicros())
                .put("max_ratio", ours.maxMicros() / theirs.maxMicros())
                .put("ours_converged_s", ours.convergedSeconds())
                .put("chrony_converged_s", theirs.convergedSeconds())
                .text());
    }

    /** RMS over all seeds, medians of the rest, and of the ratios the worst seed's too. */
    private String row(SourcesNetwork network, List<Pair> pairs) {
        double rms = pooled(pairs, pair -> pair.ours().rmsMicros())
                / pooled(pairs, pair -> pair.theirs().rmsMicros());
        double max = median(pairs, pair -> pair.ours().maxMicros())
                / median(pairs, pair -> pair.theirs().maxMicros());
        double ours = median(pairs, pair -> pair.ours().convergedSeconds());
        double theirs = median(pairs, pair -> pair.theirs().convergedSeconds());
        beaten |= rms > 1 || max > 1 || ours > theirs;
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.2f (%.2f) | %.0f | %.0f | %.2f (%.2f) | %.0f | %.0f | %d |",
                network.name(),
                pooled(pairs, pair -> pair.ours().rmsMicros()),
                pooled(pairs, pair -> pair.theirs().rmsMicros()),
                rms,
                worst(pairs, pair -> pair.ours().rmsMicros() / pair.theirs().rmsMicros()),
                median(pairs, pair -> pair.ours().maxMicros()),
                median(pairs, pair -> pair.theirs().maxMicros()),
                max,
                worst(pairs, pair -> pair.ours().maxMicros() / pair.theirs().maxMicros()),
                ours,
                theirs,
                network.convergedNanos() / 1_000);
    }

    /** Of all seconds of all seeds. */
    private static double pooled(List<Pair> pairs, ToDoubleFunction<Pair> rms) {
        return Math.sqrt(pairs.stream()
                .mapToDouble(pair -> rms.applyAsDouble(pair) * rms.applyAsDouble(pair))
                .average()
                .orElse(Double.NaN));
    }

    private static double median(List<Pair> pairs, ToDoubleFunction<Pair> value) {
        double[] sorted = pairs.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double worst(List<Pair> pairs, ToDoubleFunction<Pair> value) {
        return pairs.stream().mapToDouble(value).max().orElse(Double.NaN);
    }
}
