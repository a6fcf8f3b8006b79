package org.noonmark.provisioning;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A clock at this machine, by a {@code refclock} line of chrony.conf(5). Pulses that lock to a {@code receiver} are none: they are its own.
 *
 * @param driver how it is read
 * @param referenceId its name here and for clients: 1 to 4 printable ASCII characters, no other clock's
 * @param pollLog2Seconds interval of its samples
 * @param readLog2Seconds interval of its readings, where it has none of its own
 * @param filter readings that one sample is made of, at most
 * @param offsetNanos added to its readings
 * @param delayNanos half of it is how far it may be wrong for ever
 * @param precisionNanos of one reading; empty: that of this machine's clock
 * @param maxDispersionNanos samples that scatter more are not used; 0: all are
 * @param stratum 0 to 15
 * @param tai whether it keeps TAI
 * @param pulses how pulses get their second
 * @param minSamples of the regression; empty: the directive's number
 * @param maxSamples of the regression; empty: the directive's number
 * @param flags of {@code prefer}, {@code noselect}, {@code trust} and {@code require}
 */
public record ReferenceClockConfig(
        Driver driver,
        String referenceId,
        int pollLog2Seconds,
        int readLog2Seconds,
        int filter,
        long offsetNanos,
        long delayNanos,
        OptionalDouble precisionNanos,
        long maxDispersionNanos,
        int stratum,
        boolean tai,
        Pulses pulses,
        OptionalInt minSamples,
        OptionalInt maxSamples,
        Set<ServerConfig.Flag> flags) {
    /** Copies the set. */
    public ReferenceClockConfig {
        flags = Set.copyOf(flags);
    }

    /** How a clock is read. */
    public sealed interface Driver {
        /** The kernel's pulse device. */
        record Pulse(String device, PulseConfig.Edge edge) implements Driver {}

        /**
         * A segment of shared memory that another program fills.
         *
         * @param unit number of the segment, from 0
         * @param permissions of a segment that is made here
         */
        record SharedMemory(int unit, int permissions) implements Driver {}

        /** A socket, made here, to which another program sends. */
        record Socket(String path) implements Driver {}

        /**
         * The clock of a network card.
         *
         * @param crossStamps whether the card may stamp both clocks at once, where it can
         */
        record NetworkCard(String device, boolean crossStamps) implements Driver {}
    }

    /**
     * How readings that do not tell which second it is get it.
     *
     * @param always whether all readings are taken for such
     * @param lock refid of the clock that numbers them; empty: the clock of this machine, once another source has set it
     * @param hertz pulses in a second
     * @param maxLockAge so many pulses old may the readings of that clock be
     * @param widthNanos of a pulse where both of its edges are read; 0: one is
     */
    public record Pulses(boolean always, Optional<String> lock, int hertz, int maxLockAge, long widthNanos) {}
}
