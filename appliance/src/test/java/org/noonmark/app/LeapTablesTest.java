package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.discipline.LeapSecondsList;

class LeapTablesTest {
    private static final Path PUBLISHED = Path.of("src/test/resources/leap-seconds/leap-seconds.list");
    private static final Path ZONES = Path.of("src/test/resources/zoneinfo").toAbsolutePath();
    private static final long HALF_A_DAY = 43_200_000_000_000L;

    @TempDir
    private Path folder;

    private static LeapTables tables(Optional<Path> list, Optional<String> zone) {
        return new LeapTables(new DiskConfigFiles(), list.map(Path::toString), zone, ZONES, 0);
    }

    private static Optional<LeapSecondsList> read(Path file) {
        return tables(Optional.of(file), Optional.empty()).current();
    }

    @Test
    void readsAPublishedList() {
        assertEquals(37, read(PUBLISHED).orElseThrow().changes().getLast().taiMinusUtcSeconds());
    }

    @Test
    void runsWithoutAListThatCannotBeBelieved() throws IOException {
        assertEquals(Optional.empty(), read(folder.resolve("missing")));
        assertEquals(Optional.empty(), read(folder));
        assertEquals(Optional.empty(), read(Path.of("/dev/zero")));
        assertEquals(Optional.empty(), read(Files.writeString(folder.resolve("page"), "<html>404</html>\n")));
    }

    @Test
    void readsAZoneWithLeapSeconds() {
        LeapSecondsList zone =
                tables(Optional.empty(), Optional.of("right/UTC")).current().orElseThrow();
        assertEquals("time zone right/UTC", zone.name());
        assertEquals(37, zone.changes().getLast().taiMinusUtcSeconds());
    }

    @Test
    void runsWithoutAZoneThatIsNotThereOrHasNone() {
        assertEquals(
                Optional.empty(),
                tables(Optional.empty(), Optional.of("right/Mars")).current());
        assertEquals(
                Optional.empty(), tables(Optional.empty(), Optional.of("UTC")).current());
        assertEquals(
                Optional.empty(), tables(Optional.empty(), Optional.of("right")).current());
    }

    @Test
    void theListComesBeforeTheZoneWhichServesWithoutIt() {
        Optional<String> zone = Optional.of("right/UTC");
        assertEquals(
                LeapSecondsList.FILE_NAME,
                tables(Optional.of(PUBLISHED), zone).current().orElseThrow().name());
        assertTrue(tables(Optional.of(folder.resolve("missing")), zone)
                .current()
                .orElseThrow()
                .name()
                .startsWith("time zone"));
    }

    @Test
    void anUpdateIsReadTwiceADayWithoutARestart() throws IOException {
        Path list = folder.resolve("list");
        LeapTables tables = tables(Optional.of(list), Optional.empty());
        assertEquals(Optional.empty(), tables.current());
        Files.copy(PUBLISHED, list);
        assertEquals(Optional.empty(), tables.at(HALF_A_DAY - 1));
        assertTrue(tables.at(HALF_A_DAY).isPresent());
        Files.delete(list);
        assertTrue(tables.at(2 * HALF_A_DAY - 1).isPresent());
        assertEquals(Optional.empty(), tables.at(2 * HALF_A_DAY));
    }
}
