package org.noonmark.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.noonmark.discipline.Witness;
import org.noonmark.pps.PpsSource;
import org.noonmark.provisioning.PulseConfig;
import org.noonmark.time.SteerableClock;
import org.noonmark.time.Thermometer;

/** The machine as the daemon sees it: a real one, or a simulated one. Serial devices are opened by their paths on both. */
interface Machine {
    /** The clock that is read, steered and served. */
    SteerableClock clock();

    /** Whether that is the clock of this computer; else a copy of it, or a simulated one. */
    default boolean steersClock() {
        return false;
    }

    /** The sensor near the crystal. */
    Thermometer thermometer();

    /** What the firmware calls the board, such as "Raspberry Pi 4 Model B Rev 1.4"; empty where it says nothing. */
    String boardModel();

    /** The number that no other board has; empty where it has none. */
    default String boardSerial() {
        return "";
    }

    /** Other clocks that can be heard on what second it is. */
    default List<Witness> witnesses() {
        return List.of();
    }

    /** Where it is remembered that the clock shows what unproven labels have said ({@link ClockMark}); gone when the machine starts anew. */
    default Optional<Path> clockMark() {
        return Optional.empty();
    }

    /**
     * Opens a pulse device; its stamps are told in {@link #clock}.
     *
     * @throws IOException when it is missing or refuses; the message names device, reason and cure
     */
    PpsSource openPulses(PulseConfig pulse) throws IOException;
}
