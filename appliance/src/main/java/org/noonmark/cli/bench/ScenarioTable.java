package org.noonmark.cli.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * All traces of a scenario judged together, by the bars that the clock is held to. Ratios are the worst trace's, ours over the other's:
 * against the reference estimator's on the same trace, chrony's better setting, and the bound that no causal filter passes (which does
 * not know the temperature, so that ours can). What a trace has no figure for is not judged.
 */
final class ScenarioTable {
    private static final String REFERENCE = "proto-t";
    private static final String CHRONY = "chrony-p";
    private static final String LIMIT = "limit";
    private static final List<String> KEYS = List.of("rms_us", "max_us", "f1_ppb", "f64_ppb");

    /** Bars of the ratios to the reference, by {@link #KEYS}. */
    private static final double[] REFERENCE_BARS = {1.05, 1.2, 1.05, 1.05};

    private static final List<String> HOLDOVERS = List.of("600", "3600", "86400");
    private static final double MOST_BOUND_TO_ERROR = 5;
    private static final double MOST_MEAN_US = 0.005;

    /** The grain of the NTP short format doubled, in us: nothing finer can be told. */
    private static final double FINEST_BOUND_US = 31;

    private static final double MOST_SHARE_OVER = 1e-4;
    private static final double WORST_OVER = 2;
    private static final double TO_10_US_SECONDS = 4;
    private static final double TO_1_US_SECONDS = 6;

    private record Run(ResultLine ours, List<ResultLine> others) {
        /** The least of {@code key} among the lines of {@code who}; NaN where there is none. */
        double best(String who, String key) {
            return others.stream()
                    .filter(line -> line.word("who").startsWith(who))
                    .mapToDouble(line -> line.number(key))
                    .filter(Double::isFinite)
                    .min()
                    .orElse(Double.NaN);
        }

        double ratio(String who, String key) {
            return ours.number(key) / best(who, key);
        }
    }

    private final boolean sensor;
    private final boolean secondGiven;
    private final Map<String, List<Run>> scenarios = new LinkedHashMap<>();
    private final List<String> missed = new ArrayList<>();

    /**
     * @param sensor whether the core hears the temperature: it is then held against the reference that does
     * @param secondGiven whether the second was given, as the bar of the time to lock has it
     */
    ScenarioTable(boolean sensor, boolean secondGiven) {
        this.sensor = sensor;
        this.secondGiven = secondGiven;
    }

    void add(ResultLine ours, List<ResultLine> others) {
        String reference = REFERENCE + (sensor ? 1 : 0);
        List<ResultLine> compared = others.stream()
                .filter(line -> !line.word("who").startsWith(REFERENCE)
                        || line.word("who").equals(reference))
                .toList();
        String scenario = ours.word("bench").replaceFirst("\\..*", "");
        scenarios.computeIfAbsent(scenario, _ -> new ArrayList<>()).add(new Run(ours, compared));
    }

    /** Prints; returns whether every bar that could be judged is met. */
    boolean print(PrintStream out) {
        missed.clear();
        out.println();
        out.println(
                "#           traces |  rms us  max us | worst ratio to reference | worst ratio to chrony    | to limit | mean ns           |"
                        + " lock s  | bound us   over worst");
        out.println(
                "# scenario         |  median   worst |   rms   max    f1   f64  |   rms   max    f1   f64  |  rms     |  from    to   all |"
                        + " 10u  1u | median        share");
        scenarios.forEach((scenario, runs) -> out.println(row(scenario, runs)));
        scenarios.forEach((scenario, runs) -> {
            for (String into : HOLDOVERS) {
                if (runs.stream().anyMatch(run -> Double.isFinite(run.ours.number("ho" + into + "_us")))) {
                    out.println(holdover(scenario, runs, into));
                }
            }
        });
        out.println(missed.isEmpty() ? "# every bar is met" : "# not met: " + String.join("; ", missed));
        return missed.isEmpty();
    }

    private String row(String scenario, List<Run> runs) {
        StringBuilder row = new StringBuilder(String.format(
                Locale.ROOT,
                "%-12s %5d | %7.4f %7.3f |",
                scenario,
                runs.size(),
                median(runs, "rms_us"),
                worst(runs, "max_us")));
        for (int i = 0; i < KEYS.size(); i++) {
            row.append(ratio(scenario, runs, REFERENCE, KEYS.get(i), REFERENCE_BARS[i], "the reference's"));
        }
        row.append("  |");
        for (String key : KEYS) {
            row.append(ratio(scenario, runs, CHRONY, key, 1, "chrony's better"));
        }
        row.append("  |").append(figure(worstRatio(runs, LIMIT, "rms_us")));
        double low = runs.stream()
                .mapToDouble(run -> run.ours.number("mean_us"))
                .min()
                .orElse(0);
        double high = worst(runs, "mean_us");
        double bound = median(runs, "bound50_us");
        double checks = sum(runs, "checks");
        double share = sum(runs, "over") / Math.max(1, checks);
        row.append(String.format(
                Locale.ROOT,
                "    | %5.1f %5.1f %5.1f | %3.0f %3.0f | %6.2f  %.1e  %.2f",
                low * 1e3,
                high * 1e3,
                sum(runs, "mean_us") / runs.size() * 1e3,
                median(runs, "t10us_s"),
                median(runs, "t1us_s"),
                bound,
                share,
                worst(runs, "worst")));
        judge(scenario + ": mean of a trace", Math.max(-low, high), MOST_MEAN_US, scenario.equals("irqtail"));
        judge(scenario + ": s to 10 us", median(runs, "t10us_s"), TO_10_US_SECONDS, isStart(scenario));
        judge(scenario + ": s to 1 us", median(runs, "t1us_s"), TO_1_US_SECONDS, isStart(scenario));
        judge(scenario + ": bound", bound, Math.max(4 * median(runs, "p99_us"), FINEST_BOUND_US), true);
        judge(scenario + ": share of seconds over the bound", share, MOST_SHARE_OVER, true);
        judge(scenario + ": worst share of the bound", worst(runs, "worst"), WORST_OVER, true);
        return row.toString();
    }

    private boolean isStart(String scenario) {
        return secondGiven && scenario.equals("coldstart");
    }

    private String ratio(String scenario, List<Run> runs, String who, String key, double bar, String whose) {
        double worst = worstRatio(runs, who, key);
        judge(scenario + ": " + key + " to " + whose, worst, bar, Double.isFinite(worst));
        return figure(worst);
    }

    private static String figure(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, " %5.2f", value) : "     -";
    }

    /** Over all outages, since one alone says little; beside each figure how far chance may have brought it. */
    private String holdover(String scenario, List<Run> runs, String into) {
        String key = "ho" + into + "_us";
        Estimate bound = Estimate.of(runs, some -> median(some, "hobound" + into + "_us") / ours(some, key));
        String what = scenario + ": " + key;
        StringBuilder row = new StringBuilder(String.format(
                Locale.ROOT,
                "%-12s %6s s out |  rms us %9.2f | bound us %9.1f, %5.2f +-%.2f of it | back within 1 us in %4.1f s, at most %.1f ppm off",
                scenario,
                into,
                ours(runs, key),
                median(runs, "hobound" + into + "_us"),
                bound.value,
                bound.doubt,
                median(runs, "reacq_s"),
                worst(runs, "slew_ppm")));
        for (String who : List.of(REFERENCE, CHRONY)) {
            List<Run> known = runs.stream()
                    .filter(run -> Double.isFinite(run.best(who, key)))
                    .toList();
            if (!known.isEmpty()) {
                Estimate ratio = Estimate.of(known, some -> ours(some, key) / best(some, who, key));
                row.append(String.format(
                        Locale.ROOT,
                        " | %s %9.2f, ratio %.3f +-%.3f",
                        who,
                        best(known, who, key),
                        ratio.value,
                        ratio.doubt));
                judge(what + " to " + who, ratio.value, 1, true);
            }
        }
        judge(what + ": bound to error", bound.value, MOST_BOUND_TO_ERROR, sensor && !into.equals("600"));
        return row.toString();
    }

    /**
     * A figure of many traces.
     *
     * @param doubt one sigma of it, from what it is without each of them in turn (jackknife); 0 where there is one alone
     */
    private record Estimate(double value, double doubt) {
        static Estimate of(List<Run> runs, ToDoubleFunction<List<Run>> figure) {
            int n = runs.size();
            if (n == 1) {
                return new Estimate(figure.applyAsDouble(runs), 0);
            }
            double[] without = new double[n];
            for (int i = 0; i < n; i++) {
                List<Run> others = new ArrayList<>(runs);
                others.remove(i);
                without[i] = figure.applyAsDouble(others);
            }
            double mean = Arrays.stream(without).average().orElseThrow();
            double squares =
                    Arrays.stream(without).map(v -> (v - mean) * (v - mean)).sum();
            return new Estimate(figure.applyAsDouble(runs), Math.sqrt(squares * (n - 1) / n));
        }
    }

    private static double ours(List<Run> runs, String key) {
        return rootMeanSquare(runs, run -> run.ours.number(key));
    }

    private static double best(List<Run> runs, String who, String key) {
        return rootMeanSquare(runs, run -> run.best(who, key));
    }

    private void judge(String what, double value, double most, boolean applies) {
        if (applies && !(value <= most)) {
            missed.add(String.format(Locale.ROOT, "%s %.3g instead of %.3g", what, value, most));
        }
    }

    private static double worstRatio(List<Run> runs, String who, String key) {
        return runs.stream()
                .mapToDouble(run -> run.ratio(who, key))
                .filter(Double::isFinite)
                .max()
                .orElse(Double.NaN);
    }

    private static double worst(List<Run> runs, String key) {
        return runs.stream()
                .mapToDouble(run -> run.ours.number(key))
                .filter(Double::isFinite)
                .max()
                .orElse(Double.NaN);
    }

    private static double sum(List<Run> runs, String key) {
        return runs.stream().collect(Collectors.summingDouble(run -> run.ours.number(key)));
    }

    private static double median(List<Run> runs, String key) {
        double[] sorted = runs.stream()
                .mapToDouble(run -> run.ours.number(key))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    private static double rootMeanSquare(List<Run> runs, ToDoubleFunction<Run> value) {
        double[] values =
                runs.stream().mapToDouble(value).filter(Double::isFinite).toArray();
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).average().orElse(Double.NaN));
    }
}
