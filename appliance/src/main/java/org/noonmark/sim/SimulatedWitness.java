package org.noonmark.sim;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.noonmark.discipline.Witness;
import org.noonmark.time.RealtimeClock;

/**
 * Another clock of the simulated world, such as a time server over a network.
 *
 * @param name as shown to a person
 * @param clock the one that it is held against
 * @param utcNanos the world's UTC, nanoseconds since 1970
 * @param errorNanos how far it is off
 * @param boundNanos how far it says that it may be off
 * @param leapDirection what it announces for the end of the present day
 */
public record SimulatedWitness(
        String name,
        RealtimeClock clock,
        LongSupplier utcNanos,
        long errorNanos,
        long boundNanos,
        IntSupplier leapDirection)
        implements Witness {
    /** A good server on the same network: 2 ms off, within 30 ms for sure, and silent about leap seconds. */
    public static SimulatedWitness ofServer(RealtimeClock clock, LongSupplier utcNanos) {
        return new SimulatedWitness("simulated server", clock, utcNanos, 2_000_000, 30_000_000, () -> 0);
    }

    /** The same, announcing leap seconds. */
    public SimulatedWitness withLeap(IntSupplier direction) {
        return new SimulatedWitness(name, clock, utcNanos, errorNanos, boundNanos, direction);
    }

    @Override
    public Testimony testimony() {
        long now = clock.nanos();
        return new Testimony(
                name, utcNanos.getAsLong() + errorNanos - now, boundNanos, now, leapDirection.getAsInt(), true);
    }
}
