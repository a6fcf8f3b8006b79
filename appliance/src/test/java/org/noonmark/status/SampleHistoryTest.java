package org.noonmark.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SampleHistoryTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_800_000_000L * SECOND;

    @Test
    void saysNothingBeforeTheFirstSample() {
        assertSame(SampleStatistics.NONE, new SampleHistory(8).statistics(START));
    }

    @Test
    void findsTheSlopeOfAClockThatLoses() {
        SampleHistory history = new SampleHistory(64);
        SplittableRandom noise = new SplittableRandom(7);
        for (int i = 0; i < 200; i++) {
            history.onSample(START + i * SECOND, 40.0 * i + 100 * noise.nextGaussian());
        }
        SampleStatistics statistics = history.statistics(START + 199 * SECOND);
        assertEquals(64, statistics.samples());
        assertEquals(63, statistics.spanSeconds(), 1e-9);
        assertEquals(40, statistics.frequencyPpb(), 3 * statistics.skewPpb());
        assertEquals(100 / Math.sqrt(64 * 63 * 65 / 12.0), statistics.skewPpb(), 0.2);
        assertEquals(40.0 * 199, statistics.offsetNanos(), 60);
        assertEquals(100, statistics.deviationNanos(), 25);
        assertTrue(statistics.runs() > 20 && statistics.runs() < 45, "runs " + statistics.runs());
    }

    @Test
    void reachLosesABitForEverySecondWithoutASample() {
        SampleHistory history = new SampleHistory(64);
        for (int i = 0; i < 20; i++) {
            history.onSample(START + i * SECOND, 0);
        }
        long last = START + 19 * SECOND;
        assertEquals(0xff, history.statistics(last).reach());
        assertEquals(0xff, history.statistics(last + SECOND).reach());
        assertEquals(0xfe, history.statistics(last + 2 * SECOND).reach());
        assertEquals(0x80, history.statistics(last + 8 * SECOND).reach());
        assertEquals(0, history.statistics(last + 9 * SECOND).reach());
    }

    @Test
    void forgetsSamplesFromBeforeAStep() {
        SampleHistory history = new SampleHistory(8);
        history.onSample(START, 5);
        history.onStep();
        assertEquals(0, history.statistics(START).samples());
        history.onSample(START, -7);
        assertEquals(-7, history.statistics(START).lastOffsetNanos());
        assertEquals(1, history.statistics(START).samples());
    }
}
