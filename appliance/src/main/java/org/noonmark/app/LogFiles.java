package org.noonmark.app;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.noonmark.status.LogBook;
import org.noonmark.status.LogFile;
import org.tinylog.Logger;

/**
 * The thread that writes chrony's log files: opened for each batch of lines, so that who moves a file away for good need tell nobody. What a slow
 * disk does not take in time is lost; the log is told once.
 */
final class LogFiles implements Runnable {
    private static final int MOST_WAITING = 10_000;
    private static final long MOST_BYTES = 4 << 20;

    private final Path directory;
    private final int bannerEntries;
    private final BlockingQueue<LogBook.Line> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Map<LogFile, Long> written = new EnumMap<>(LogFile.class);
    private boolean told;

    /** @param bannerEntries lines from one banner to the next; 0: none is written */
    LogFiles(Path directory, int bannerEntries) {
        this.directory = directory;
        this.bannerEntries = bannerEntries;
    }

    /** Any thread may; none is held up. */
    void add(List<LogBook.Line> lines) {
        lines.forEach(waiting::offer);
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                write(waiting.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The directory may be in memory, and nobody else may care: two files of each kind, and no more. */
    private static void makeRoom(Path path) throws IOException {
        if (Files.exists(path) && Files.size(path) > MOST_BYTES) {
            Files.move(path, path.resolveSibling(path.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void write(LogBook.Line line) {
        Path path = directory.resolve(line.file().name().toLowerCase(Locale.ROOT) + ".log");
        try {
            Files.createDirectories(directory);
            makeRoom(path);
            try (Writer out = Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                long before = written.merge(line.file(), 1L, Long::sum) - 1;
                if (bannerEntries != 0 && before % bannerEntries == 0) {
                    out.write(line.file().banner());
                }
                out.write(line.text() + "\n");
            }
        } catch (IOException e) {
            if (!told) {
                told = true;
                Logger.warn("{} is not written: {}; make {} writable, or remove 'log'", path, e.toString(), directory);
            }
        }
    }
}
