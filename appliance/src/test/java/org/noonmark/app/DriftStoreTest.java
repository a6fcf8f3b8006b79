package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.Learned;
import org.noonmark.discipline.SyncState;
import org.noonmark.provisioning.DriftFile;

class DriftStoreTest {
    private static final long HOUR = 3_600_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void bringsBackWhatItSaved() {
        store().save(status(SyncState.DISCIPLINED), Optional.empty());

        Optional<DriftStore.Drift> drift = store().load();
        assertEquals(-9_000.5, drift.orElseThrow().correctionPpb(), 1e-3);
        assertEquals(3.25, drift.orElseThrow().sigmaPpb(), 1e-3);
    }

    @Test
    void bringsBackAllThatWasLearned() {
        Learned learned = learned(-9_003);
        store().save(status(SyncState.DISCIPLINED), Optional.of(learned));

        assertEquals(Optional.of(learned), store().loadLearned(store().load().orElseThrow()));
    }

    @Test
    void doesNotBelieveWhatBelongsToAnotherDriftFile() throws IOException {
        store().save(status(SyncState.DISCIPLINED), Optional.of(learned(-9_003)));
        Files.writeString(file(), "-31.5 0.01\n");

        assertEquals(Optional.empty(), store().loadLearned(store().load().orElseThrow()));
    }

    /** The forecasts of a quiet crystal said a third of how far a wandering one was off, and another's frequency is 30 ppm away. */
    @Test
    void doesNotBelieveWhatAnotherBoardHasLearned() {
        store().save(status(SyncState.DISCIPLINED), Optional.of(learned(-9_003)));

        assertEquals(Optional.empty(), store("10000000abcdef02").load());
        assertTrue(store().load().isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "noonmark-learned-2",
                "noonmark-learned-2 1 2 3",
                "noonmark-learned-1 1",
                "\0\0\0",
                "noonmark-learned-2 x"
            })
    void ignoresADamagedFileOfWhatWasLearned(String text) throws IOException {
        store().save(status(SyncState.DISCIPLINED), Optional.empty());
        Files.writeString(folder.resolve("drift.learned"), text);

        assertEquals(Optional.empty(), store().loadLearned(store().load().orElseThrow()));
    }

    /** As after a damage that leaves a number: what is told from it would be a frequency of no crystal. */
    @Test
    void doesNotBelieveATemperatureThatNoProcessorHas() {
        Learned sane = learned(-9_003);
        Learned hot = new Learned(
                sane.frequencyPpb(),
                sane.frequencySigmaPpb(),
                5.125e10,
                sane.perDegree(),
                sane.jitterNanos(),
                sane.forecasts());
        store().save(status(SyncState.DISCIPLINED), Optional.of(hot));

        assertEquals(Optional.empty(), store().loadLearned(store().load().orElseThrow()));
    }

    private static Learned learned(double ppb) {
        List<Learned.Term> terms = Collections.nCopies(3, new Learned.Term(-88.5, 1.25));
        return new Learned(ppb, 2, 51.25, terms, 480, Collections.nCopies(32, new Learned.Forecast(5.5, 700)));
    }

    @Test
    void writesAsChronyDoesWithAFastClockPositive() throws IOException {
        store().save(status(SyncState.DISCIPLINED), Optional.empty());

        assertEquals("9.000500 0.003250\n", Files.readString(file()));
    }

    @Test
    void readsWhatChronyWrote() throws IOException {
        Files.writeString(file(), "           -12.345678             0.012345\n");

        assertEquals(12_345.678, store().load().orElseThrow().correctionPpb(), 1e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12.5", "NaN 1", "1e9 1", "1 -1", "1 2 3", "one two", "\0\0\0\0"})
    void ignoresWhatIsNoDrift(String text) throws IOException {
        Files.writeString(file(), text);

        assertTrue(store().load().isEmpty());
    }

    @Test
    void savesNothingWhileTheFrequencyIsNotKnown() {
        store().save(status(SyncState.LABELLED), Optional.empty());

        assertFalse(Files.exists(file()));
    }

    @Test
    void savesNoMoreOftenThanTheIntervalAllows() {
        DriftStore store = store();
        store.onTick(status(SyncState.DISCIPLINED), Optional::empty, HOUR - 1);
        assertFalse(Files.exists(file()));

        store.onTick(status(SyncState.DISCIPLINED), Optional::empty, HOUR);
        assertTrue(Files.exists(file()));
    }

    @Test
    void survivesADirectoryThatIsGone() {
        DriftStore store = new DriftStore(new DriftFile("/nonexistent/noonmark/drift", 3_600), "", 0);

        store.save(status(SyncState.DISCIPLINED), Optional.empty());
        assertTrue(store.load().isEmpty());
    }

    private DriftStore store() {
        return store("10000000abcdef01");
    }

    private DriftStore store(String board) {
        return new DriftStore(new DriftFile(file().toString(), 3_600), board, 0);
    }

    private Path file() {
        return folder.resolve("drift");
    }

    /** A crystal 9000.5 ppb fast: it is slowed down by 9000, and half a ppb is still missing. */
    private static ClockStatus status(SyncState state) {
        return new ClockStatus(
                state,
                "because",
                0,
                0,
                0,
                0,
                0,
                0,
                -9_000.5,
                -0.5,
                3.25,
                0,
                0,
                1,
                10,
                0,
                ClockStatus.Labelling.NONE,
                ClockStatus.Leap.NONE);
    }
}
