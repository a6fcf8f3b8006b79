package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.discipline.SimulatedDay.SECOND;
import static org.noonmark.discipline.SimulatedDay.SHARP;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.discipline.SimulatedDay.Spoken;
import org.noonmark.nmea.FixReport;
import org.noonmark.nmea.LeapNotice;
import org.noonmark.nmea.TimeLabel.Trust;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.Oscillator.Wander;
import org.noonmark.sim.PulseModel.Noise;

/** Leap seconds of a simulated world: known, unknown, inserted, deleted, contradicted; a wrong second is never served when it was known. */
class LeapSecondTest {
    /** 2027-01-01 00:00:00. */
    private static final long MIDNIGHT = 1_798_761_600L;

    /** The day begins so long before the leap second. */
    private static final long BEFORE = 900;

    @ParameterizedTest
    @CsvSource({"1, STEP", "-1, STEP", "1, SYSTEM", "-1, SYSTEM"})
    void leapSecondAnnouncedByTheReceiver(int direction, LeapMode mode) {
        SimulatedDay day = day(direction, mode, Optional.empty());
        day.core.onLeapNotice(announced(direction));
        day.run(0, BEFORE - 10);
        ClockStatus.Leap told = day.core.status().leap();
        assertEquals(direction, told.direction());
        assertEquals(37, told.taiMinusUtcSeconds());
        assertEquals("receiver, NAV-TIMELS", told.source());
        assertEquals(mode == LeapMode.SYSTEM, told.leftToSystem());
        passes(day, direction, 8);
        assertEquals(37 + direction, day.core.status().leap().taiMinusUtcSeconds());
        assertEquals(0, day.core.status().leap().direction());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void leapSecondOfTheListAlone(int direction) {
        SimulatedDay day = day(direction, LeapMode.STEP, Optional.of(list(direction)));
        day.run(0, BEFORE - 10);
        assertEquals("leap seconds list", day.core.status().leap().source());
        passes(day, direction, 8);
        assertEquals(37 + direction, day.core.status().leap().taiMinusUtcSeconds());
    }

    @Test
    void leapSecondThatOnlyOtherClocksAnnounce() {
        SimulatedDay day = day(1, LeapMode.STEP, Optional.empty());
        day.witness = day.server.withLeap(() -> 1);
        day.run(0, BEFORE - 10);
        assertEquals("other clocks", day.core.status().leap().source());
        passes(day, 1, 8);
    }

    /** chrony's leapsecmode ignore: the clock stays, and is a second off; service ends before and comes back after labels have shown it. */
    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void ignoredLeapSecondIsNotServedUntilTheReceiverHasShownIt(int direction) {
        SimulatedDay day = day(direction, LeapMode.IGNORE, Optional.empty());
        day.core.onLeapNotice(announced(direction));
        day.run(0, BEFORE - 10);
        passes(day, direction, 20);
    }

    /** Its name, 23:59:60, is all that is ever said of it. */
    @ParameterizedTest
    @EnumSource(names = {"FIX", "UTC_PROVEN"})
    void unannouncedInsertedSecondShowsByItsName(Trust trust) {
        SimulatedDay day = day(1, LeapMode.STEP, Optional.empty());
        day.labels = _ -> new Spoken(150_000_000, 0, trust);
        day.run(0, BEFORE + 30);
        report("unannouncedInserted trust=" + trust, day);
        assertTrue(day.servedWrongSecondNanos <= 300_000_000, () -> "exposure " + day.servedWrongSecondNanos);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
    }

    /** Nothing shows a second that is left out but the labels after it. */
    @ParameterizedTest
    @EnumSource(names = {"FIX", "UTC_PROVEN"})
    void unannouncedDeletedSecondIsLeftAfterEightLabels(Trust trust) {
        SimulatedDay day = day(-1, LeapMode.STEP, Optional.empty());
        day.labels = _ -> new Spoken(150_000_000, 0, trust);
        day.run(0, BEFORE + 30);
        report("unannouncedDeleted trust=" + trust, day);
        assertTrue(day.servedWrongSecondNanos > 0 && day.servedWrongSecondNanos < 11 * SECOND);
        // A receiver that is sure is followed at once; one that does not say so has moved away from a second that was
        // proven.
        assertEquals(
                trust == Trust.UTC_PROVEN ? SyncState.DISCIPLINED : SyncState.REFUSED,
                day.core.status().state());
    }

    /** The receiver says so and does not do it: its labels show it before anything is served again. */
    @Test
    void announcedLeapSecondThatDoesNotComeIsTakenBackUnserved() {
        SimulatedDay day = day(0, LeapMode.STEP, Optional.empty());
        day.core.onLeapNotice(announced(1));
        day.run(0, BEFORE + 40);
        assertEquals(0, day.servedWrongSecondNanos);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(List.of(-SECOND, SECOND), rounded(day.steps.subList(day.steps.size() - 2, day.steps.size())));
    }

    @Test
    void holdoverGoesOnOverALeapSecond() {
        SimulatedDay day = day(1, LeapMode.STEP, Optional.empty());
        day.core.onLeapNotice(announced(1));
        day.pulsesLost = k -> k >= 600;
        day.run(0, BEFORE - 10);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
        day.run(BEFORE - 10, BEFORE + 60);
        assertEquals(SyncState.HOLDOVER, day.core.status().state());
        assertEquals(0, day.servedWrongSecondNanos);
        day.assertHonest("holdoverOverLeap");
    }

    @Test
    void announcementFromTheFirmwareIsNoAnnouncement() {
        LeapSchedule schedule = new LeapSchedule(Optional.empty());
        schedule.onNotice(new LeapNotice(18, false, 1, MIDNIGHT, "NAV-TIMELS"));
        assertEquals(null, schedule.next(MIDNIGHT - 100, 0));
        assertEquals(0, schedule.taiMinusUtcSeconds(MIDNIGHT - 100));
    }

    @Test
    void unexpiredListIsBelievedBeforeTheReceiverAndTheOwnerIsTold() {
        LeapSchedule schedule = new LeapSchedule(Optional.of(list(0)));
        schedule.onNotice(announced(1));
        assertEquals(null, schedule.next(MIDNIGHT - 100, 1));
        assertTrue(schedule.alarm(MIDNIGHT - 100).contains("the list is believed"), schedule.alarm(MIDNIGHT - 100));
        assertEquals("", new LeapSchedule(Optional.of(list(0))).alarm(MIDNIGHT - 100));
    }

    @Test
    void expiredListIsNotHeard() {
        LeapSecondsList old = new LeapSecondsList(
                LeapSecondsList.FILE_NAME, 0, MIDNIGHT - 1_000, List.of(new LeapSecondsList.Change(1_483_228_800, 37)));
        LeapSchedule schedule = new LeapSchedule(Optional.of(old));
        schedule.onNotice(announced(1));
        assertEquals(new LeapSecond(1, MIDNIGHT, "receiver, NAV-TIMELS"), schedule.next(MIDNIGHT - 100, 0));
    }

    @Test
    void leapSecondsComeAtTheEndOfAMonthOnly() {
        LeapSchedule schedule = new LeapSchedule(Optional.empty());
        schedule.onNotice(new LeapNotice(18, true, 1, MIDNIGHT + 86_400, "NAV-TIMELS"));
        assertEquals(null, schedule.next(MIDNIGHT - 100, 0));
        schedule.onNotice(new LeapNotice(18, true, 0, FixReport.UNKNOWN, "NAV-TIMELS"));
        assertEquals(null, schedule.next(MIDNIGHT + 100, 1), "other clocks are heard in June and December");
    }

    @Test
    void leapCountOfTheListProvesTheSeconds() {
        SimulatedDay day = new SimulatedDay(
                MIDNIGHT - BEFORE,
                37 * SECOND,
                Oscillator.wandering(Wander.QUIET, 1),
                Noise.BUSY,
                SHARP.with(it -> it.seconds(TimingOptions.Seconds.DEFAULTS.withLeapSeconds(Optional.of(list(0))))),
                1);
        day.labels = _ -> new Spoken(150_000_000, 0, Trust.FIX);
        day.core.onLeapNotice(new LeapNotice(18, false, 0, FixReport.UNKNOWN, "PUBX,04"));
        day.run(0, 30);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertTrue(day.core.status().labelling().proof().contains("leap seconds list"));
    }

    private static void passes(SimulatedDay day, int direction, long withinSeconds) {
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        int stepsBefore = day.steps.size();
        day.run(BEFORE - 10, BEFORE - 2);
        assertFalse(day.core.status().state().isSynchronised(), "withdrawn before");
        assertTrue(day.core.status().why().contains("a leap second is being"), day.core.status()::why);
        long back = -1;
        for (long k = BEFORE - 2; k < BEFORE + 60; k++) {
            day.run(k, k + 1);
            if (k > BEFORE && back < 0 && day.core.status().state().isSynchronised()) {
                back = k - BEFORE;
            }
        }
        System.out.printf(Locale.ROOT, "leapSecond direction=%+d back_after_s=%d%n", direction, back);
        assertTrue(back >= 0 && back <= withinSeconds, "served again after " + back + " s");
        assertEquals(0, day.servedWrongSecondNanos);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertTrue(day.steps.size() - stepsBefore <= 1, day.steps::toString);
        day.assertHonest("leapSecond " + direction);
    }

    private static void report(String what, SimulatedDay day) {
        System.out.printf(
                Locale.ROOT,
                "%s exposure_s=%.2f state=%s%n",
                what,
                day.servedWrongSecondNanos / 1e9,
                day.core.status().state());
    }

    private static List<Long> rounded(List<Long> steps) {
        return steps.stream()
                .map(step -> Math.round(step / (double) SECOND) * SECOND)
                .toList();
    }

    private static LeapNotice announced(int direction) {
        return new LeapNotice(18, true, direction, MIDNIGHT, "NAV-TIMELS");
    }

    private static LeapSecondsList list(int direction) {
        LeapSecondsList.Change last = new LeapSecondsList.Change(1_483_228_800, 37);
        long expiry = MIDNIGHT + 180 * 86_400;
        return new LeapSecondsList(
                LeapSecondsList.FILE_NAME,
                0,
                expiry,
                direction == 0 ? List.of(last) : List.of(last, new LeapSecondsList.Change(MIDNIGHT, 37 + direction)));
    }

    private static SimulatedDay day(int direction, LeapMode mode, Optional<LeapSecondsList> list) {
        boolean system = mode == LeapMode.SYSTEM;
        SimulatedDay day = new SimulatedDay(
                MIDNIGHT - BEFORE,
                100_000_000,
                Oscillator.wandering(Wander.QUIET, 1),
                Noise.BUSY,
                SHARP.with(it -> it.seconds(TimingOptions.Seconds.DEFAULTS
                        .withLeapMode(mode, system)
                        .withLeapSeconds(list))),
                1);
        day.leap = direction == 0 ? null : new LeapSecond(direction, MIDNIGHT, "the world");
        day.systemPassesLeaps = system;
        return day;
    }
}
