package org.noonmark.app;

import java.time.LocalDate;
import java.util.Optional;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.provisioning.ConfigFiles;
import org.tinylog.Logger;

/** Reads the owner's leap-seconds.list once, at the start. A list that cannot be believed is told once and not used. */
final class LeapSecondsFile {
    private LeapSecondsFile() {}

    /** The list in {@code path}. Whether it has expired only a clock that is right can tell: the status says it. */
    static Optional<LeapSecondsList> read(ConfigFiles files, String path) {
        return switch (files.read(path)) {
            case ConfigFiles.FileText.Unreadable(String reason) -> refused(path, "it cannot be read, " + reason);
            case ConfigFiles.FileText.Text(String text) ->
                switch (LeapSecondsList.parse(text)) {
                    case LeapSecondsList.Reading.Refused(String fault) -> refused(path, fault);
                    case LeapSecondsList.Reading.Accepted(LeapSecondsList list) -> accepted(path, list);
                };
        };
    }

    private static Optional<LeapSecondsList> refused(String path, String fault) {
        Logger.warn(
                "{}: {}: it is not used; install a leap-seconds.list (on Debian in the package tzdata) or remove"
                        + " 'leapseclist'",
                path,
                fault);
        return Optional.empty();
    }

    private static Optional<LeapSecondsList> accepted(String path, LeapSecondsList list) {
        LeapSecondsList.Change last = list.changes().getLast();
        Logger.info(
                "{}: TAI is {} s ahead of UTC since {}; the list expires on {}",
                path,
                last.taiMinusUtcSeconds(),
                date(last.unixSeconds()),
                date(list.expiresUnixSeconds()));
        return Optional.of(list);
    }

    private static LocalDate date(long unixSeconds) {
        return LocalDate.ofEpochDay(Math.floorDiv(unixSeconds, 86_400L));
    }
}
