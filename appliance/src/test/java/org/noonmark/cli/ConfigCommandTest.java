package org.noonmark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("n.conf");
    }

    @Test
    void aGoodFileHasNoProblems() throws IOException {
        Files.writeString(file, "receiver /dev/serial0 pps /dev/pps0\nallow 10/8\n");
        assertEquals(ExitCode.OK, run("config", "check", file.toString()));
        assertEquals(file + ": no problems\n", out.toString());
    }

    @Test
    void aFileWithWarningsCanBeUsed() throws IOException {
        Files.writeString(file, "receiver /dev/serial0\nallow 10/8\n");
        assertEquals(ExitCode.OK, run("config", "check", file.toString()));
        assertTrue(out.toString().endsWith(file + ": 0 errors, 1 warning\n"), out.toString());
    }

    @Test
    void everyProblemOfABadFileIsReported() throws IOException {
        Files.writeString(file, "alow\nclockprecision 1e-7\nreceiver /dev/serial0 pps /dev/pps0\nallow\n");
        assertEquals(ExitCode.CONFIGURATION, run("config", "check", file.toString()));
        assertEquals(
                file + ":1: unknown directive 'alow': did you mean 'allow'?\n" + file
                        + ":2: 'clockprecision' is not supported yet: remove the line; it is measured at the start\n"
                        + file + ": 2 errors, 0 warnings\n",
                out.toString());
    }

    @Test
    void unreadableFilesAreNamed() throws IOException {
        Files.writeString(file, "include " + directory + "\nconfdir " + file + "\nallow\n");
        assertEquals(ExitCode.CONFIGURATION, run("config", "check", file.toString()));
        assertTrue(out.toString().contains("'" + directory + "' cannot be read, it is a directory"), out.toString());
        assertTrue(out.toString().contains("'" + file + "' cannot be listed, it is not a directory"), out.toString());
        assertEquals(ExitCode.CONFIGURATION, run("config", "check", directory + "/none"));
        assertTrue(out.toString().contains("/none' cannot be read, no such file"), out.toString());
        assertEquals(ExitCode.CONFIGURATION, run("config", "check", "/dev/zero"));
        assertTrue(out.toString().contains("'/dev/zero' cannot be read, it is a device or a pipe"), out.toString());
    }

    @Test
    void refusesAFileLargerThanAMebibyte() throws IOException {
        Files.write(file, new byte[(1 << 20) + 1]);
        assertEquals(ExitCode.CONFIGURATION, run("config", "check", file.toString()));
        assertTrue(out.toString().contains("larger than 1 MiB"), out.toString());
    }

    @Test
    void dropInFilesAreReadFromTheDisk() throws IOException {
        Path dropIns = Files.createDirectory(directory.resolve("conf.d"));
        Files.writeString(dropIns.resolve("20-b.conf"), "port 5");
        Files.writeString(dropIns.resolve("10-a.conf"), "port 4");
        Files.writeString(file, "receiver /dev/serial0 pps /dev/pps0\nallow 10/8\nconfdir " + dropIns);
        assertEquals(ExitCode.OK, run("config", "show", file.toString()));
        assertTrue(out.toString().contains("# " + dropIns + "/20-b.conf:1\nport 5\n"), out.toString());
        assertTrue(out.toString().contains("# default\nmaxclockerror 1\n"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void showSaysWhyThereIsNothingToShow() throws IOException {
        Files.writeString(file, "alow\n");
        assertEquals(ExitCode.CONFIGURATION, run("config", "show", file.toString()));
        assertEquals("", out.toString());
        assertTrue(err.toString().contains("unknown directive 'alow'"), err.toString());
    }

    @Test
    void reportsAreJsonOnRequest() throws IOException {
        Files.writeString(file, "port 0\nreceiver /dev/serial0 pps /dev/pps0\nallow 10/8\n");
        assertEquals(ExitCode.OK, run("config", "check", "--json", file.toString()));
        JsonNode check = new ObjectMapper().readTree(out.toString());
        assertTrue(check.get("usable").asBoolean());
        assertEquals("warning", check.at("/problems/0/severity").asText());
        assertEquals(1, check.at("/problems/0/line").asInt());
        assertEquals("remove 'port 0'", check.at("/problems/0/cure").asText());
        assertEquals(ExitCode.OK, run("config", "show", "--json", file.toString()));
        JsonNode settings = new ObjectMapper().readTree(out.toString()).get("settings");
        assertTrue(settings.findValuesAsText("text").contains("allow 10/8"), settings.toString());
    }

    @Test
    void explainsDirectives() {
        assertEquals(ExitCode.OK, run("config", "explain", "MakeStep"));
        assertTrue(out.toString().startsWith("makestep THRESHOLD LIMIT\n"), out.toString());
        assertEquals(ExitCode.OK, run("config", "explain", "hwtimestamp"));
        assertTrue(out.toString().contains("Not supported yet: remove the line"), out.toString());
        assertEquals(ExitCode.OK, run("config", "explain"));
        assertTrue(out.toString().contains("    receiver "), out.toString());
        assertEquals(ExitCode.USAGE, run("config", "explain", "alow"));
        assertEquals("noonmark: no directive 'alow': did you mean 'allow'?\n", err.toString());
    }

    @Test
    void theSampleIsAcceptedByTheCheck() throws IOException {
        assertEquals(ExitCode.OK, run("config", "sample"));
        Files.writeString(
                file,
                out.toString()
                        .replace("/etc/noonmark/conf.d\n", directory + "\n")
                        .replace("confdir", "#confdir"));
        assertEquals(ExitCode.OK, run("config", "check", file.toString()));
        assertEquals(file + ": no problems\n", out.toString());
    }

    @Test
    void twoFilesAreAMistakeOfUsage() {
        assertEquals(ExitCode.USAGE, run("config", "check", "a", "b"));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Noonmark.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
