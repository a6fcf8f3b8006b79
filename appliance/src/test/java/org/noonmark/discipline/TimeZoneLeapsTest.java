package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.noonmark.discipline.LeapSecondsList.Change;
import org.noonmark.discipline.LeapSecondsList.Reading;
import org.noonmark.nmea.FixReport;
import org.noonmark.nmea.LeapNotice;

/** On files of the real database and of its compiler. */
class TimeZoneLeapsTest {
    private static final Path ZONES = Path.of("src/test/resources/zoneinfo");
    private static final long TODAY = seconds("2026-11-22T00:00:00Z");
    /** Of right/UTC: where its second part begins, and where its leap seconds end there. */
    private static final int SECOND_HEADER = 275;

    private static final int END_OF_LEAPS = 662;

    private static long seconds(String instant) {
        return Instant.parse(instant).getEpochSecond();
    }

    private static byte[] file(String zone) throws IOException {
        return Files.readAllBytes(ZONES.resolve(zone));
    }

    private static LeapSecondsList table(byte[] file) {
        return assertInstanceOf(Reading.Accepted.class, TimeZoneLeaps.parse("time zone right/UTC", file))
                .list();
    }

    private static String fault(byte[] file) {
        return assertInstanceOf(Reading.Refused.class, TimeZoneLeaps.parse("right/UTC", file))
                .fault();
    }

    @Test
    void hasTheLeapSecondsOfThePublishedList() throws IOException {
        String list = Files.readString(Path.of("src/test/resources/leap-seconds/leap-seconds.list"));
        List<Change> published = assertInstanceOf(Reading.Accepted.class, LeapSecondsList.parse(list))
                .list()
                .changes();
        assertEquals(published, table(file("right/UTC")).changes());
    }

    @Test
    void readsTheOldFormWithTimesOf32Bits() throws IOException {
        byte[] file = file("right/UTC");
        file[4] = 0; // what follows the first block is no part of such a file
        LeapSecondsList table = table(Arrays.copyOf(file, SECOND_HEADER));
        assertEquals(table(file("right/UTC")).changes(), table.changes());
        assertEquals(LeapSecondsList.NEVER_SAID, table.expiresUnixSeconds());
    }

    @Test
    void readsASecondThatIsLeftOut() throws IOException {
        Change last = table(file("right/Deleted")).changes().getLast();
        assertEquals(new Change(seconds("2029-07-01T00:00:00Z"), 36), last);
        LeapSchedule schedule = new LeapSchedule(Optional.of(table(file("right/Deleted"))));
        assertEquals(new LeapSecond(-1, last.unixSeconds(), "time zone right/UTC"), schedule.next(TODAY, 0));
    }

    /** Debian's file has a last change that changes nothing, and no rule for the time after it. */
    @Test
    void readsUntilWhenAFileWithoutRuleHolds() throws IOException {
        LeapSecondsList table = table(file("right/UTC"));
        assertEquals(seconds("2026-06-28T00:00:00Z"), table.expiresUnixSeconds());
        assertTrue(table.isExpired(TODAY));
        assertEquals(LeapSecondsList.NEVER_SAID, table(file("right/Unbounded")).expiresUnixSeconds());
    }

    /** RFC 9636, section 3.2: the last record, with no change, is the expiry. */
    @Test
    void readsUntilWhenAFileOfVersion4Holds() throws IOException {
        long expiry = seconds("2027-06-28T00:00:00Z");
        LeapSecondsList table = table(expiring(file("right/UTC"), expiry));
        assertEquals(expiry, table.expiresUnixSeconds());
        assertEquals(28, table.changes().size());
        assertTrue(table.isComplete(expiry - 1));
        assertFalse(table.isComplete(expiry));
        assertEquals(
                "it expired before its last leap second",
                fault(expiring(file("right/UTC"), seconds("2016-12-28T00:00:00Z"))));
    }

    /** An old file would else vouch for a receiver that has forgotten what came since. */
    @Test
    void whatDoesNotSayUntilWhenItHoldsIsBelievedOnlyInWhatItSays() throws IOException {
        LeapSecondsList table = table(file("right/Unbounded"));
        assertFalse(table.isComplete(TODAY));
        assertFalse(table.isExpired(TODAY));
        long midnight = seconds("2027-01-01T00:00:00Z");
        LeapSchedule schedule = new LeapSchedule(Optional.of(table));
        assertEquals(37, schedule.taiMinusUtcSeconds(TODAY));
        assertTrue(schedule.mayEndWithLeap(midnight));
        schedule.onNotice(new LeapNotice(18, false, 0, FixReport.UNKNOWN, "PUBX,04"));
        assertFalse(schedule.isCountConfirmed(TODAY));
        schedule.onNotice(new LeapNotice(19, true, 1, midnight, "NAV-TIMELS"));
        assertEquals(new LeapSecond(1, midnight, "receiver, NAV-TIMELS"), schedule.next(TODAY, 0));
        assertEquals(38, schedule.taiMinusUtcSeconds(TODAY));
        String alarm = schedule.alarm(TODAY);
        assertTrue(alarm.contains("a leap second that the time zone right/UTC does not know"), alarm);
        assertTrue(alarm.contains("write 'leapseclist'"), alarm);
    }

    @Test
    void aFileThatExpiresConfirmsACount() throws IOException {
        LeapSchedule schedule =
                new LeapSchedule(Optional.of(table(expiring(file("right/UTC"), seconds("2027-06-28T00:00:00Z")))));
        schedule.onNotice(new LeapNotice(18, false, 0, FixReport.UNKNOWN, "PUBX,04"));
        assertTrue(schedule.isCountConfirmed(TODAY));
        assertFalse(schedule.mayEndWithLeap(seconds("2027-01-01T00:00:00Z")));
    }

    @Test
    void refusesWhatIsNoTableOfLeapSeconds() throws IOException {
        assertEquals("this zone has no leap seconds; those below 'right/' have them", fault(file("UTC")));
        assertEquals("it ends too early", fault(new byte[0]));
        assertEquals(
                "it is no file of the time zone database",
                fault("<html>404</html>".getBytes(StandardCharsets.US_ASCII)));
        assertTrue(fault(new byte[TimeZoneLeaps.MAX_BYTES + 1]).startsWith("it is longer than"));
        byte[] odd = file("right/UTC");
        odd[END_OF_LEAPS - 1]++; // 28 seconds after 26
        assertTrue(fault(odd).endsWith("cannot be"), fault(odd));
    }

    /** Changed bytes may make it another table that could be; every change of it is one of a second, at a midnight. */
    @Test
    void noMutationThrowsOrMakesAnImpossibleTable() throws IOException {
        Random random = new Random(20_261_122);
        byte[] whole = expiring(file("right/UTC"), seconds("2027-06-28T00:00:00Z"));
        for (int run = 0; run < 20_000; run++) {
            byte[] mutant = Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int i = random.nextInt(4); i >= 0 && mutant.length > 0; i--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            if (TimeZoneLeaps.parse("mutant", mutant) instanceof Reading.Accepted(LeapSecondsList table)) {
                List<Change> changes = table.changes();
                for (int i = 1; i < changes.size(); i++) {
                    assertEquals(0, Math.floorMod(changes.get(i).unixSeconds(), 86_400L));
                    assertEquals(
                            1,
                            Math.abs(changes.get(i).taiMinusUtcSeconds()
                                    - changes.get(i - 1).taiMinusUtcSeconds()));
                }
            }
        }
    }

    /** The file as version 4 has it: one more record in the second block. */
    private static byte[] expiring(byte[] file, long expiryUnixSeconds) {
        ByteBuffer longer = ByteBuffer.allocate(file.length + 12);
        longer.put(file, 0, END_OF_LEAPS).putLong(expiryUnixSeconds + 27).putInt(27);
        longer.put(file, END_OF_LEAPS, file.length - END_OF_LEAPS);
        longer.put(4, (byte) '4').put(SECOND_HEADER + 4, (byte) '4').putInt(SECOND_HEADER + 28, 28);
        return longer.array();
    }
}
