package org.noonmark.app;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.noonmark.discipline.CoreEvent;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.discipline.Witness;
import org.tinylog.Logger;

/**
 * What the timing core was told and what it decided, line by line, packed with gzip: {@link JournalReplay} tells it to another core. A
 * journal that cannot be written ends with a warning; the daemon goes on. Used by the timing thread.
 */
final class Journal implements AutoCloseable {
    /** A word of a witness, heard while the core decided on the event of the next line that is no such word. */
    record Heard(int witness, Optional<Witness.Testimony> said) {}

    /** What a core was made with. */
    record Start(double frequencyInForcePpb, int witnesses, TimingOptions options) {}

    static final String HEADER = "noonmark-journal 4";

    /** Power may go at any moment: what is older than this many lines, about half a minute, can be unpacked then. */
    private static final int LINES_TO_FLUSH = 150;

    private static final int PACKED_BYTES = 4096;

    private final Optional<Path> file;
    private Writer out = Writer.nullWriter();
    private int lines;

    /** A journal that is not open yet; without {@code file} one of nothing. */
    Journal(Optional<Path> file) {
        this.file = file;
    }

    /**
     * Begins the file; one that is there already becomes FILE.old. Where that fails it is logged, and nothing is recorded. What was
     * noted before is not in it, so nobody else's recording is moved away by a daemon that may not start.
     *
     * @param build the program that writes it
     * @param frequencyInForcePpb what the core is made with, besides {@code options}
     */
    void open(Build build, TimingOptions options, double frequencyInForcePpb) {
        if (file.isEmpty()) {
            return;
        }
        try {
            out = begin(file.get());
        } catch (IOException e) {
            Logger.warn(
                    "nothing is recorded in {}: {}; the service may write in /run/noonmark", file.get(), e.toString());
            return;
        }
        line(HEADER);
        line("# noonmark " + build.version());
        int witnesses = options.witnesses().size();
        line(text(new Start(frequencyInForcePpb, witnesses, options.with(it -> it.witnesses(List.of())))));
    }

    private static Writer begin(Path file) throws IOException {
        if (Files.exists(file)) {
            if (!Files.isRegularFile(file)) {
                throw new FileSystemException(file.toString(), null, "it is no file of recordings");
            }
            Files.move(file, Path.of(file + ".old"), StandardCopyOption.REPLACE_EXISTING);
        }
        return new BufferedWriter(new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file), PACKED_BYTES, true), StandardCharsets.UTF_8));
    }

    /** The witnesses that a core is to ask so that the recording has their words. */
    List<Witness> listeningTo(List<Witness> witnesses) {
        if (file.isEmpty()) {
            return witnesses;
        }
        List<Witness> overheard = new ArrayList<>();
        for (int i = 0; i < witnesses.size(); i++) {
            overheard.add(overheard(i, witnesses.get(i)));
        }
        return overheard;
    }

    private Witness overheard(int index, Witness witness) {
        return () -> {
            Witness.Testimony said = witness.testimony();
            line(text(new Heard(index, Optional.ofNullable(said))));
            return said;
        };
    }

    /** The core was told {@code event} and answered {@code correction}. */
    void note(CoreEvent event, Correction correction) {
        line(text(event, correction));
    }

    static String text(CoreEvent event, Correction correction) {
        return text((Record) event) + " > " + text((Record) correction);
    }

    static String text(Record value) {
        StringBuilder text = new StringBuilder(wordFor(value.getClass()));
        RecordText.append(text, value);
        return text.toString();
    }

    static String wordFor(Class<?> type) {
        return type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private void line(String text) {
        try {
            out.append(text).append('\n');
            lines++;
            if (lines % LINES_TO_FLUSH == 0) {
                out.flush();
            }
        } catch (IOException e) {
            Logger.warn("the recording in {} ends here: {}", file, e.getMessage());
            close();
        }
    }

    @Override
    public void close() {
        try (Writer finished = out) {
            out = Writer.nullWriter();
            finished.flush();
        } catch (IOException e) {
            Logger.warn("the end of the recording in {} is lost: {}", file, e.getMessage());
        }
    }
}
