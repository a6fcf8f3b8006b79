package org.noonmark.app;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.noonmark.discipline.CoreEvent;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.TimingOptions;
import org.tinylog.Logger;

/**
 * What the timing core was told and what it decided, line by line, packed with gzip: {@link JournalReplay} tells it to another core. A
 * journal that cannot be written ends with a warning; the daemon goes on. Used by the timing thread.
 */
final class Journal implements AutoCloseable {
    static final String HEADER = "noonmark-journal 1";

    /** Power may go at any moment: what is older than this many lines, about half a minute, can be unpacked then. */
    private static final int LINES_TO_FLUSH = 150;

    private static final int PACKED_BYTES = 4096;

    private final String name;
    private Writer out;
    private int lines;

    private Journal(String name, Writer out) {
        this.name = name;
        this.out = out;
    }

    /** A journal of nothing. */
    static Journal none() {
        return new Journal("", Writer.nullWriter());
    }

    /**
     * A journal in {@code file}; one that is there already becomes FILE.old. Where that fails it is logged, and nothing is recorded.
     *
     * @param build the program that writes it
     * @param frequencyInForcePpb what the core is made with, besides {@code options}
     */
    static Journal in(Path file, Build build, TimingOptions options, double frequencyInForcePpb) {
        Writer out;
        try {
            if (Files.exists(file)) {
                Files.move(file, Path.of(file + ".old"), StandardCopyOption.REPLACE_EXISTING);
            }
            out = new BufferedWriter(new OutputStreamWriter(
                    new GZIPOutputStream(Files.newOutputStream(file), PACKED_BYTES, true), StandardCharsets.UTF_8));
        } catch (IOException e) {
            Logger.warn(
                    "{}: nothing is recorded there: {}; the service may write in /run/noonmark", file, e.toString());
            return none();
        }
        Journal journal = new Journal(file.toString(), out);
        journal.line(HEADER);
        journal.line("# noonmark " + build.version());
        StringBuilder core = new StringBuilder("core");
        RecordText.append(core, frequencyInForcePpb);
        RecordText.append(core, options);
        journal.line(core.toString());
        return journal;
    }

    /** The core was told {@code event} and answered {@code correction}. */
    void note(CoreEvent event, Correction correction) {
        line(text(event, correction));
    }

    static String text(CoreEvent event, Correction correction) {
        StringBuilder line = new StringBuilder(wordFor(event.getClass()));
        RecordText.append(line, event);
        return line.append(" > ").append(text(correction)).toString();
    }

    static String text(Correction correction) {
        StringBuilder text = new StringBuilder(wordFor(correction.getClass()));
        RecordText.append(text, correction);
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
            Logger.warn("{}: {}: the recording ends here", name, e.getMessage());
            close();
        }
    }

    @Override
    public void close() {
        try (Writer finished = out) {
            out = Writer.nullWriter();
            finished.flush();
        } catch (IOException e) {
            Logger.warn("{}: {}: the end of the recording is lost", name, e.getMessage());
        }
    }
}
