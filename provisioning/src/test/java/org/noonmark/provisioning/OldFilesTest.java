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

    /** A Raspberry Pi with gpsd as how-tos describe it: one receiver line replaces gpsd's clocks, the pulses keep their line. */
    @Test
    void aServerThatGpsdFeedsLearnsStepByStepWhatToWrite() {
        assertEquals(
                List.of(
                        "/n.conf:1: 'refclock SHM' is not supported yet: stop gpsd and write 'receiver /dev/serial0 refid NMEA';"
                                + " Noonmark reads the receiver itself",
                        "/n.conf:2: 'refclock SHM' is not supported yet: remove the line; one 'receiver' line stands for all that"
                                + " gpsd hands over",
                        "/n.conf:3: option 'precision 1e-7' of 'refclock' is not supported yet: remove it; Noonmark measures it",
                        "/n.conf:3: pulses of '/dev/pps0' name no receiver that numbers them: add 'lock NMEA', the refid of the"
                                + " 'receiver' line"),
                Readings.errors("""
                        refclock SHM 0 refid NMEA offset 0.1 delay 0.2 noselect
                        refclock SHM 1 refid SPPS
                        refclock PPS /dev/pps0 refid PPS precision 1e-7
                        """));
        assertEquals(List.of(), Readings.errors("""
                receiver /dev/serial0 refid NMEA
                refclock PPS /dev/pps0 refid PPS lock NMEA
                """));
    }

    @Test
    void theReceiverTakesThePlaceOfTheClockThatPulsesLockTo() {
        List<String> errors = Readings.errors("""
                refclock PPS /dev/pps0 refid PPS0 lock PSM0
                refclock SHM 0 refid GPS0 noselect
                refclock SOCK /run/chrony.pps0.sock refid PSM0
                """);
        assertEquals(2, errors.size(), errors.toString());
        assertTrue(
                errors.get(0).endsWith("one 'receiver' line stands for all that gpsd hands over"), errors.toString());
        assertTrue(errors.get(1).contains("write 'receiver /dev/serial0 refid PSM0'"), errors.toString());
    }

    @Test
    void otherClocksAreRefusedForWhatTheyAre() {
        List<String> errors = Readings.errors("receiver /dev/serial0\nrefclock PHC /dev/ptp0 poll 0\nrefclock SHM 0");
        assertEquals(
                List.of(
                        "/n.conf:2: 'refclock PHC' is not supported yet: remove the line; clocks of network cards are not read",
                        "/n.conf:3: 'refclock SHM' is not supported yet: remove the line; one 'receiver' line stands for all that"
                                + " gpsd hands over"),
                errors);
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
