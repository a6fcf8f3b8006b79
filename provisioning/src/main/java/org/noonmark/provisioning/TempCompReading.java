package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.noonmark.provisioning.Problem.Severity;

/** Makes a {@link TempComp} of the words of 'tempcomp' and of the table that they may name. */
final class TempCompReading {
    private static final Kind READING = new Kind.Decimal("units of the sensor", "-1e9", "1e9");
    private static final Kind PPM = new Kind.Decimal("parts per million", "-1e6", "1e6");
    private static final String LINE_FORM =
            "write a reading of the sensor and the correction for it, such as '26000 0.04'";

    private final ConfigFiles files;
    private final Consumer<Problem> problems;

    TempCompReading(ConfigFiles files, Consumer<Problem> problems) {
        this.files = files;
        this.problems = problems;
    }

    /** Empty when {@code problems} was told why. */
    Optional<TempComp> of(Arguments words) {
        return curve(words).map(curve -> new TempComp(words.text("SENSOR"), words.nanos("INTERVAL"), curve));
    }

    private Optional<TempComp.Curve> curve(Arguments words) {
        boolean table = words.has("TABLE");
        boolean coefficients = words.has("T0") && words.has("K0") && words.has("K1") && words.has("K2");
        if (table == coefficients || (table && words.has("T0"))) {
            String text = words.statement().text();
            problems.accept(words.statement()
                    .error(
                            text,
                            quote(text) + " must end with either a table or four coefficients",
                            "write 'tempcomp SENSOR INTERVAL TABLE' or 'tempcomp SENSOR INTERVAL T0 K0 K1 K2'"));
            return Optional.empty();
        }
        return table
                ? table(words)
                : Optional.of(new TempComp.Parabola(
                        number(words, "T0"), number(words, "K0"), number(words, "K1"), number(words, "K2")));
    }

    private static double number(Arguments words, String name) {
        return Double.parseDouble(words.text(name));
    }

    private Optional<TempComp.Curve> table(Arguments words) {
        String path = words.text("TABLE");
        return switch (files.read(path)) {
            case ConfigFiles.FileText.Unreadable(String reason) -> {
                problems.accept(words.statement()
                        .error(
                                path,
                                "the table " + quote(path) + " of 'tempcomp' cannot be read, " + reason,
                                "write the full path of a file with lines such as '26000 0.04'"));
                yield Optional.empty();
            }
            case ConfigFiles.FileText.Text(String text) -> table(path, text);
        };
    }

    private Optional<TempComp.Curve> table(String path, String text) {
        List<TempComp.Point> points = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String stripped = line.strip();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                continue;
            }
            String[] columns = stripped.split("\\s+", -1);
            if (columns.length != 2 || !READING.accepts(columns[0]) || !PPM.accepts(columns[1])) {
                fault(path, number, stripped, " is no point of a table of 'tempcomp'", LINE_FORM);
                return Optional.empty();
            }
            TempComp.Point point = new TempComp.Point(Double.parseDouble(columns[0]), Double.parseDouble(columns[1]));
            if (!points.isEmpty() && point.reading() <= points.getLast().reading()) {
                fault(
                        path,
                        number,
                        columns[0],
                        " is not above the reading before it",
                        "sort the lines by their first number");
                return Optional.empty();
            }
            points.add(point);
        }
        if (points.size() < 2) {
            fault(path, 0, path, " has fewer than two points for 'tempcomp'", "add lines such as '26000 0.04'");
            return Optional.empty();
        }
        return Optional.of(new TempComp.Table(points));
    }

    private void fault(String path, int line, String value, String fault, String cure) {
        problems.accept(
                new Problem(Severity.ERROR, path, line, "tempcomp", Printable.of(value), quote(value) + fault, cure));
    }
}
