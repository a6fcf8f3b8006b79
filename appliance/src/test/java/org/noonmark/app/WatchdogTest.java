package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static final long SECOND = 1_000_000_000L;

    private List<Long> rounds = List.of(0L, 0L);
    private int told;
    private final Watchdog watchdog = new Watchdog(() -> told++, () -> rounds);

    @Test
    void tellsThatAllIsWellWhileEveryPacketThreadGoesRound() {
        for (long tick = 1; tick <= 60; tick++) {
            rounds = List.of(tick, 1_000 * tick);
            watchdog.onTick(tick * SECOND);
        }
        assertEquals(60, told);
    }

    @Test
    void fallsSilentWhenOnePacketThreadStandsStillAndSpeaksAgainWhenItGoesOn() {
        for (long tick = 1; tick <= 20; tick++) {
            rounds = List.of(Math.min(tick, 10), tick);
            watchdog.onTick(tick * SECOND);
        }
        assertEquals(15, told, "five seconds of patience after the tenth");
        rounds = List.of(11L, 21L);
        watchdog.onTick(21 * SECOND);
        assertEquals(16, told);
    }

    @Test
    void whereNothingIsServedTheTimingThreadAloneCounts() {
        rounds = List.of();
        watchdog.onTick(SECOND);
        watchdog.onTick(100 * SECOND);
        assertEquals(2, told);
    }

    @Test
    void aLongPauseOfTheTimingThreadItselfAccusesNobodyWhoWentOn() {
        watchdog.onTick(SECOND);
        rounds = List.of(1L, 1L);
        watchdog.onTick(100 * SECOND);
        assertEquals(2, told);
    }
}
