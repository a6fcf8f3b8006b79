package org.noonmark.nmea;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class GpsEraTest {
    private final GpsEra era = new GpsEra(LocalDate.of(2026, 11, 22));

    private LocalDate ofShort(int year, int month, int day) {
        return LocalDate.ofEpochDay(era.epochDayOf(year, month, day));
    }

    private LocalDate ofFull(int year, int month, int day) {
        return LocalDate.ofEpochDay(era.epochDayOfFullYear(year, month, day));
    }

    @Test
    void keepsARightDate() {
        assertEquals(LocalDate.of(2027, 3, 1), ofShort(27, 3, 1));
        assertEquals(LocalDate.of(2038, 1, 19), ofShort(38, 1, 19));
        assertEquals(LocalDate.of(2045, 6, 30), ofFull(2045, 6, 30));
    }

    @Test
    void addsErasToADateBeforeTheFloor() {
        assertEquals(LocalDate.of(2007, 4, 10).plusWeeks(1024), ofShort(7, 4, 10));
        assertEquals(LocalDate.of(1988, 4, 10).plusWeeks(2048), ofFull(1988, 4, 10));
    }

    @Test
    void refusesADayThatDoesNotExist() {
        assertEquals(FixReport.UNKNOWN, era.epochDayOfFullYear(2027, 2, 29));
        assertEquals(FixReport.UNKNOWN, era.epochDayOf(27, 13, 1));
        assertEquals(FixReport.UNKNOWN, era.epochDayOf(27, 0, 0));
    }

    @Test
    void agreesWithTheCalendarOnEveryDay() {
        GpsEra all = new GpsEra(LocalDate.of(1970, 1, 1));
        for (LocalDate day = LocalDate.of(1970, 1, 1); day.getYear() < 2400; day = day.plusDays(1)) {
            assertEquals(
                    day.toEpochDay(), all.epochDayOfFullYear(day.getYear(), day.getMonthValue(), day.getDayOfMonth()));
        }
    }
}
