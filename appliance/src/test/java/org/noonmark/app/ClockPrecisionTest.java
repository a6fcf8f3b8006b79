package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.noonmark.time.RealtimeClock;

class ClockPrecisionTest {
    @Test
    void isTheSmallestAdvanceRoundedUpToAPowerOfTwo() {
        assertEquals(-20, ClockPrecision.measure(ticking(900))); // 2^-20 s is 954 ns
        assertEquals(-19, ClockPrecision.measure(ticking(1_000)));
    }

    @Test
    void staysWithinWhatAClockCanBe() {
        assertEquals(-27, ClockPrecision.measure(ticking(1)));
        assertEquals(-6, ClockPrecision.measure(ticking(0)));
    }

    private static RealtimeClock ticking(long nanosPerReading) {
        return new RealtimeClock() {
            private long now = 1_800_000_000_000_000_000L;

            @Override
            public long nanos() {
                return now += nanosPerReading;
            }

            @Override
            public long ofKernelStamp(long kernelNanos) {
                return kernelNanos;
            }
        };
    }
}
