package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.discipline.LeapSecondsList;

class LeapSecondsFileTest {
    @TempDir
    private Path folder;

    private static Optional<LeapSecondsList> read(Path file) {
        return LeapSecondsFile.read(new DiskConfigFiles(), file.toString());
    }

    @Test
    void readsAPublishedList() {
        Path file = Path.of("src/test/resources/leap-seconds/leap-seconds.list");

        assertEquals(37, read(file).orElseThrow().changes().getLast().taiMinusUtcSeconds());
    }

    @Test
    void runsWithoutAListThatCannotBeBelieved() throws IOException {
        assertEquals(Optional.empty(), read(folder.resolve("missing")));
        assertEquals(Optional.empty(), read(folder));
        assertEquals(Optional.empty(), read(Path.of("/dev/zero")));
        assertEquals(Optional.empty(), read(Files.writeString(folder.resolve("page"), "<html>404</html>\n")));
    }
}
