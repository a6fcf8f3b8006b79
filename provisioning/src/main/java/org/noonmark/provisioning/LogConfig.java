package org.noonmark.provisioning;

import java.util.Optional;
import java.util.Set;

/**
 * chrony's log files.
 *
 * @param directory absolute path; empty: none is written
 * @param files which are written
 * @param bannerEntries lines from one banner to the next; 0: none is written
 * @param changeNanos larger corrections of the clock are told in the log
 * @param mail who hears of such; empty: nobody
 */
public record LogConfig(
        Optional<String> directory, Set<File> files, int bannerEntries, long changeNanos, Optional<Mail> mail) {
    /** Names of chrony.conf(5). */
    public enum File {
        RAWMEASUREMENTS,
        MEASUREMENTS,
        STATISTICS,
        SELECTION,
        TRACKING,
        REFCLOCKS,
        RTC,
        TEMPCOMP
    }

    /** A message to {@code address} by the machine's own mail program, for corrections beyond {@code thresholdNanos}. */
    public record Mail(String address, long thresholdNanos) {}

    /** Copies the set. */
    public LogConfig {
        files = Set.copyOf(files);
    }
}
