package org.noonmark.cli.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * All traces at a glance: our figures as shares of the reference estimator's and of chrony's better setting on the same trace, where
 * those are stored. Below 1 is better.
 */
final class ClockTable {
    private static final List<String> RATIOS = List.of("rms_us", "max_us", "f1_ppb", "f64_ppb");

    private final List<String> rows = new ArrayList<>();

    void add(ResultLine ours, List<ResultLine> others) {
        StringBuilder row = new StringBuilder(String.format(
                Locale.ROOT,
                "%-13s %8.4f %8.3f %8.3f %8.3f",
                ours.word("bench"),
                ours.number("rms_us"),
                ours.number("max_us"),
                ours.number("f1_ppb"),
                ours.number("f64_ppb")));
        for (String peers : List.of("proto-t1", "chrony-p")) {
            row.append(" |");
            for (String key : RATIOS) {
                double best = others.stream()
                        .filter(line -> line.word("who").startsWith(peers))
                        .mapToDouble(line -> line.number(key))
                        .min()
                        .orElse(Double.NaN);
                row.append(
                        Double.isNaN(best) ? "     -" : String.format(Locale.ROOT, " %5.2f", ours.number(key) / best));
            }
        }
        row.append(String.format(
                Locale.ROOT,
                " | %4.0f %4.0f | %6.0f %4.2f %6.2f",
                ours.number("t10us_s"),
                ours.number("t1us_s"),
                ours.number("over"),
                ours.number("worst"),
                ours.number("bound50_us")));
        rows.add(row.toString());
    }

    void print(PrintStream out) {
        out.println();
        out.println(
                "#                                                 | of the reference        | of chrony's better one  | lock"
                        + " to s |     true error and bound");
        out.println(
                "# trace         rms us   max us   f1 ppb  f64 ppb |   rms   max    f1   f64 |   rms   max    f1   f64 | 10us"
                        + "  1us |   over worst med us");
        rows.forEach(out::println);
    }
}
