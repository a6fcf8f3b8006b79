package org.noonmark.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.Learned;
import org.noonmark.provisioning.DriftFile;
import org.tinylog.Logger;

/**
 * Keeps the clock's frequency over a restart, in chrony's form: one line, the frequency in ppm (positive: the clock gains, as
 * chronyc reports "fast") and its uncertainty. Beside it, in a file of the same name and ".learned", all else that was learned of the
 * crystal. Written rarely, and each as a whole: a power cut leaves the old file or the new one.
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

    /** First word of the second file; another form gets another number. */
    private static final String LEARNED_FORM = "noonmark-learned-2";

    /** A drift file that is so far from what was learned comes from elsewhere: warmth explains less. */
    private static final double OWN_PPB = 5_000;

    /** What was learned, and of which board: a card may be put into another one, whose crystal is neither as fast nor as quiet. */
    record Saved(String board, Learned learned) {}

    private final String board;
    private final Path path;
    private final Path learnedPath;
    private final long intervalNanos;
    private long lastSavedMonotonicNanos;
    private boolean failed;

    /** {@code board} is the number that no other board has; empty where it has none. */
    DriftStore(DriftFile config, String board, long nowMonotonicNanos) {
        this.board = board;
        path = Path.of(config.path());
        learnedPath = path.resolveSibling(path.getFileName() + ".learned");
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
                if (isOfAnotherBoard()) {
                    Logger.info("{}: of another board: the frequency is learned from the pulses", path);
                    return Optional.empty();
                }
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

    /** All else that an earlier run left; empty when there is nothing usable, or when it does not belong to {@code drift}. */
    Optional<Learned> loadLearned(Drift drift) {
        try {
            Optional<Learned> own = saved().map(Saved::learned)
                    .filter(learned ->
                            learned.isSane() && Math.abs(learned.frequencyPpb() - drift.correctionPpb()) < OWN_PPB);
            if (own.isEmpty()) {
                Logger.warn(
                        "{}: not what this program has learned of this clock: it is ignored and will be written anew",
                        learnedPath);
            }
            return own;
        } catch (NoSuchFileException e) {
            // Nothing learned yet, or a drift file of chrony's.
        } catch (IOException | RecordText.MismatchException e) {
            Logger.warn(
                    "{}: it cannot be read ({}): it is ignored and will be written anew", learnedPath, e.getMessage());
        }
        return Optional.empty();
    }

    /** Empty when the file is of another form. */
    private Optional<Saved> saved() throws IOException, RecordText.MismatchException {
        String text = Files.readString(learnedPath).strip();
        Iterator<String> words = List.of(text.split(" ", -1)).iterator();
        return words.next().equals(LEARNED_FORM) ? Optional.of(RecordText.read(Saved.class, words)) : Optional.empty();
    }

    /** What stands beside the frequency says whose both are; what cannot be read says nothing. */
    private boolean isOfAnotherBoard() {
        try {
            return saved().filter(saved -> !saved.board().equals(board)).isPresent();
        } catch (IOException | RecordText.MismatchException e) {
            return false;
        }
    }

    /** Saves when the interval is over and the frequency is known. */
    void onTick(ClockStatus status, Supplier<Optional<Learned>> learned, long nowMonotonicNanos) {
        if (nowMonotonicNanos - lastSavedMonotonicNanos >= intervalNanos) {
            lastSavedMonotonicNanos = nowMonotonicNanos;
            save(status, learned.get());
        }
    }

    /** Saves now, if the frequency is known. */
    void save(ClockStatus status, Optional<Learned> learned) {
        if (!status.state().isSynchronised()) {
            return;
        }
        double correctionPpb = status.frequencyPpb();
        String line =
                String.format(Locale.ROOT, "%.6f %.6f\n", -correctionPpb / PPB_PER_PPM, status.skewPpb() / PPB_PER_PPM);
        try {
            DurableFile.replace(path, line, DurableFile.PUBLIC);
            if (learned.isPresent()) {
                StringBuilder text = new StringBuilder(LEARNED_FORM);
                RecordText.append(text, new Saved(board, learned.get()));
                DurableFile.replace(learnedPath, text.append('\n').toString(), DurableFile.PUBLIC);
            }
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
}
