package org.noonmark.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.noonmark.linux.Datagrams;

class OverloadWatchTest {
    private static final int FULL = Datagrams.SLOTS;
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;

    /** A full batch in so long: 200 000 requests a second. */
    private static final long BATCH_NANOS = 320_000;

    private final OverloadWatch sockets = new OverloadWatch(false);
    private final OverloadWatch driver = new OverloadWatch(true);
    private long answered;
    private int waiting;
    private boolean isFlooded;
    private long nowNanos = 1_700_000_000 * SECOND;

    @Test
    void theClockIsNotReadForOrdinaryBatches() {
        assertFalse(sockets.concerns(FULL - 1));
        assertTrue(sockets.concerns(FULL));
    }

    @Test
    void aBurstIsNoOverload() {
        take(sockets, FULL, 16);
        assertFalse(sockets.isAlarmed());
        take(sockets, 3, 1);
        take(sockets, FULL, 16);
        assertFalse(sockets.isAlarmed());
        take(sockets, FULL, 1);
        assertTrue(sockets.isAlarmed() && sockets.isPressed());
    }

    @Test
    void whenThereIsRoomAgainAllAreAnsweredAtOnce() {
        take(sockets, FULL, 20);
        assertTrue(sockets.isPressed());
        take(sockets, FULL / 2, 1);
        assertTrue(sockets.isPressed(), "half full is not empty");
        take(sockets, 5, 1);
        assertFalse(sockets.isPressed());
        assertTrue(sockets.isAlarmed(), "but nobody becomes known yet");
        take(sockets, FULL, 3);
        assertTrue(sockets.isPressed(), "the next rush is met sooner");
    }

    @Test
    void theAlarmEndsAfterFiveQuietSeconds() {
        take(sockets, FULL, 20);
        take(sockets, 1, 1);
        nowNanos += 4 * SECOND;
        take(sockets, 1, 1);
        assertTrue(sockets.isAlarmed());
        nowNanos += 2 * SECOND;
        take(sockets, 1, 1);
        assertFalse(sockets.isAlarmed());
    }

    @Test
    void aClockThatIsSetBackEndsTheAlarm() {
        take(sockets, FULL, 20);
        nowNanos -= 3_600 * SECOND;
        take(sockets, 1, 1);
        assertFalse(sockets.isAlarmed());
    }

    @Test
    void whatIsLeftOutInTheDriverEndsWhenLessIsAskedThanCanBeAnswered() {
        take(driver, FULL, 20);
        look(driver, 5_000);
        assertTrue(driver.isPressed(), "500 000 a second");
        take(driver, 5, 1);
        assertTrue(driver.isPressed(), "a batch tells nothing of what was left out");
        nowNanos += 3 * SECOND;
        driver.onLeftOut(6_000_000, nowNanos);
        assertTrue(driver.isAlarmed(), "for as long as it lasts");
        look(driver, 1_400);
        assertFalse(driver.isPressed(), "140 000 a second, of 200 000 that can be answered");
        assertTrue(driver.isAlarmed());
    }

    @Test
    void whetherThereIsRoomForAllIsTriedAndLaterEachTimeThatThereIsNone() {
        take(driver, FULL, 17);
        look(driver, 2_500);
        assertFalse(driver.isPressed(), "250 000 a second");
        int lasted = 0;
        for (int trial = 1; trial <= 6; trial++) {
            nowNanos += 10 * MILLISECOND;
            take(driver, FULL, 9);
            assertTrue(driver.isPressed());
            for (lasted = 1; driver.isPressed(); lasted++) {
                look(driver, 2_200);
            }
        }
        assertEquals(1 + 13, lasted, 1, "2 ms the first time, 128 ms the seventh");
        nowNanos += SECOND;
        take(driver, FULL, 9);
        look(driver, 2_200);
        assertFalse(driver.isPressed(), "at once after a time without rush");
    }

    @Test
    void theFirstLookComesSooner() {
        take(driver, FULL, 17);
        assertFalse(driver.wantsLook(nowNanos + MILLISECOND));
        assertTrue(driver.wantsLook(nowNanos + 2 * MILLISECOND));
        look(driver, 4_000);
        assertFalse(driver.wantsLook(nowNanos + 9 * MILLISECOND));
    }

    @Test
    void muchMoreThanCanBeAnsweredIsSeldomTried() {
        take(driver, FULL, 17);
        for (int i = 0; i < 399; i++) {
            look(driver, 3_500);
            assertTrue(driver.isPressed());
        }
        look(driver, 3_500);
        assertFalse(driver.isPressed(), "after four seconds, or an error would last as long as the flood");
    }

    @Test
    void halfAQueueIsARushAtOnce() {
        take(driver, FULL, 17);
        look(driver, 0);
        waiting = 1_000;
        take(driver, FULL, 1);
        assertFalse(driver.isPressed());
        waiting = 1_024;
        take(driver, FULL, 1);
        assertTrue(driver.isPressed());
        look(driver, 1_400);
        assertFalse(driver.isPressed(), "it tells nothing of what can be answered: 200 000 still");
    }

    @Test
    void aShortRushKeepsNobodyFromBecomingKnownForLong() {
        waiting = 1_024;
        take(driver, FULL, 16);
        assertFalse(driver.isPressed(), "what can be answered is not known yet");
        take(driver, FULL, 1);
        assertTrue(driver.isPressed());
        look(driver, 0);
        waiting = 0;
        take(driver, 1, 1);
        assertTrue(driver.isAlarmed());
        nowNanos += 100 * MILLISECOND;
        take(driver, 1, 1);
        assertFalse(driver.isAlarmed());
    }

    @Test
    void aClockThatIsSetBackInARushTellsNothingOfWhatCanBeAnswered() {
        take(driver, FULL, 17);
        look(driver, 0);
        take(driver, FULL, 1);
        nowNanos -= 3_600 * SECOND;
        take(driver, FULL, 16);
        assertTrue(driver.isPressed());
        look(driver, 2_800);
        assertTrue(driver.isPressed(), "280 000 a second, of 7/8 of 200 000");
    }

    @Test
    void theMoreIsAskedTheLessStrangersHave() {
        take(driver, FULL, 17);
        assertEquals(12_500, driver.strangersPerSecond(), 500, "at first");
        nowNanos += MILLISECOND;
        driver.onLeftOut(170, nowNanos);
        assertEquals(100_000, driver.strangersPerSecond(), 5_000, "half, when little more is asked");
        look(driver, 3_100);
        assertEquals(41_600, driver.strangersPerSecond(), 2_000, "a fifth, at half as much again");
        look(driver, 4_000);
        assertEquals(25_000, driver.strangersPerSecond(), 2_000, "an eighth, at twice as much");
        look(driver, 40_000);
        assertEquals(12_500, driver.strangersPerSecond(), 500, "never less than a sixteenth");
    }

    /** They cost less than an answer, and so many that they are a rush are too many. */
    @Test
    void requestsThatAreRefusedDoNotCountAsAnswered() {
        isFlooded = true;
        take(driver, FULL, 17);
        assertEquals(5_000, driver.strangersPerSecond(), 1);
        look(driver, 400);
        assertTrue(driver.isPressed());
        look(driver, 100);
        assertFalse(driver.isPressed(), "every board answers 20 000 a second");
    }

    @Test
    void itEndsWhenNothingIsLeftOut() {
        // A pause of the machine makes it seem that little can be answered.
        take(driver, FULL, 1);
        nowNanos += SECOND;
        take(driver, FULL, 16);
        take(driver, 50, 10);
        look(driver, 300);
        assertTrue(driver.isPressed());
        look(driver, 0);
        assertFalse(driver.isPressed());
    }

    private void take(OverloadWatch watch, int received, int times) {
        for (int i = 0; i < times; i++) {
            nowNanos += BATCH_NANOS;
            if (watch.concerns(received)) {
                watch.onBatch(received, waiting, answered, nowNanos);
            }
            answered += isFlooded ? 0 : received;
        }
    }

    /** Ten milliseconds later. */
    private void look(OverloadWatch watch, long leftOut) {
        nowNanos += 10 * MILLISECOND;
        assertTrue(watch.wantsLook(nowNanos));
        watch.onLeftOut(leftOut, nowNanos);
    }
}
