package org.noonmark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ProvisionCommandTest {
    @TempDir
    Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void checksAFileUnderItsOwnName() throws IOException {
        Path file = directory.resolve("mine.toml");
        Files.writeString(file, "[system]\nhostnam = \"clock\"\n");
        assertEquals(ExitCode.CONFIGURATION, run("provision", "--check", file.toString()));
        assertTrue(
                out.toString()
                        .startsWith(file + ":2: refused: hostnam = 'clock' is unknown in [system]\n"
                                + "    did you mean 'hostname'?\n"),
                out.toString());
        assertTrue(out.toString().endsWith(file + ": 1 refused, 0 notes\n"), out.toString());
    }

    @Test
    void checksImagersFileByItsName() throws IOException {
        Path file = directory.resolve("rpi-preseed.toml");
        Files.writeString(file, "config_version = \"1.0\"\n[system]\nhostname = \"clock\"\n");
        assertEquals(ExitCode.OK, run("provision", "--check", file.toString()));
        assertTrue(out.toString().contains("Host name     clock\n"), out.toString());
    }

    @Test
    void theSampleIsAccepted() throws IOException {
        assertEquals(ExitCode.OK, run("provision", "--sample"));
        Path file = directory.resolve("noonmark.toml");
        Files.writeString(file, out.toString());
        out.getBuffer().setLength(0);
        assertEquals(ExitCode.OK, run("provision", "--check", file.toString()));
        assertTrue(out.toString().endsWith("no problems\n"), out.toString());
    }

    @Test
    void aMissingFileIsNamed() {
        assertEquals(
                ExitCode.NO_INPUT,
                run("provision", "--check", directory.resolve("none").toString()));
        assertTrue(err.toString().contains("none cannot be read"), err.toString());
    }

    @Test
    void aDataPartitionThatCannotBeWrittenCostsNoSettingOfThisBoot() throws IOException {
        Path boot = Files.createDirectory(directory.resolve("boot"));
        String toml = "[system]\nhostname = \"clock\"\n[ssh]\nauthorized_keys = \"ssh-ed25519 "
                + "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f a@b\"\n"
                + "[wifi]\nssid = \"net\"\npassword = \"correct horse\"\n";
        Files.writeString(boot.resolve("noonmark.toml"), toml);
        Files.writeString(boot.resolve("config.txt"), "arm_64bit=1\n");
        // A file where directories must be made: as good as read-only, for root too.
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.createFile(data.resolve("etc"));
        Path root = directory.resolve("root");
        int code = run("provision", "--boot", boot.toString(), "--data", data.toString(), "--root", root.toString());
        assertTrue(code != ExitCode.OK, "it is tried again at the next boot");
        assertEquals("clock\n", Files.readString(root.resolve("etc/hostname")));
        assertTrue(Files.exists(root.resolve("etc/ssh/authorized_keys.d/admin")));
        assertTrue(Files.exists(root.resolve("etc/wpa_supplicant/wpa_supplicant-wlan0.conf")));
        assertEquals(toml, Files.readString(boot.resolve("noonmark.toml")), "the password is kept nowhere else");
        assertEquals("arm_64bit=1\n", Files.readString(boot.resolve("config.txt")), "no reason for a restart");
    }

    @Test
    void appliesToATreeAlsoWhenLinesAreRefused() throws IOException {
        Path boot = Files.createDirectory(directory.resolve("boot"));
        Files.writeString(boot.resolve("noonmark.toml"), "[system]\nhostname = \"clock\"\ntimezone = 1\n");
        assertEquals(
                ExitCode.OK,
                run(
                        "provision",
                        "--boot",
                        boot.toString(),
                        "--data",
                        directory.resolve("data").toString(),
                        "--root",
                        directory.resolve("root").toString()));
        assertEquals("clock\n", Files.readString(directory.resolve("root/etc/hostname")));
        assertEquals("clock\n", Files.readString(directory.resolve("data/etc/hostname")));
        assertTrue(Files.readString(boot.resolve("noonmark-report.txt")).contains("line 3: timezone = 1"));
    }

    @Test
    void saysHowItIsUsed() {
        assertEquals(ExitCode.USAGE, run("provision", "--boot", "."));
        assertTrue(err.toString().contains("--boot DIR --data DIR --root DIR"), err.toString());
    }

    private int run(String... arguments) {
        CommandLine line = Noonmark.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
