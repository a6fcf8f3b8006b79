package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.SyncState;

class ClockMarkTest {
    @TempDir
    private Path folder;

    @Test
    void outlivesADaemonThatHasSetTheClockByUnprovenLabels() {
        ClockMark mark = mark();
        assertFalse(mark.isSet());
        mark.onStepped(status(SyncState.LABELLED, ""));
        mark.onStatus(status(SyncState.REFUSED, ""));
        assertTrue(mark().isSet());
    }

    @Test
    void isTakenAwayWhenTheClockIsServed() {
        mark().onStepped(status(SyncState.LABELLED, ""));
        mark().onStatus(status(SyncState.DISCIPLINED, "other clocks say so"));
        assertFalse(mark().isSet());
    }

    @Test
    void isNotMadeByProvenLabels() {
        mark().onStepped(status(SyncState.LABELLED, "the receiver says so"));
        assertFalse(mark().isSet());
    }

    private ClockMark mark() {
        return new ClockMark(Optional.of(folder.resolve("clock.unproven")));
    }

    private static ClockStatus status(SyncState state, String proof) {
        ClockStatus.Labelling labelling = new ClockStatus.Labelling("RMC", true, 0, 0, 0, 3, 3, 0, proof, "");
        return new ClockStatus(
                state, "because", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 10, 0, labelling, ClockStatus.Leap.NONE);
    }
}
