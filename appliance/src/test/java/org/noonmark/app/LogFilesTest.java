package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        while (!Files.exists(path) || Files.size(path) != 14) {
            Thread.sleep(5);
        }
        thread.interrupt();
        thread.join();
        assertEquals("a line\na line\n", Files.readString(path));
        assertEquals((4 << 20) + 1, Files.size(directory.resolve("tempcomp.log.old")));
    }
}
