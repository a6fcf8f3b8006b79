package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What owners of chrony.conf files read when they bring them along. */
class OldFilesTest {
    /** Files of others, beside the repository; not part of it for their licences. */
    private static final Path CORPUS =
            Path.of("../../shared/corpus/config/chrony").normalize();

    @Test
    void everyLineOfEveryFileIsHonouredOrRefusedByName() throws IOException {
        assumeTrue(Files.isDirectory(CORPUS), CORPUS + " is absent");
        List<Path> files = configurations();
        assertTrue(files.size() >= 15, files.toString());
        for (Path file : files) {
            String text = Files.readString(file);
            ConfigReading reading = Readings.of(text);
            reading.problems().forEach(Readings::assertComplete);
            assertFalse(reading.problems().toString().contains("unknown directive"), file + ": " + reading.problems());
            assertEveryStatementIsKnown(file, text);
        }
    }

    /** Examples in comments are statements too, once their owner removes the mark. */
    @Test
    void everyExampleOfChronysSampleFileIsHonouredOrRefusedByName() throws IOException {
        Path sample = CORPUS.resolve("upstream-example3.conf");
        assumeTrue(Files.exists(sample), sample + " is absent");
        List<String> examples = Files.readAllLines(sample).stream()
                .filter(line -> line.startsWith("! ") && !line.equals("! a comment"))
                .map(line -> line.substring(2))
                .toList();
        assertTrue(examples.size() > 40, examples.toString());
        for (String example : examples) {
            List<String> errors = Readings.errors(example);
            assertTrue(
                    errors.stream()
                            .allMatch(error -> error.contains("not supported")
                                    || error.contains("cannot be read")
                                    || error.contains("that goes with it")),
                    errors.toString());
        }
    }

    @Test
    void aMinimalFileIsReadAsItIs() throws IOException {
        try (InputStream in = OldFilesTest.class.getResourceAsStream("hassio-addon.conf")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(2, Readings.config(text).accessRules().size());
        }
    }

    /** A Raspberry Pi with gpsd as how-tos describe it. */
    @Test
    void aServerThatGpsdFeedsIsReadAsItIs() {
        ApplianceConfig config = Readings.config("""
                refclock SHM 0 refid NMEA offset 0.1 delay 0.2 noselect
                refclock SHM 1 refid SPPS precision 1e-7
                refclock PPS /dev/pps0 refid PPS lock NMEA poll 3
                """);
        assertEquals(
                List.of("NMEA", "SPPS", "PPS"),
                config.referenceClocks().stream()
                        .map(ReferenceClockConfig::referenceId)
                        .toList());
        assertEquals(List.of(), config.receivers());
    }

    @Test
    void aReceiversOwnPulsesAreNoClockOfTheirOwn() {
        ApplianceConfig config = Readings.config("""
                receiver /dev/serial0 refid NMEA
                refclock PPS /dev/pps0 refid PPS lock NMEA
                refclock SHM 0
                """);
        assertEquals(1, config.referenceClocks().size());
        assertEquals("SHM1", config.referenceClocks().getFirst().referenceId());
        assertTrue(config.receivers().getFirst().pulse().isPresent());
    }

    /** Directives joined to one line, as pages lose their line ends in copying. */
    @Test
    void directivesJoinedToOneLineAreToldApart() {
        assertEquals(
                List.of(
                        "/n.conf:1: 'allow' is one word too many for 'allow': it is a directive, write it on a line of its own",
                        "/n.conf:2: 'rtcsync' is one word too many for 'makestep': it is a directive, write it on a line of its"
                                + " own"),
                Readings.errors("allow 192.168.1.0/24 allow 10.0.0.0/8\nmakestep 1.0 3 rtcsync"));
    }

    private static List<Path> configurations() throws IOException {
        try (Stream<Path> files = Files.walk(CORPUS)) {
            return files.filter(file -> file.toString().matches(".*(\\.conf|\\.disabled|\\.gps0)"))
                    .sorted()
                    .toList();
        }
    }

    private static void assertEveryStatementIsKnown(Path file, String text) {
        List<Statement> statements = new ArrayList<>();
        ProblemList problems = new ProblemList("/x");
        new FileWalk(new MapConfigFiles().with("/x", text), statements::add, problems).read("/x");
        for (Statement statement : statements) {
            assertTrue(Directives.named(statement.name()).isPresent(), file + ": " + statement);
        }
        assertTrue(statements.size() + problems.toList().size() > 0, file + " has no statement");
    }
}
