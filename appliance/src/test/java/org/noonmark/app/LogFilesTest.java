package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.status.LogBook;
import org.noonmark.status.LogFile;

@Timeout(60)
class LogFilesTest {
    private static final LogBook.Line LINE = new LogBook.Line(LogFile.TEMPCOMP, "a line");

    @TempDir
    Path directory = Path.of("unset");

    @Test
    void aFileThatHasGrownLargeMakesRoomForAnother() throws IOException, InterruptedException {
        Path path = Files.write(directory.resolve("tempcomp.log"), new byte[(4 << 20) + 1]);
        LogFiles files = new LogFiles(directory, 0);
        files.add(List.of(LINE, LINE));
        Thread thread = Thread.startVirtualThread(files);
        // Asked at once: between two questions the file may be moved away.
        while (path.toFile().length() != 14) {
            Thread.sleep(5);
        }
        thread.interrupt();
        thread.join();
        assertEquals("a line\na line\n", Files.readString(path));
        assertEquals((4 << 20) + 1, Files.size(directory.resolve("tempcomp.log.old")));
    }

    /** Nobody writes: a disk that stands still. */
    @Test
    void linesThatAreLostAreCountedAndToldOnceAMinute() {
        AtomicLong now = new AtomicLong();
        List<String> told = new ArrayList<>();
        LogFiles files = new LogFiles(directory, 0, now::get, told::add);
        files.add(Collections.nCopies(10_000, LINE));
        assertEquals(List.of(), told);
        files.add(List.of(LINE, LINE, LINE));
        files.add(List.of(LINE));
        now.set(59_000_000_000L);
        files.add(List.of(LINE));
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.getFirst().startsWith("3 lines of the log files"), told.getFirst());
        now.set(60_000_000_000L);
        files.add(List.of());
        assertTrue(told.getLast().startsWith("2 lines of the log files"), told.getLast());
        now.set(600_000_000_000L);
        files.add(List.of());
        assertEquals(2, told.size(), told.toString());
    }
}
