package org.noonmark.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noonmark.sources.Association;
import org.noonmark.sources.SourceOptions;
import org.noonmark.sources.SourceStatus;
import org.noonmark.sources.SourceTrace;
import org.noonmark.sources.SourcesStatus;
import org.noonmark.sources.Verdict;

/** What is said of servers that find a receiver's clock off by fractions of a second. */
class ServerReportTest {
    private static final double MILLI = 1e6;

    /** Measured and adjusted offset of each server in milliseconds; all can be wrong by 1 ms. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5/5 5/5 5/5 | 3 of 3 servers say that the clock is at least 5.0 ms off",
                "-5/-5 -6/-4 0/0 | 2 of 3 servers say that the clock is at least -4.0 ms off",
                "5/5 5/5 | ''", // two
                "5/5 0/0 0/0 | ''", // not most of them
                "5/5 -5/-5 0/0 | ''", // they do not say the same
                "2.9/2.9 2.9/2.9 2.9/2.9 | ''", // not twice their bound and a millisecond
                "0/5 0/5 0/5 | ''", // the crystal has changed its pace since
                "5000/0 5000/0 5000/0 | ''", // the clock was stepped since
            })
    void aMajorityThatIsSureOfItIsTold(String servers, String sentence) {
        List<SourceStatus> all = Stream.of(servers.split(" ", -1))
                .map(text -> Arrays.stream(text.split("/", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .map(offsets -> server(offsets[0] * MILLI, offsets[1] * MILLI))
                .toList();
        StatusSnapshot other = Snapshots.synchronised();
        List<String> told = Diagnosis.of(
                new StatusSnapshot(
                        other.program(),
                        other.clock(),
                        other.system(),
                        other.receivers(),
                        other.pulses(),
                        new SourcesStatus(all, 0, ""),
                        other.server(),
                        other.leapSeconds()),
                Snapshots.NOW);
        assertEquals(sentence.isEmpty() ? 0 : 1, told.size(), told.toString());
        assertTrue(told.isEmpty() || told.getFirst().startsWith(sentence), told.toString());
    }

    private static SourceStatus server(double measuredNanos, double adjustedNanos) {
        return new SourceStatus(
                "ntp.example",
                false,
                "192.0.2.1",
                1,
                123,
                Association.Mode.ONLINE,
                SourceOptions.DEFAULTS,
                SourceOptions.DEFAULTS.choice(),
                null,
                null,
                Verdict.BEST,
                1,
                null,
                1,
                0,
                10,
                0xff,
                600,
                adjustedNanos,
                measuredNanos,
                MILLI,
                new SourceStatus.Figures(8, 3, 6_000, 0, 1, adjustedNanos, 1_000),
                null,
                "192.0.2.9",
                9,
                new SourceStatus.Counts(8, 8, 8, 8, 8, 8),
                SourceTrace.NONE,
                "");
    }
}
