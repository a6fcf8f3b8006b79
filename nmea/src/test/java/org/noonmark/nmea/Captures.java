package org.noonmark.nmea;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;

/** The captures under src/test/resources/receivers. */
final class Captures {
    private Captures() {}

    static List<Path> all() {
        return list("gpsd", "pyubx2", "pynmeagps");
    }

    static List<Path> ofGpsd() {
        return list("gpsd");
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path gpsd(String name) {
        return root().resolve("gpsd").resolve(name);
    }

    static Path pyubx2(String name) {
        return root().resolve("pyubx2").resolve(name);
    }

    static GpsEra era(byte[] capture) {
        return new GpsEra(CaptureHeader.floor(capture, capture.length).orElse(LocalDate.of(2010, 1, 1)));
    }

    private static List<Path> list(String... directories) {
        return Stream.of(directories)
                .flatMap(directory -> {
                    try (Stream<Path> files = Files.list(root().resolve(directory))) {
                        return files
                                .filter(f -> f.toString().endsWith(".log")
                                        || f.toString().endsWith(".ubx"))
                                .sorted()
                                .toList()
                                .stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    private static Path root() {
        return Path.of("src", "test", "resources", "receivers");
    }
}
