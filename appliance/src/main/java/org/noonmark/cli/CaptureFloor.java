package org.noonmark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.noonmark.nmea.CaptureHeader;

/** Before which day no time in a recording can be true: two-digit years and GPS weeks count from there. */
final class CaptureFloor {
    /** Without any hint a recording may be as old as NMEA time with GPS. */
    private static final LocalDate OLDEST = LocalDate.of(2000, 1, 1);

    private CaptureFloor() {}

    /** The owner's word, else the sidecar's date, else what the recording's own header allows. */
    static LocalDate of(Optional<LocalDate> given, Optional<LocalDate> sidecar, byte[] head, int length) {
        return given.or(() -> sidecar)
                .or(() -> CaptureHeader.floor(head, length))
                .orElse(OLDEST);
    }

    /**
     * The date in {@code FILE.date}, beside the recording.
     *
     * @throws IOException when there is such a file without a date; the message has the cure
     */
    static Optional<LocalDate> sidecar(Path capture) throws IOException {
        Path file = Path.of(capture + ".date");
        try {
            return Optional.of(LocalDate.parse(Files.readString(file).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DateTimeParseException e) {
            throw new IOException(file + ": expected one date such as 2024-05-31", e);
        }
    }
}
