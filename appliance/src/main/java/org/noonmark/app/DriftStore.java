package org.noonmark.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.provisioning.DriftFile;
import org.tinylog.Logger;

/**
 * Keeps the clock's frequency over a restart, in chrony's form: one line, the frequency in ppm (positive: the clock gains, as
 * chronyc reports "fast") and its uncertainty. Written rarely, and as a whole: a power cut leaves the old file or the new one.
 */
final class DriftStore {
    private static final double PPB_PER_PPM = 1_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * A saved frequency.
     *
     * @param correctionPpb what the clock needs: positive when its crystal is slow
     * @param sigmaPpb its uncertainty
     */
    record Drift(double correctionPpb, double sigmaPpb) {}

    private final Path path;
    private final long intervalNanos;
    private long lastSavedMonotonicNanos;
    private boolean failed;

    DriftStore(DriftFile config, long nowMonotonicNanos) {
        path = Path.of(config.path());
        intervalNanos = config.intervalSeconds() * NANOS_PER_SECOND;
        lastSavedMonotonicNanos = nowMonotonicNanos;
    }

    /** What an earlier run left; empty, with a word in the log, when there is nothing usable. */
    Optional<Drift> load() {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isWritable(folder)) {
            Logger.warn("{}: the drift file cannot be written: check the directory and its owner", path);
        }
        try {
            String[] words = Files.readString(path).strip().split("\\s+", -1);
            if (words.length == 2) {
                double ppm = Double.parseDouble(words[0]);
                double sigma = Double.parseDouble(words[1]);
                if (Math.abs(ppm) <= 500 && sigma >= 0 && Double.isFinite(sigma)) {
                    return Optional.of(new Drift(-ppm * PPB_PER_PPM, sigma * PPB_PER_PPM));
                }
            }
            Logger.warn("{}: not a drift file (two numbers, ppm): it is ignored and will be written anew", path);
        } catch (NoSuchFileException e) {
            Logger.info("{}: no drift file yet: the frequency is learned from the pulses", path);
        } catch (IOException | NumberFormatException e) {
            Logger.warn("{}: the drift file cannot be read ({}): it is ignored", path, e.getMessage());
        }
        return Optional.empty();
    }

    /** Saves when the interval is over and the frequency is known. */
    void onTick(ClockStatus status, long nowMonotonicNanos) {
        if (nowMonotonicNanos - lastSavedMonotonicNanos >= intervalNanos) {
            lastSavedMonotonicNanos = nowMonotonicNanos;
            save(status);
        }
    }

    /** Saves now, if the frequency is known. */
    void save(ClockStatus status) {
        if (!status.state().isSynchronised()) {
            return;
        }
        double correctionPpb = status.frequencyPpb();
        String line =
                String.format(Locale.ROOT, "%.6f %.6f\n", -correctionPpb / PPB_PER_PPM, status.skewPpb() / PPB_PER_PPM);
        try {
            replace(line);
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                Logger.warn(
                        "{}: the drift file cannot be written ({}): check the directory and its owner",
                        path,
                        e.getMessage());
            }
            failed = true;
        }
    }

    private void replace(String line) throws IOException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        Files.write(unfinished, line.getBytes(StandardCharsets.US_ASCII));
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            // Without this a power cut may leave the new name with no content.
            channel.force(true);
        }
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
