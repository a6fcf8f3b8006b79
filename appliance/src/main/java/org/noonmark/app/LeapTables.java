package org.noonmark.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.noonmark.discipline.LeapSecondsList;
import org.noonmark.discipline.TimeZoneLeaps;
import org.noonmark.provisioning.ConfigFiles;
import org.tinylog.Logger;

/**
 * Reads the owner's tables of leap seconds, at the start and then twice a day, as chrony.conf(5) has it: an update of the system's
 * packages needs no restart. What cannot be believed is told once and not used; a leap-seconds.list, which says until when it holds, is
 * taken before a time zone. Used by the timing thread, once started.
 */
final class LeapTables {
    /** Where the C library looks for time zones. */
    static final Path ZONES = Path.of("/usr/share/zoneinfo");

    private static final long HALF_A_DAY_NANOS = 43_200_000_000_000L;

    private final ConfigFiles files;
    private final Path zones;
    private final Optional<String> list;
    private final Optional<String> zone;
    private final Map<String, String> told = new HashMap<>();
    private Optional<LeapSecondsList> current;
    private long readNanos;

    /** What a table says, or why it does not. */
    private record Found(String place, LeapSecondsList.Reading reading, String cure) {}

    /**
     * Reads for the first time.
     *
     * @param list path of a leap-seconds.list ({@code leapseclist})
     * @param zone name of a time zone with leap seconds ({@code leapsectz})
     * @param zones where time zones are
     * @param nowNanos a clock that is never set
     */
    LeapTables(ConfigFiles files, Optional<String> list, Optional<String> zone, Path zones, long nowNanos) {
        this.files = files;
        this.list = list;
        this.zone = zone;
        this.zones = zones;
        readNanos = nowNanos;
        current = read();
    }

    /** The table, as last read. */
    Optional<LeapSecondsList> current() {
        return current;
    }

    /** The table, read anew when it is time for it. */
    Optional<LeapSecondsList> at(long nowNanos) {
        if (nowNanos - readNanos >= HALF_A_DAY_NANOS) {
            readNanos = nowNanos;
            current = read();
        }
        return current;
    }

    private Optional<LeapSecondsList> read() {
        return list.flatMap(path -> accepted(ofFile(path))).or(() -> zone.flatMap(name -> accepted(ofZone(name))));
    }

    private Found ofFile(String path) {
        LeapSecondsList.Reading reading = switch (files.read(path)) {
            case ConfigFiles.FileText.Unreadable(String reason) -> unreadable(reason);
            case ConfigFiles.FileText.Text(String text) -> LeapSecondsList.parse(text);
        };
        return new Found(
                path, reading, "install a leap-seconds.list (on Debian in the package tzdata) or remove 'leapseclist'");
    }

    private Found ofZone(String name) {
        Path path = zones.resolve(name);
        return new Found(
                path.toString(),
                readZone(name, path),
                "install the zones with leap seconds (on Debian and Raspberry Pi OS the package tzdata-legacy), or better, write"
                        + " 'leapseclist /usr/share/zoneinfo/leap-seconds.list' instead of 'leapsectz " + name + "'");
    }

    private static LeapSecondsList.Reading readZone(String name, Path path) {
        if (!Files.isRegularFile(path)) {
            return unreadable("no such file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return TimeZoneLeaps.parse("time zone " + name, in.readNBytes(TimeZoneLeaps.MAX_BYTES + 1));
        } catch (IOException e) {
            return unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static LeapSecondsList.Reading unreadable(String reason) {
        return new LeapSecondsList.Reading.Refused("it cannot be read, " + reason);
    }

    private Optional<LeapSecondsList> accepted(Found found) {
        return switch (found.reading) {
            case LeapSecondsList.Reading.Refused(String fault) -> {
                if (isNews(found.place, fault)) {
                    Logger.warn("{}: {}: it is not used; {}", found.place, fault, found.cure);
                }
                yield Optional.empty();
            }
            case LeapSecondsList.Reading.Accepted(LeapSecondsList read) -> {
                String words = words(read);
                if (isNews(found.place, words)) {
                    Logger.info("{}: {}", found.place, words);
                }
                yield Optional.of(read);
            }
        };
    }

    private boolean isNews(String place, String words) {
        return !words.equals(told.put(place, words));
    }

    /** Whether it has expired only a clock that is right can tell: the status says it. */
    private static String words(LeapSecondsList read) {
        LeapSecondsList.Change last = read.changes().getLast();
        String ahead = "TAI is " + last.taiMinusUtcSeconds() + " s ahead of UTC since " + date(last.unixSeconds());
        return read.expiresUnixSeconds() == LeapSecondsList.NEVER_SAID
                ? ahead + "; it does not say until when that holds, so it is not held against the receiver"
                : ahead + "; the list expires on " + date(read.expiresUnixSeconds());
    }

    private static LocalDate date(long unixSeconds) {
        return LocalDate.ofEpochDay(Math.floorDiv(unixSeconds, 86_400L));
    }
}
