package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell that writes a file stands in for QEMU. */
class QemuTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    @Test
    void findsLinesInTheirOrderWithoutTheTerminalsCodes() throws Exception {
        try (Qemu qemu = start("printf 'one\\r\\n\\033[0;1;31mtwo\\033[0m\\nlogin: ' >\"$CON\"; sleep 60")) {
            assertEquals("two", qemu.awaitLine("^tw", LONG));
            assertEquals("login: ", qemu.awaitLine("login", LONG));
            assertEquals(List.of("one", "two"), qemu.console());
            AssertionError late = assertThrows(AssertionError.class, () -> qemu.awaitLine("one", SHORT));
            assertTells("no line with 'one'", late);
        }
    }

    @Test
    void stopsWaitingWhenTheKernelPanics() throws Exception {
        try (Qemu qemu = start("echo '[ 1.0] Kernel panic - not syncing: no root' >\"$CON\"; sleep 60")) {
            AssertionError end = assertThrows(AssertionError.class, () -> qemu.awaitLine("login", LONG));
            assertTells("no root", end);
            assertThrows(AssertionError.class, () -> qemu.awaitEnd(LONG));
        }
    }

    @Test
    void tellsWhatQemuSaidWhenItFails() throws Exception {
        try (Qemu qemu = start("echo 'no such machine'; exit 3")) {
            AssertionError end = assertThrows(AssertionError.class, () -> qemu.awaitLine("login", LONG));
            assertTells("ended with 3", end);
            assertTells("no such machine", end);
            assertThrows(AssertionError.class, () -> qemu.awaitEnd(LONG));
        }
    }

    @Test
    void findsTheLineWrittenJustBeforeTheEnd() throws Exception {
        try (Qemu qemu = start("echo 'job ended with 0' >\"$CON\"")) {
            qemu.awaitEnd(LONG);
            assertEquals("job ended with 0", qemu.awaitLine("job ended", LONG));
        }
    }

    @Test
    void endsOneThatIgnoresSigterm() throws Exception {
        Qemu qemu = start("trap '' TERM; echo up >\"$CON\"; while :; do sleep 1; done");
        qemu.awaitLine("up", LONG);
        qemu.close();
        qemu.close();
        assertThrows(AssertionError.class, () -> qemu.awaitEnd(SHORT), "ended by a signal");
    }

    private static void assertTells(String part, AssertionError error) {
        assertTrue(error.toString().contains(part), error.toString());
    }

    private Qemu start(String script) throws IOException {
        Path console = folder.resolve("console.log");
        return Qemu.start(List.of("sh", "-c", "CON=" + console + "; " + script), console);
    }
}
