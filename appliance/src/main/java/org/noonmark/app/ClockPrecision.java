package org.noonmark.app;

import org.noonmark.time.RealtimeClock;

/** The precision of a clock as RFC 5905 section 4 means it: the time to read it, or its step if that is larger. */
final class ClockPrecision {
    /** Enough for the reading to be compiled on the way: the daemon will read that fast. Some tens of milliseconds at the start. */
    private static final int READINGS = 50_000;
    /** Nobody's clock is read in less than 8 ns, and a coarser one than 15 ms is not a clock. */
    private static final int FINEST = -27;

    private static final int COARSEST = -6;

    private ClockPrecision() {}

    /** log2 seconds, rounded up to the next power of two, of the smallest advance seen between two readings. */
    static int measure(RealtimeClock clock) {
        long smallest = Long.MAX_VALUE;
        long last = clock.nanos();
        for (int i = 0; i < READINGS; i++) {
            long now = clock.nanos();
            if (now > last) {
                smallest = Math.min(smallest, now - last);
            }
            last = now;
        }
        int precision = COARSEST;
        while (precision > FINEST && Math.scalb(1e9, precision - 1) >= smallest) {
            precision--;
        }
        return precision;
    }
}
