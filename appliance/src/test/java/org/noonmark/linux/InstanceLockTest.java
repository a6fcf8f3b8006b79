package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceLockTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void writesThisProcessForTheNextOneToShow() throws IOException {
        Path file = folder.resolve("noonmark.lock");

        try (InstanceLock _ = InstanceLock.acquire(file, 4711)) {
            assertEquals("4711\n", Files.readString(file));
        }
    }

    @Test
    void refusesASecondInstanceAndShowsTheFirst() throws IOException {
        Path file = folder.resolve("noonmark.lock");
        try (InstanceLock _ = InstanceLock.acquire(file, 4711)) {
            var refusal = assertThrows(InstanceLock.HeldException.class, () -> InstanceLock.acquire(file, 4712));

            assertEquals(
                    "noonmark runs already, as process 4711 (it holds " + file
                            + "); stop it first, or give this one other ports, socket and state",
                    refusal.getMessage());
            assertEquals("4711\n", Files.readString(file));
        }
    }

    @Test
    void refusesASecondProcess() throws Exception {
        Path file = folder.resolve("noonmark.lock");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        InstanceLockTest.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = other.inputReader()) {
            assertEquals("held", out.readLine());

            var refusal = assertThrows(InstanceLock.HeldException.class, () -> InstanceLock.acquire(file, 1));

            assertTrue(String.valueOf(refusal.getMessage()).contains("as process " + other.pid()), refusal.toString());
        } finally {
            other.destroyForcibly().waitFor();
        }
        InstanceLock.acquire(file, 1).close();
    }

    /** The other process: takes the lock and keeps it until it is killed. */
    public static void main(String[] arguments) throws Exception {
        try (InstanceLock _ = InstanceLock.acquire(
                Path.of(arguments[0]), ProcessHandle.current().pid())) {
            System.out.println("held");
            Thread.currentThread().join();
        }
    }

    @Test
    void takesOverTheFileOfAnInstanceThatHasEnded() throws IOException {
        Path file = Files.writeString(folder.resolve("noonmark.lock"), "123456789\n");

        InstanceLock.acquire(file, 7).close();

        assertEquals("7\n", Files.readString(file));
    }

    @Test
    void namesTheDirectoryThatIsMissing() {
        Path file = folder.resolve("none").resolve("noonmark.lock");

        IOException refusal = assertThrows(IOException.class, () -> InstanceLock.acquire(file, 1));

        assertEquals(
                "cannot make " + file + ": its directory does not exist; make it, or name another",
                refusal.getMessage());
    }
}
