package org.noonmark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UpdateCommandTest {
    @TempDir
    private Path folder;

    private Path script;

    @BeforeEach
    void makeScript() throws Exception {
        script = folder.resolve("update");
        Files.writeString(script, "#!/bin/sh\necho \"$@\" >" + folder.resolve("words") + "\nexit 5\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void theScriptIsGivenTheWordsAndEndsTheCommandWithItsCode() throws Exception {
        assertEquals(5, run("a b.raucb"));
        assertEquals("install a b.raucb\n", words());
        assertEquals(5, run("--without-lock", "https://example.org/x.raucb"));
        assertEquals("install https://example.org/x.raucb --without-lock\n", words());
        assertEquals(5, run("status"));
        assertEquals("status\n", words());
        assertEquals(5, run("status", "--json"));
        assertEquals("status --json\n", words());
    }

    @Test
    void withoutABundleNothingIsDone() throws Exception {
        assertEquals(ExitCode.USAGE, run());
        assertFalse(Files.exists(folder.resolve("words")));
    }

    @Test
    void aMachineWithoutTheScriptSaysThatItIsNoSuchBox() {
        StringWriter err = new StringWriter();
        assertEquals(
                ExitCode.UNAVAILABLE,
                Noonmark.commandLine().setErr(new PrintWriter(err, true)).execute("update", "status"));
        assertTrue(err.toString().contains("this machine has no /usr/lib/noonmark/update"), err.toString());
    }

    private String words() throws Exception {
        return Files.readString(folder.resolve("words"));
    }

    private int run(String... arguments) {
        return new CommandLine(new UpdateCommand(script).spec())
                .setErr(new PrintWriter(new StringWriter()))
                .execute(arguments);
    }
}
