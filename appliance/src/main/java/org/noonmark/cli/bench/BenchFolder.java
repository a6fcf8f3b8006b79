package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder for the files of one measurement, which goes with them. */
record BenchFolder(Path path) implements AutoCloseable {
    static BenchFolder create(String purpose) throws IOException {
        return new BenchFolder(Files.createTempDirectory("noonmark-bench-" + purpose));
    }

    Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(path);
    }
}
