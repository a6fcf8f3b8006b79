package org.noonmark.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NtsClientSetupTest {
    private static final int KE_PORT = 4460;

    @TempDir
    private Path etc;

    @Test
    void theScriptConfiguresChronyAndASecondRunChangesNothing() throws Exception {
        Files.createDirectories(etc.resolve("chrony/conf.d"));
        Path file = etc.resolve("chrony/conf.d/noonmark.conf");
        assertEquals(0, run(NtsClientSetup.Client.CHRONY, "time.local", KE_PORT));
        assertEquals(0, run(NtsClientSetup.Client.CHRONY, "time.local", KE_PORT));
        assertEquals("server time.local nts iburst\n", Files.readString(file));
    }

    @Test
    void whatIsAppendedIsAppendedOnce() throws Exception {
        Path file = Files.createDirectories(etc.resolve("ntpd-rs")).resolve("ntp.toml");
        Files.writeString(file, "[synchronization]\n");
        assertEquals(0, run(NtsClientSetup.Client.NTPD_RS, "192.168.1.5", 14_460));
        assertEquals(0, run(NtsClientSetup.Client.NTPD_RS, "192.168.1.5", 14_460));
        assertEquals(
                List.of("[synchronization]", "", "[[source]]", "mode = \"nts\"", "address = \"192.168.1.5:14460\""),
                Files.readAllLines(file));
    }

    @Test
    void aClientWithOtherFoldersIsLeftAsItIs() throws Exception {
        assertNotEquals(0, run(NtsClientSetup.Client.NTPSEC, "time.local", KE_PORT));
        try (var left = Files.list(etc)) {
            assertTrue(left.findAny().isEmpty());
        }
    }

    /** Runs the script by sh, on files in a folder of the test's, and restarts nothing. */
    private int run(NtsClientSetup.Client client, String server, int port) throws IOException, InterruptedException {
        List<String> lines = new NtsClientSetup(client, server, port, Optional.empty())
                .script()
                .lines()
                .toList();
        assertTrue(lines.getLast().startsWith("systemctl restart"), lines.getLast());
        String script = String.join("\n", lines.subList(0, lines.size() - 1)).replace("/etc/", etc + "/") + "\n";
        Process shell = new ProcessBuilder("sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return shell.waitFor();
    }
}
