package org.noonmark.app;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.CoreEvent;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.TimingCore;
import org.noonmark.discipline.Witness;

/** Tells a core what a {@link Journal} says that another one was told, and holds its decisions against those that were recorded. */
public final class JournalReplay {
    /** Told after each event from the first on that says what the clock shows; the status is the new core's. */
    @FunctionalInterface
    public interface Observer {
        /** Line {@code line} of the journal was replayed. */
        void onEvent(int line, ClockStatus status);
    }

    /**
     * How it went.
     *
     * @param events that were replayed
     * @param decisions those of them after which something was to be done to the clock
     * @param differing decisions that are not the recorded ones
     * @param firstDifference the first of them as one line; empty when there is none
     * @param cutOff whether the journal ends in the middle, as after a loss of power
     */
    public record Outcome(long events, long decisions, long differing, String firstDifference, boolean cutOff) {}

    /** The file is no journal that this version can read; the message names file, line and reason. */
    public static final class UnreadableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreadableException(Path file, int line, String why) {
            super(String.format(Locale.ROOT, "%s:%d: %s", file, line, why));
        }
    }

    /** The options with the longest list of leap seconds that is read are shorter. */
    private static final int LONGEST_LINE = 1 << 20;

    /** Far more than a daemon has. */
    private static final int MOST_WITNESSES = 1_000;

    private final Path file;
    private final Observer observer;
    /** What each witness said to the recorded core on the event that is replayed next. */
    private final List<Deque<Optional<Witness.Testimony>>> said = new ArrayList<>();

    private @Nullable TimingCore core;
    private int line;
    private long events;
    private long decisions;
    private long differing;
    private String firstDifference = "";

    private JournalReplay(Path file, Observer observer) {
        this.file = file;
        this.observer = observer;
    }

    /**
     * Replays {@code file} from start to end.
     *
     * @throws IOException when it cannot be read
     */
    public static Outcome run(Path file, Observer observer) throws IOException {
        JournalReplay replay = new JournalReplay(file, observer);
        boolean cutOff = false;
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            replay.header(replay.next(lines));
            for (String text = replay.next(lines); text != null; text = replay.next(lines)) {
                replay.line(text);
            }
        } catch (EOFException e) {
            cutOff = true;
        } catch (ZipException e) {
            throw new UnreadableException(
                    file, replay.line + 1, "this is no recording, or a damaged one: " + e.getMessage());
        }
        return new Outcome(replay.events, replay.decisions, replay.differing, replay.firstDifference, cutOff);
    }

    /** The next line, null at the end. What unpacks to a line without end must not fill the memory. */
    private @Nullable String next(BufferedReader lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int character = lines.read(); character != '\n'; character = lines.read()) {
            if (character < 0) {
                return text.isEmpty() ? null : text.toString();
            }
            if (text.length() == LONGEST_LINE) {
                throw new UnreadableException(
                        file, line + 1, "the line is longer than any that Noonmark writes: this is no recording of it");
            }
            text.append((char) character);
        }
        return text.toString();
    }

    private void header(@Nullable String text) throws UnreadableException {
        line = 1;
        if (!Journal.HEADER.equals(text)) {
            throw new UnreadableException(
                    file, line, "this is no recording of this version: it must begin with '" + Journal.HEADER + "'");
        }
    }

    private void line(String text) throws UnreadableException {
        line++;
        if (text.startsWith("#")) {
            return;
        }
        try {
            Iterator<String> words = Arrays.asList(text.split(" ", -1)).iterator();
            String first = words.next();
            if (first.equals(Journal.wordFor(Journal.Start.class))) {
                start(RecordText.read(Journal.Start.class, words));
            } else if (first.equals(Journal.wordFor(Journal.Heard.class))) {
                heard(RecordText.read(Journal.Heard.class, words));
            } else {
                event(first, words, text);
            }
        } catch (RecordText.MismatchException e) {
            throw new UnreadableException(file, line, e.getMessage() + ": the line is damaged, or of another version");
        } catch (ArithmeticException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            // The core is told whatever the line says, which no daemon may have heard.
            throw new UnreadableException(file, line, "the line says what cannot have been: " + e.getMessage());
        }
    }

    private void start(Journal.Start start) throws RecordText.MismatchException {
        if (start.witnesses() > MOST_WITNESSES) {
            throw new RecordText.MismatchException(start.witnesses() + " witnesses");
        }
        List<Witness> witnesses = new ArrayList<>();
        for (int i = 0; i < start.witnesses(); i++) {
            Deque<Optional<Witness.Testimony>> words = new ArrayDeque<>();
            said.add(words);
            // A core that asks more often than the recorded one hears nothing.
            witnesses.add(() -> words.isEmpty() ? null : words.removeFirst().orElse(null));
        }
        core = new TimingCore(start.options().with(it -> it.witnesses(witnesses)), start.frequencyInForcePpb());
        // What the new core has asked while it was made was said to the recorded one before its first event.
        said.forEach(Deque::clear);
    }

    private void heard(Journal.Heard word) throws RecordText.MismatchException {
        if (word.witness() < 0 || word.witness() >= said.size()) {
            throw new RecordText.MismatchException("there is no witness number " + word.witness());
        }
        said.get(word.witness()).addLast(word.said());
    }

    private void event(String name, Iterator<String> words, String text)
            throws RecordText.MismatchException, UnreadableException {
        TimingCore told = core;
        if (told == null) {
            throw new UnreadableException(file, line, "no line 'start' stands before the first event");
        }
        CoreEvent event = RecordText.read(typeOf(name), words);
        Correction correction = event.applyTo(told);
        said.forEach(Deque::clear);
        events++;
        if (!(correction instanceof Correction.Hold)) {
            decisions++;
        }
        String now = Journal.text(event, correction);
        if (!now.equals(text)) {
            differing++;
            if (firstDifference.isEmpty()) {
                firstDifference = String.format(
                        Locale.ROOT, "%s:%d: recorded '%s', now '%s'", file, line, text, Journal.text((Record)
                                correction));
            }
        }
        if (told.status().updatedNanos() != 0) {
            observer.onEvent(line, told.status());
        }
    }

    private static Class<? extends CoreEvent> typeOf(String name) throws RecordText.MismatchException {
        for (Class<?> type : CoreEvent.class.getPermittedSubclasses()) {
            if (Journal.wordFor(type).equals(name)) {
                return type.asSubclass(CoreEvent.class);
            }
        }
        throw new RecordText.MismatchException("'" + name + "' is no event that this version knows");
    }
}
