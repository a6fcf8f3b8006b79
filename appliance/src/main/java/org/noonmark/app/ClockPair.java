package org.noonmark.app;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.noonmark.sources.Moment;
import org.noonmark.time.RealtimeClock;

/** Reads the served clock and a clock that nobody steers at one instant: of three readings, the one that took least. Any thread may. */
final class ClockPair implements Supplier<Moment> {
    private static final int READINGS = 3;

    private final RealtimeClock clock;
    private final LongSupplier rawNanos;

    ClockPair(RealtimeClock clock, LongSupplier rawNanos) {
        this.clock = clock;
        this.rawNanos = rawNanos;
    }

    @Override
    public Moment get() {
        long least = Long.MAX_VALUE;
        long local = 0;
        long raw = 0;
        for (int i = 0; i < READINGS; i++) {
            long before = rawNanos.getAsLong();
            long reading = clock.nanos();
            long took = rawNanos.getAsLong() - before;
            if (took < least) {
                least = took;
                local = reading;
                raw = before + took / 2;
            }
        }
        return new Moment(local, raw);
    }
}
