package org.noonmark.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.noonmark.discipline.ClockStatus;
import org.tinylog.Logger;

/**
 * Remembers, until the machine starts anew, that the clock was set by labels that were not proven: a daemon that is started again would
 * take their second for one that the clock has known before. A file that is there or not. Used by the timing thread.
 */
final class ClockMark {
    private final Optional<Path> file;
    private boolean set;

    /** Without {@code file} the clock is not the machine's, and begins anew with each daemon. */
    ClockMark(Optional<Path> file) {
        this.file = file;
        set = file.filter(Files::exists).isPresent();
    }

    /** Whether the clock may show what unproven labels have said. */
    boolean isSet() {
        return set;
    }

    /** The clock was moved, and {@code status} is what is known of it now. */
    void onStepped(ClockStatus status) {
        if (!set && status.labelling().proof().isEmpty()) {
            change(true);
        }
    }

    /** What is known of the clock now. */
    void onStatus(ClockStatus status) {
        if (set && status.state().isSynchronised()) {
            change(false);
        }
    }

    private void change(boolean wanted) {
        set = wanted;
        if (file.isEmpty()) {
            return;
        }
        try {
            if (wanted) {
                Files.write(file.get(), new byte[0]);
            } else {
                Files.deleteIfExists(file.get());
            }
        } catch (IOException e) {
            Logger.warn("{}: cannot be {}: {}", file.get(), wanted ? "written" : "removed", e.toString());
        }
    }
}
