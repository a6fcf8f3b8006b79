package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In Berlin, on the day when the clocks are put forward. */
class TypedTimeTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    /** Just past midnight there. */
    private static final long NOW = Instant.parse("2027-03-27T23:30:00Z").getEpochSecond() * 1_000_000_000L;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "16:30|2027-03-28T14:30:00Z",
                "1:30:05|2027-03-28T00:30:05Z",
                "1:30:05 UTC|2027-03-27T01:30:05Z",
                "2026-11-23 16:30:05|2026-11-23T15:30:05Z",
                "2026-11-23T16:30:05Z|2026-11-23T16:30:05Z",
                "2026-11-23 16:30:05 gmt|2026-11-23T16:30:05Z",
                "Nov 21, 2015 16:30:05|2015-11-21T15:30:05Z",
                "nov 21 2015  16:30|2015-11-21T15:30:00Z",
                "21 Nov 2015 16:30:05|2015-11-21T15:30:05Z",
            })
    void takesTheUsualForms(String text, Instant expected) {
        assertEquals(Optional.of(expected.getEpochSecond() * 1_000_000_000L), TypedTime.parse(text, ZONE, NOW));
    }

    /** The last but one is in the hour that is left out that night, the last beyond what 64 bits of nanoseconds hold. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "now",
                "25:00",
                "16",
                "24:00",
                "2026-13-01 00:00",
                "2026-02-30 00:00",
                "16:30 CET",
                "2:30",
                "1700-01-01 00:00",
                "9999-01-01 00:00"
            })
    void refusesTheRest(String text) {
        assertEquals(Optional.empty(), TypedTime.parse(text, ZONE, NOW));
    }

    @Test
    void neverThrows() {
        SplittableRandom chance = new SplittableRandom(7);
        String letters = "0123456789:- ,TZNovUTC.+\t\u00e4\u0661";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("2026-11-23 16:30:05");
            for (int hits = chance.nextInt(4); hits >= 0; hits--) {
                text.setCharAt(chance.nextInt(text.length()), letters.charAt(chance.nextInt(letters.length())));
            }
            TypedTime.parse(text.substring(0, chance.nextInt(text.length())), ZONE, NOW);
            TypedTime.parse(text.toString(), ZONE, NOW);
        }
    }
}
