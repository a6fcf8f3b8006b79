package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.discipline.CoreEvent;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.SyncState;
import org.noonmark.discipline.TimingCore;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.discipline.Witness;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.pps.PpsEdge;

/** A core on a clock that is 3 s and 4 ms off, recorded for two minutes. */
class JournalTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_800_000_000L;

    @TempDir
    private Path folder;

    @Test
    void whatWasRecordedIsDecidedAgain() throws IOException {
        Path file = record();
        List<SyncState> states = new ArrayList<>();
        JournalReplay.Outcome outcome = JournalReplay.run(file, (_, status) -> {
            assertTrue(status.updatedNanos() >= START * SECOND, () -> "a state of " + status.updatedNanos());
            if (states.isEmpty() || states.getLast() != status.state()) {
                states.add(status.state());
            }
        });
        assertEquals(List.of(SyncState.COLD, SyncState.LABELLED, SyncState.DISCIPLINED), states);
        assertTrue(outcome.events() > 450, outcome::toString);
        assertTrue(outcome.decisions() > 100, outcome::toString);
        assertEquals(0, outcome.differing(), outcome::firstDifference);
        assertFalse(outcome.cutOff());
    }

    @Test
    void anotherDecisionIsNamedWithItsLine() throws IOException {
        List<String> lines = new ArrayList<>(unpacked(record()));
        int changed = lastIndexOf(lines, "edge ");
        lines.set(changed, lines.get(changed).replaceFirst("> steer .*", "> steer 12.5"));
        JournalReplay.Outcome outcome = JournalReplay.run(packed(lines), (_, _) -> {});
        assertEquals(1, outcome.differing());
        assertTrue(outcome.firstDifference().contains(":" + (changed + 1) + ": "), outcome::firstDifference);
        assertTrue(outcome.firstDifference().contains("> steer 12.5', now 'steer "), outcome::firstDifference);
    }

    @Test
    void aRecordingThatLostItsEndIsReplayedUpToThere() throws IOException {
        Path file = record();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length * 2 / 3));
        JournalReplay.Outcome outcome = JournalReplay.run(file, (_, _) -> {});
        assertTrue(outcome.cutOff());
        assertTrue(outcome.events() > 100, outcome::toString);
        assertEquals(0, outcome.differing());
    }

    @Test
    void damageIsNamedWithItsLine() throws IOException {
        List<String> lines = new ArrayList<>(unpacked(record()));
        lines.set(7, "edge forwards 3 ASSERT > hold");
        Path file = packed(lines);
        IOException refusal =
                assertThrows(JournalReplay.UnreadableException.class, () -> JournalReplay.run(file, (_, _) -> {}));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(file + ":8: "), refusal::getMessage);
    }

    @Test
    void aRecordingThatWouldFillTheMemoryIsRefused() throws IOException {
        List<String> lines = new ArrayList<>(unpacked(record()));
        lines.set(2, lines.get(2).replaceFirst("start (\\S+) \\d+ ", "start $1 2000000000 "));
        assertRefused(packed(lines), 3, "2000000000 witnesses");
        assertRefused(packed(List.of("noonmark-journal 4", "#".repeat(3 << 20))), 2, "longer than any");
    }

    @Test
    void onlyARecordingIsMovedAside() throws IOException {
        Path place = Files.createDirectory(folder.resolve("place"));
        try (Journal journal = new Journal(Optional.of(place))) {
            journal.open(Build.load(), TimingOptions.DEFAULTS, 0);
        }
        assertTrue(Files.isDirectory(place));
        assertFalse(Files.exists(folder.resolve("place.old")));
    }

    private static void assertRefused(Path file, int line, String why) {
        IOException refusal =
                assertThrows(JournalReplay.UnreadableException.class, () -> JournalReplay.run(file, (_, _) -> {}));
        String said = String.valueOf(refusal.getMessage());
        assertTrue(said.startsWith(file + ":" + line + ": ") && said.contains(why), said);
    }

    @Test
    void aFileThatIsNoRecordingIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "edge 1 2 ASSERT > hold\n");
        IOException refusal =
                assertThrows(JournalReplay.UnreadableException.class, () -> JournalReplay.run(file, (_, _) -> {}));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(file + ":1: this is no recording"));
        Path other = packed(List.of("noonmark-journal 99"));
        refusal = assertThrows(JournalReplay.UnreadableException.class, () -> JournalReplay.run(other, (_, _) -> {}));
        assertTrue(String.valueOf(refusal.getMessage()).contains("'noonmark-journal 4'"));
    }

    @Test
    void theRecordingBeforeIsKept() throws IOException {
        Path first = record();
        List<String> old = unpacked(first);
        record();
        assertEquals(old, unpacked(Path.of(first + ".old")));
    }

    @Test
    void aPlaceThatCannotBeWrittenCostsTheRecordingAlone() {
        try (Journal journal = new Journal(Optional.of(folder.resolve("no/such/folder")))) {
            journal.open(Build.load(), TimingOptions.DEFAULTS, 0);
            journal.note(new CoreEvent.Tick(0), Correction.HOLD);
        }
        assertFalse(Files.exists(folder.resolve("no")));
    }

    private Path record() {
        Path file = folder.resolve("recording.gz");
        try (Journal journal = new Journal(Optional.of(file))) {
            Recorder recorder = new Recorder(journal);
            journal.open(Build.load(), recorder.options, -7);
            recorder.run(120);
        }
        return file;
    }

    private static int lastIndexOf(List<String> lines, String start) {
        int last = -1;
        for (int i = 0; i < lines.size(); i++) {
            last = lines.get(i).startsWith(start) ? i : last;
        }
        return last;
    }

    private static List<String> unpacked(Path file) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private Path packed(List<String> lines) throws IOException {
        Path file = folder.resolve("changed.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    /** Plays the timing loop. */
    private static final class Recorder {
        private final Journal journal;
        private final TimingOptions options;
        private final TimingCore core;
        private long aheadNanos = 3 * SECOND + 4_000_000; // local minus true
        private long nowNanos = START * SECOND + aheadNanos;

        Recorder(Journal journal) {
            this.journal = journal;
            Witness server = () -> new Witness.Testimony("ntp.example", -aheadNanos, 20_000_000, nowNanos, 0, true);
            options = TimingOptions.DEFAULTS.with(it -> it.witnesses(journal.listeningTo(List.of(server, () -> null))));
            core = new TimingCore(options, -7);
        }

        void run(int seconds) {
            tell(new CoreEvent.Temperature(41.5, nowNanos)); // as in the daemon, before anything says the time
            for (int k = 0; k < seconds; k++) {
                long trueNanos = (START + k) * SECOND;
                long jitterNanos = (k * 7919L) % 400 - 200;
                nowNanos = trueNanos + aheadNanos;
                tell(new CoreEvent.Edge(new PpsEdge(trueNanos + aheadNanos + jitterNanos, k, PpsEdge.Polarity.ASSERT)));
                tell(new CoreEvent.Label(new TimeLabel(
                        START + k, false, trueNanos + aheadNanos + 120_000_000, TimeLabel.Trust.FIX, "RMC")));
                tell(new CoreEvent.Temperature(41.5 + k % 3, trueNanos + aheadNanos + 500_000_000));
                tell(new CoreEvent.Tick(trueNanos + aheadNanos + 900_000_000));
            }
        }

        private void tell(CoreEvent event) {
            Correction correction = event.applyTo(core);
            journal.note(event, correction);
            switch (correction) {
                case Correction.Step step -> {
                    aheadNanos += step.deltaNanos();
                    tell(new CoreEvent.Stepped(step.deltaNanos(), core.status().updatedNanos() + step.deltaNanos()));
                }
                case Correction.Steer steer ->
                    tell(new CoreEvent.Steered(
                            steer.frequencyPpb(), core.status().updatedNanos() + 1_000));
                case Correction.Slew slew -> {
                    long atNanos = core.status().updatedNanos() + 1_000;
                    tell(new CoreEvent.Steered(slew.frequencyPpb(), atNanos));
                    tell(new CoreEvent.Slewing(slew.nanos(), atNanos));
                }
                case Correction.Refuse refuse ->
                    tell(new CoreEvent.Steered(
                            refuse.frequencyPpb(), core.status().updatedNanos() + 1_000));
                case Correction.Hold _ -> {}
            }
        }
    }
}
