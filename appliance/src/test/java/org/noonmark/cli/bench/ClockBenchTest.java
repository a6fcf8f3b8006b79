package org.noonmark.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.sim.Trace;

class ClockBenchTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    @Test
    void printsOurLineAndTheStoredOnesBesideIt() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        String rows = IntStream.range(0, 1_200)
                .mapToObj(
                        k -> String.format(Locale.ROOT, "%d,9000,%.3f,0,50,0,120,0%n", k, 200 * random.nextGaussian()))
                .collect(Collectors.joining());
        Path file = Files.writeString(directory.resolve("quiet.1.csv"), "# off_s=0.1\nk,f_ppb\n" + rows);
        assertEquals(0, run(file.toString()), err::toString);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.getFirst().startsWith("bench=quiet.1 who=noonmark n=1200 rms_us=0.0"), lines::getFirst);
        assertTrue(lines.stream()
                .anyMatch(line -> line.startsWith("bench=quiet.1 who=chrony-default n=86400 rms_us=0.06575 ")));
    }

    @Test
    void holdsEachScenarioAgainstTheBarsAndSaysWhichAreMissed() throws IOException {
        Path others = Files.writeString(directory.resolve("others.txt"), """
                # a remark
                bench=coldstart.3 who=proto-t1 rms_us=0.0001 max_us=9 f1_ppb=99 f64_ppb=99
                bench=coldstart.3 who=p2 rms_us=9 max_us=9 f1_ppb=99 f64_ppb=99
                bench=coldstart.3 who=p2tc rms_us=0.0001 max_us=0.0001 f1_ppb=1 f64_ppb=1
                """);
        String[] arguments = {
            "--seeds", "3", "--scenarios", "coldstart", "--second-given", "--beside", "" + others, "--gate"
        };
        assertEquals(1, run(arguments), err::toString);
        String last = out.toString(StandardCharsets.UTF_8).lines().toList().getLast();
        assertTrue(last.startsWith("# not met: coldstart: rms_us to the reference's "), last);
        assertEquals(1, last.split(";", -1).length, last);
        Files.writeString(others, "bench=coldstart.3 who=proto-t1 rms_us=9 max_us=9 f1_ppb=99 f64_ppb=99\n");
        assertEquals(0, run(arguments));
        assertTrue(out.toString(StandardCharsets.UTF_8).endsWith("# every bar is met\n"));
    }

    @Test
    void saysWhatIsMissing() {
        assertEquals(66, run(directory.resolve("none.csv").toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("none.csv: no such file"), err::toString);
        assertEquals(2, run());
    }

    @Test
    void makesTracesBySeedAndTellsThemAsObjects() throws IOException {
        assertEquals(
                0,
                run(
                        "--seeds",
                        "3..4",
                        "--scenarios",
                        "coldstart",
                        "--second-given",
                        "--json",
                        "--write",
                        "" + directory),
                err::toString);
        List<String> lines = out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("\"who\":\"noonmark-given\""))
                .toList();
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(
                lines.getLast().startsWith("{\"bench\":\"coldstart.4\",\"who\":\"noonmark-given\",\"n\":3600.0,"),
                lines::getLast);
        assertTrue(lines.getLast().contains("\"t10us_s\":3.0,"), lines::getLast);
        assertTrue(lines.getLast().contains("\"over\":0.0,"), lines::getLast);
        assertTrue(Files.readString(directory.resolve("coldstart.3.csv")).startsWith("# scenario=coldstart seed=3\n"));
    }

    @Test
    void saysWhatIsWrongWithItsArguments() {
        assertEquals(2, run("--seeds", "one"));
        assertEquals(2, run("--seeds"));
        assertEquals(2, run("--seeds", "1", "--scenarios", "gale"));
        assertEquals(2, run("--fast"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("no scenario is called 'gale'"), err::toString);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("not 'one'"), err::toString);
    }

    /** A clock that is 300 ns off for the first half of what counts and 100 ns ahead after, beyond a second for the first 5 s. */
    @Test
    void scoresByTheDefinitions() {
        double[] errors = new double[200];
        for (int k = 0; k < errors.length; k++) {
            errors[k] = k < 5 ? 2e9 : k < 150 ? -300 : 100;
        }
        List<Trace.Row> rows = IntStream.range(0, 200)
                .mapToObj(_ -> new Trace.Row(0, OptionalDouble.empty(), 0, 50, OptionalInt.empty(), 0))
                .toList();
        String line = new ClockScore(new Trace("x.1", 0, List.of(), rows), errors)
                .line("me")
                .text();
        assertTrue(line.startsWith("bench=x.1 who=me n=200 rms_us=0.2236 max_us=0.3000 "), line);
        assertTrue(line.contains(" mean_us=-0.1000 "), line);
        assertTrue(line.endsWith(" t10us_s=5 t1us_s=5"), line);
    }

    private int run(String... args) {
        return ClockBench.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
