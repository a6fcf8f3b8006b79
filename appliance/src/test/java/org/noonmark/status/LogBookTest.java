package org.noonmark.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.SyncState;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.sources.Association;
import org.noonmark.sources.NtpSample;
import org.noonmark.sources.Reply;
import org.noonmark.sources.SourceOptions;
import org.noonmark.sources.SourceStatus;
import org.noonmark.sources.SourceTrace;
import org.noonmark.sources.SourcesStatus;
import org.noonmark.sources.Verdict;
import org.noonmark.time.NtpTime;

/** Lines of chrony.conf(5)'s examples, from the same figures. */
class LogBookTest {
    private static final long NOW = 1_445_000_450_000_000_000L; // 2015-10-16 13:00:50
    private static final int ALL_TESTS = 0b1111111111;

    private final LogBook book = new LogBook(EnumSet.allOf(LogFile.class), false);

    @Test
    void aServerIsWrittenAsChronyWritesIt() {
        List<LogBook.Line> lines = lines(book, sources(1, reply(ALL_TESTS), 1, 8));
        assertEquals(
                "2015-10-16 13:00:50 203.0.113.15    N  2 111 111 1111  10 10 1.00 -4.966e-03  2.296e-01  1.577e-05"
                        + "  1.615e-01  7.446e-03 CB00717B 4B D K",
                text(lines, LogFile.MEASUREMENTS));
        assertEquals(
                "2015-10-16 13:00:50 203.0.113.15     6.261e-03 -3.247e-03  2.220e-03  1.874e-06  1.080e-06 7.8e-02  16"
                        + "   0   8  0.00",
                text(lines, LogFile.STATISTICS));
        assertEquals(
                "2015-10-16 13:00:50 203.0.113.15    * -----  377  1.00  0.000e+00 -1.575e-04  1.239e-04",
                text(lines, LogFile.SELECTION));
        assertEquals(
                "2015-10-16 13:00:50 203.0.113.15     3     -3.541      0.075  4.966e-03 N  1  6.261e-03 -2.084e-04"
                        + "  1.534e-02  3.472e-04  8.017e-03",
                text(lines, LogFile.TRACKING));
        assertEquals(List.of(), lines(book, sources(1, reply(ALL_TESTS), 1, 8)));
    }

    @Test
    void aSensorIsWrittenAsChronyWritesIt() {
        assertEquals(
                "2015-10-16 13:00:50  2.8000e+04  3.6600e-01",
                LogBook.temperature(28_000, 0.366, NOW).text());
    }

    @Test
    void answersThatFailAreRawMeasurementsAlone() {
        Reply failed = reply(ALL_TESTS & ~(1 << 4));
        assertEquals("", text(lines(book, sources(1, failed, 0, 0)), LogFile.MEASUREMENTS));
        LogBook raw = new LogBook(Set.of(LogFile.MEASUREMENTS), true);
        assertTrue(
                text(lines(raw, sources(1, failed, 0, 0)), LogFile.MEASUREMENTS).contains(" 111 110 1111 "));
    }

    @Test
    void aClockIsWrittenRawAndFiltered() {
        SourceTrace.Reading reading = new SourceTrace.Reading(1, 7, true, NOW, 490, -674.1777, 1_000);
        SourceStatus clock =
                status("PPS2", true, new SourceTrace(1, 2_000, 0, 0, 0, 0, 0, null, 0, reading, NOW - 8_250_000_000L));
        List<LogBook.Line> lines = lines(book, new SourcesStatus(List.of(clock), 0, ""));
        List<String> found = lines.stream()
                .filter(line -> line.file() == LogFile.REFCLOCKS)
                .map(LogBook.Line::text)
                .toList();
        assertEquals(
                List.of(
                        "2015-10-16 13:00:50.000000 PPS2    7 N 1  4.900000e-07 -6.741777e-07  1.000e-06",
                        "2015-10-16 13:00:41.750000 PPS2    - N -       -       -4.966000e-03  2.000e-06"),
                found);
    }

    private static SourcesStatus sources(long answers, Reply reply, long samples, long decisions) {
        SourceTrace trace = new SourceTrace(samples, 0, 2_220_000, 0.078, 0, 0, 1, reply, answers, null, 0);
        return new SourcesStatus(List.of(status("203.0.113.15", false, trace)), decisions, "");
    }

    private static Reply reply(int tests) {
        NtpSample sample = new NtpSample(0, -4_966_000, 0, 229_600_000, 15_770, 0, 0);
        return new Reply(
                0, 4, 4, 2, 10, -20, 161_500_000, 7_446_000, 0xcb00717b, 0, 0, tests, "", false, true, false, sample);
    }

    private static SourceStatus status(String name, boolean clock, SourceTrace trace) {
        return new SourceStatus(
                name,
                clock,
                name,
                1,
                123,
                Association.Mode.ONLINE,
                SourceOptions.DEFAULTS,
                SourceOptions.DEFAULTS.choice(),
                null,
                null,
                Verdict.BEST,
                1,
                new SourceStatus.Span(-123_900, 157_500),
                2,
                0,
                10,
                0xff,
                0,
                0,
                -4_966_000,
                0,
                new SourceStatus.Figures(16, 8, 6_000, -1_874, 1_080, 3_247_000, 6_261_000),
                null,
                "",
                0,
                new SourceStatus.Counts(0, 0, 0, 0, 0, 0),
                trace,
                "");
    }

    private static List<LogBook.Line> lines(LogBook book, SourcesStatus sources) {
        ClockStatus clock = new ClockStatus(
                SyncState.COLD,
                "",
                0,
                NOW,
                0,
                0,
                -208_400,
                0,
                3_541,
                0,
                75,
                0,
                0,
                0,
                0,
                0,
                ClockStatus.Labelling.NONE,
                ClockStatus.Leap.NONE);
        SystemVariables system =
                new SystemVariables(0, 3, -20, 1, NtpTime.ofUnixNanos(NOW), 15_340_000, 347_200, NOW, 0, true);
        return book.lines(sources, clock, system, NOW);
    }

    private static String text(List<LogBook.Line> lines, LogFile file) {
        return lines.stream()
                .filter(line -> line.file() == file)
                .map(LogBook.Line::text)
                .findFirst()
                .orElse("");
    }
}
