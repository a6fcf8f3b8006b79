package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LogPaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void anHourOfFlappingIsToldSomeSixtyTimes() {
        assertEquals(5 + 59, told(0, 3_600));
    }

    @Test
    void aQuietHourAllowsAFewInARowAgain() {
        LogPace pace = new LogPace();
        for (int second = 0; second < 60; second++) {
            pace.mayTell(second * SECOND);
        }
        int told = 0;
        for (int second = 7_200; second < 7_230; second++) {
            told += pace.mayTell(second * SECOND) ? 1 : 0;
        }
        assertEquals(5, told);
    }

    private static int told(int from, int to) {
        LogPace pace = new LogPace();
        int told = 0;
        for (int second = from; second < to; second++) {
            told += pace.mayTell(second * SECOND) ? 1 : 0;
        }
        return told;
    }
}
