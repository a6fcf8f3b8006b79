package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.app.WitnessedDay.DAY;
import static org.noonmark.app.WitnessedDay.HOUR;
import static org.noonmark.app.WitnessedDay.SECOND;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noonmark.discipline.SyncState;

/** Days on which somebody lies or the sky is lost: what is served, how wrong it gets, and the reason that is shown. */
class WitnessedDayTest {
    /** Round trip to servers of the same network. */
    private static final long NEAR_NANOS = 400_000;

    private final WitnessedDay day = new WitnessedDay(21);

    @AfterEach
    void say(TestInfo test) {
        WitnessedDay.Served served = day.served();
        System.out.printf(
                Locale.ROOT,
                "%s worst_ns=%d share_of_bound=%.2f by_receiver_s=%d by_servers_s=%d state=%s%n",
                test.getDisplayName(),
                served.worstNanos(),
                served.worstShare(),
                served.receiverSeconds(),
                served.serverSeconds(),
                day.status().state());
    }

    @Test
    void aLyingWitnessIsNamedAndNothingElseChanges() {
        day.asking(NEAR_NANOS, WitnessedDayTest::right, WitnessedDayTest::right, WitnessedDayTest::liesFromSix)
                .runTo(DAY);
        assertEquals('x', day.letters().charAt(2), day.letters());
        assertTrue(day.served().receiverSeconds() > DAY - 60, "all day");
        assertTrue(day.served().worstShare() < 1 && day.served().worstNanos() < 5_000, "as good as ever");
        assertFalse(day.screen().contains("servers say"), day.screen());
    }

    /** Nothing wrong is served for a second of it: its new second is contradicted before it is followed. */
    @Test
    void aReceiverThatLiesIsRefusedWithTheNamesOfThoseWhoSaySo() {
        day.receiverErrorNanos = WitnessedDayTest::liesFromSix;
        day.asking(NEAR_NANOS, WitnessedDayTest::right, WitnessedDayTest::right, WitnessedDayTest::right)
                .runTo(DAY);
        assertEquals(SyncState.REFUSED, day.status().state());
        assertTrue(
                day.status().why().startsWith("a majority of sources (10.0.0.1, 10.0.0.2, 10.0.0.3) says that"),
                day.status().why());
        assertTrue(
                day.served().lastSeconds() < 6 * HOUR + 30,
                "last served " + day.served().lastSeconds());
        assertTrue(day.served().worstShare() < 1, "honest to the end");
    }

    /** Two of three servers move by a second: who of both sides lies cannot be known, so nothing is served, and the reason names them. */
    @Test
    void aMajorityOfLiarsEndsTheServiceAndMovesNothing() {
        day.asking(NEAR_NANOS, WitnessedDayTest::right, WitnessedDayTest::liesFromSix, WitnessedDayTest::liesFromSix)
                .runTo(DAY);
        assertEquals(SyncState.REFUSED, day.status().state());
        assertTrue(
                day.status().why().startsWith("a majority of sources (10.0.0.2, 10.0.0.3) says that the clock is 1.0"),
                day.status().why());
        assertTrue(
                day.served().lastSeconds() < 7 * HOUR,
                "last served " + day.served().lastSeconds());
        assertTrue(day.served().worstShare() < 1, "honest to the end");
    }

    /**
     * Pulses drawn away so slowly that it passes for the crystal's wander are served for the whole day, by far more wrong than is told: servers
     * count against the receiver from 0.4 s on, for below that a crystal that changes its pace and a way that grows longer say the same of a
     * good one. From some milliseconds on the status says what they find.
     */
    @ParameterizedTest
    @CsvSource({"1, 83000, false", "10, 829000, false", "100, 8290000, true", "1000, 82900000, true"})
    void aSlowDragIsServedForTheDay(long nanosPerSecond, long mostNanos, boolean warned) {
        day.receiverErrorNanos = k -> k < HOUR ? 0 : (k - HOUR) * nanosPerSecond;
        day.asking(NEAR_NANOS, WitnessedDayTest::right, WitnessedDayTest::right, WitnessedDayTest::right)
                .runTo(DAY);
        WitnessedDay.Served served = day.served();
        assertEquals(SyncState.DISCIPLINED, day.status().state());
        assertTrue(served.receiverSeconds() > DAY - 60, "all day");
        assertTrue(served.worstShare() > 1, "what is told is passed");
        assertTrue(served.worstNanos() < mostNanos, "off by " + served.worstNanos());
        assertEquals(warned, day.screen().contains("3 of 3 servers say that the clock is at least "), day.screen());
    }

    /** Holdover first, then the servers, and at last the receiver again; some seconds are not served from one to the other. */
    @Test
    void aDayWithoutSkyIsServedAfterTheServers() {
        day.sky = k -> k < HOUR || k >= HOUR + DAY;
        day.asking(NEAR_NANOS, WitnessedDayTest::right, WitnessedDayTest::right, WitnessedDayTest::right)
                .runTo(DAY + 2 * HOUR);
        WitnessedDay.Served served = day.served();
        assertTrue(served.serverSeconds() > 20 * HOUR, "by servers for " + served.serverSeconds() + " s");
        assertTrue(served.receiverSeconds() + served.serverSeconds() > DAY + 2 * HOUR - 120, "almost without a gap");
        assertTrue(served.worstShare() < 1 && served.worstNanos() < NEAR_NANOS, "off by " + served.worstNanos());
        assertEquals(1, day.system().stratum());
    }

    @Test
    void aDayWithoutSkyAndWithoutServersIsServedAsLongAsTheErrorIsSmall() {
        day.sky = k -> k < HOUR || k >= HOUR + DAY;
        day.runTo(DAY);
        assertTrue(
                day.served().lastSeconds() > 90 * 60,
                "holdover until " + day.served().lastSeconds());
        assertTrue(
                day.served().lastSeconds() < 12 * HOUR,
                "and no longer: " + day.served().lastSeconds());
        assertEquals(SyncState.COLD, day.status().state());
        assertTrue(
                day.status().why().startsWith("the error may have grown beyond the limit"),
                day.status().why());
        day.runTo(DAY + 2 * HOUR);
        assertEquals(1, day.system().stratum());
        assertTrue(day.served().worstShare() < 1 && day.served().worstNanos() < 1_000_000, "within the limit");
    }

    private static long right(@SuppressWarnings("unused") long second) {
        return 0;
    }

    private static long liesFromSix(long second) {
        return second < 6 * HOUR ? 0 : SECOND;
    }
}
