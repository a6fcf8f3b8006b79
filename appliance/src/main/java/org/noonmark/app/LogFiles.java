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
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.noonmark.linux.LinuxTime;
import org.noonmark.status.LogBook;
import org.noonmark.status.LogFile;
import org.tinylog.Logger;

/**
 * The thread that writes chrony's log files: opened for each batch of lines, so that who moves a file away for good need tell nobody. What a slow
 * disk does not take in time is lost; the log is told, not more often than once a minute.
 */
final class LogFiles implements Runnable {
    private static final int MOST_WAITING = 10_000;
    private static final long MOST_BYTES = 4 << 20;
    private static final long TOLD_NANOS = 60_000_000_000L;

    private final Path directory;
    private final int bannerEntries;
    private final BlockingQueue<LogBook.Line> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Map<LogFile, Long> written = new EnumMap<>(LogFile.class);
    private final LongSupplier monotonicNanos;
    private final Consumer<String> complaints;
    private boolean told;
    private long lost;
    private long toldLost;
    private long toldLostNanos = Long.MIN_VALUE / 2;

    /** @param bannerEntries lines from one banner to the next; 0: none is written */
    LogFiles(Path directory, int bannerEntries) {
        this(directory, bannerEntries, LinuxTime::monotonicNanos, Logger::warn);
    }

    /** @param complaints who is told of what is lost, in a sentence */
    LogFiles(Path directory, int bannerEntries, LongSupplier monotonicNanos, Consumer<String> complaints) {
        this.directory = directory;
        this.bannerEntries = bannerEntries;
        this.monotonicNanos = monotonicNanos;
        this.complaints = complaints;
    }

    /** Any thread may; none is held up for longer than another takes for the same. */
    synchronized void add(List<LogBook.Line> lines) {
        for (LogBook.Line line : lines) {
            lost += waiting.offer(line) ? 0 : 1;
        }
        if (lost != toldLost && monotonicNanos.getAsLong() - toldLostNanos >= TOLD_NANOS) {
            complaints.accept((lost - toldLost) + " lines of the log files in " + directory
                    + " are lost, as its disk is too slow or stands still: put 'logdir' elsewhere, or log less");
            toldLost = lost;
            toldLostNanos = monotonicNanos.getAsLong();
        }
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
