package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.discipline.LeapSecondsList.Reading;

class LeapSecondsListTest {
    private static final Path LISTS = Path.of("src/test/resources/leap-seconds");

    private static String text(String name) throws IOException {
        return Files.readString(LISTS.resolve(name));
    }

    private static LeapSecondsList list(String name) throws IOException {
        return assertInstanceOf(Reading.Accepted.class, LeapSecondsList.parse(text(name)))
                .list();
    }

    private static String fault(String text) {
        return assertInstanceOf(Reading.Refused.class, LeapSecondsList.parse(text))
                .fault();
    }

    private static long seconds(String instant) {
        return Instant.parse(instant).getEpochSecond();
    }

    @ParameterizedTest
    @CsvSource({
        "leap-seconds-2013-08.list, 2012-01-11T00:00:00Z, 2014-06-28T00:00:00Z, 26",
        "leap-seconds-2015-01.list, 2015-01-05T00:00:00Z, 2015-12-28T00:00:00Z, 27",
        "leap-seconds-2016-07.list, 2016-07-08T00:00:00Z, 2017-06-28T00:00:00Z, 28",
        "leap-seconds-2020-01-stray-space.list, 2016-07-08T00:00:00Z, 2020-12-28T00:00:00Z, 28",
        "leap-seconds-2024-01.list, 2024-01-08T10:06:19Z, 2024-12-28T00:00:00Z, 28",
        "leap-seconds.list, 2026-07-06T07:44:57Z, 2027-06-28T00:00:00Z, 28",
    })
    void readsThePublishedLists(String name, Instant updated, Instant expires, int changes) throws IOException {
        LeapSecondsList list = list(name);

        assertEquals(updated.getEpochSecond(), list.updatedUnixSeconds());
        assertEquals(expires.getEpochSecond(), list.expiresUnixSeconds());
        assertEquals(changes, list.changes().size());
    }

    @ParameterizedTest
    @CsvSource({
        "1972-01-01T00:00:00Z, 10",
        "2016-12-31T23:59:59Z, 36",
        "2017-01-01T00:00:00Z, 37",
        "2026-11-22T00:00:00Z, 37",
    })
    void tellsTaiMinusUtc(Instant when, int difference) throws IOException {
        assertEquals(Optional.of(difference), list("leap-seconds.list").taiMinusUtcSeconds(when.getEpochSecond()));
    }

    @Test
    void knowsNothingBeforeItsFirstChange() throws IOException {
        assertEquals(Optional.empty(), list("leap-seconds.list").taiMinusUtcSeconds(seconds("1971-12-31T23:59:59Z")));
    }

    @Test
    void expiresAtTheSecondThatItNames() throws IOException {
        LeapSecondsList list = list("leap-seconds.list");

        assertFalse(list.isExpired(seconds("2027-06-27T23:59:59Z")));
        assertTrue(list.isExpired(seconds("2027-06-28T00:00:00Z")));
    }

    @Test
    void readsLinesThatEndAsOnWindows() throws IOException {
        String text = text("leap-seconds.list").replace("\n", "\r\n");

        assertInstanceOf(Reading.Accepted.class, LeapSecondsList.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"#$\t3992312697", "#@\t4023129600", "3692217600      37", "#h\ta9bad145"})
    void refusesAListWithAChangedNumber(String place) throws IOException {
        String text = text("leap-seconds.list");
        assertTrue(text.contains(place), "the list has no '" + place + "'");
        char last = place.charAt(place.length() - 1);
        String changed = place.substring(0, place.length() - 1) + (last == '7' ? '6' : '7');

        String fault = fault(text.replace(place, changed));

        assertTrue(fault.contains("hash") || fault.startsWith("line "), fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#$", "#@", "#h"})
    void refusesAListWithoutOneOfItsSpecialLines(String mark) throws IOException {
        assertTrue(fault(text("leap-seconds.list").replace(mark, "# ")).startsWith("it has not all of"));
    }

    @Test
    void namesTheLineThatIsWrong() {
        assertEquals("line 2 has no place in a leap-seconds.list", fault("# a list\n<html>not found</html>\n"));
        assertEquals("line 2 has no place in a leap-seconds.list", fault("3439756800 34\n3439756800 35\n"));
        assertEquals("line 2 has no place in a leap-seconds.list", fault("3439756800 34\n3550089600 36\n"));
    }

    @Test
    void refusesAnEmptyAndAnEndlessText() {
        assertTrue(fault("").startsWith("it has not all of"));
        assertTrue(fault("#".repeat(LeapSecondsList.MAX_BYTES + 1)).startsWith("it is longer than"));
    }

    @Test
    void noMutationIsAcceptedWithOtherNumbers() throws IOException {
        byte[] published = text("leap-seconds.list").getBytes(StandardCharsets.ISO_8859_1);
        LeapSecondsList expected = list("leap-seconds.list");
        Random random = new Random(20_261_122);
        for (int run = 0; run < 2_000; run++) {
            byte[] mutant = published.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            if (LeapSecondsList.parse(new String(mutant, StandardCharsets.ISO_8859_1))
                    instanceof Reading.Accepted accepted) {
                assertEquals(expected, accepted.list());
            }
        }
    }

    /** Seconds of TAI around an inserted second, and one that is left out: as the kernel counts UTC. */
    @Test
    void tellsTaiAsUtcOverALeapSecond() {
        LeapSecondsList list = new LeapSecondsList(
                "made up",
                0,
                LeapSecondsList.NEVER_SAID,
                List.of(
                        new LeapSecondsList.Change(1_000, 36),
                        new LeapSecondsList.Change(2_000, 37),
                        new LeapSecondsList.Change(3_000, 36)));
        assertEquals(Optional.empty(), list.taiMinusUtcSecondsAtTai(1_035));
        assertEquals(Optional.of(36), list.taiMinusUtcSecondsAtTai(1_036));
        assertEquals(List.of(1_998L, 1_999L, 1_999L, 2_000L), utc(list, 2_034, 2_037));
        assertEquals(List.of(2_997L, 2_998L, 3_000L, 3_001L), utc(list, 3_034, 3_037));
    }

    private static List<Long> utc(LeapSecondsList list, long fromTai, long toTai) {
        return LongStream.rangeClosed(fromTai, toTai)
                .mapToObj(tai -> tai - list.taiMinusUtcSecondsAtTai(tai).orElseThrow())
                .toList();
    }
}
