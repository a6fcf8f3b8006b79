package org.noonmark.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DepartureDelayTest {
    private static final int PLAIN = DepartureDelay.PLAIN;
    private static final int MAC = DepartureDelay.MAC;
    private static final int LAST_SEALED = DepartureDelay.KINDS - 1;

    private final DepartureDelay delays = new DepartureDelay();

    @Test
    void nothingIsAddedBeforeAnyAnswerWasStamped() {
        assertEquals(0, delays.nanos(PLAIN, 0));
    }

    @Test
    void eachKindAndEachPlaceHasItsOwn() {
        for (int i = 0; i < 100; i++) {
            delays.onLeft(PLAIN, 0, 2_000);
            delays.onLeft(PLAIN, 3, 7_000);
            delays.onLeft(MAC, 0, 3_000);
            delays.onLeft(LAST_SEALED, DepartureDelay.CHUNK, 40_000);
        }
        assertEquals(2_000, delays.nanos(PLAIN, 0));
        assertEquals(7_000, delays.nanos(PLAIN, 3));
        assertEquals(3_000, delays.nanos(MAC, 0));
        assertEquals(0, delays.nanos(MAC, 1));
        assertEquals(40_000, delays.nanos(LAST_SEALED, DepartureDelay.CHUNK));
    }

    @Test
    void interruptsAndImpossibleStampsMoveItLittle() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            int chance = random.nextInt(10);
            long nanos = 2_000L + random.nextInt(200);
            delays.onLeft(PLAIN, 0, chance == 0 ? 60_000 : chance == 1 ? -5 : chance == 2 ? 5_000_000_000L : nanos);
        }
        assertTrue(Math.abs(delays.nanos(PLAIN, 0) - 2_050) < 100, delays.nanos(PLAIN, 0) + " ns");
    }

    @Test
    void aChangeIsFollowedWithinTheSamplesThatAreKept() {
        for (int i = 0; i < 100; i++) {
            delays.onLeft(PLAIN, 0, 2_000);
        }
        for (int i = 0; i < 32; i++) {
            delays.onLeft(PLAIN, 0, 9_000);
        }
        assertEquals(9_000, delays.nanos(PLAIN, 0));
    }

    /** Half of what a call takes longer for the stamp lies before it. */
    @Test
    void whatTheStampItselfCostsIsTakenOff() {
        for (int i = 0; i < 300; i++) {
            delays.onLeft(PLAIN, 0, 3_000);
            delays.onCall(true, 5_000 + i % 10 * 100L);
            delays.onCall(false, 4_000 + i % 10 * 100L);
        }
        assertTrue(Math.abs(delays.nanos(PLAIN, 0) - 2_500) < 60, delays.nanos(PLAIN, 0) + " ns");
    }

    @Test
    void neverBeforeTheReading() {
        delays.onLeft(PLAIN, 0, 100);
        delays.onCall(true, 9_000);
        delays.onCall(false, 1_000);
        assertEquals(0, delays.nanos(PLAIN, 0));
    }
}
