package org.noonmark.sources;

import java.util.Optional;

/**
 * A clock at this machine: the options of {@code refclock} in chrony.conf(5) with the same meaning.
 *
 * @param referenceId its name here and for clients, one to four ASCII characters
 * @param pollLog2Seconds interval in which its readings make one sample
 * @param filter readings that are kept for one sample, at most
 * @param offsetNanos added to each reading; positive when the clock is known to be behind
 * @param delayNanos half of it is how far the clock may be wrong for ever
 * @param precisionNanos of one reading
 * @param maxDispersionNanos samples that scatter more are not used; 0: all are
 * @param stratum 0 to 15
 * @param tai whether it keeps TAI
 * @param pulses where it tells where a second begins, and not which
 * @param limits of its samples; only the least and the most
 * @param choice its part in selection
 */
public record ReferenceClockOptions(
        String referenceId,
        int pollLog2Seconds,
        int filter,
        long offsetNanos,
        double delayNanos,
        double precisionNanos,
        double maxDispersionNanos,
        int stratum,
        boolean tai,
        Pulses pulses,
        SourceOptions.Limits limits,
        SourceOptions.Choice choice) {
    /**
     * How readings without the number of the second get it.
     *
     * @param always whether all of its readings are taken for such
     * @param lock name of the clock whose readings number them; empty: the clock of this machine does, where it is synchronised
     * @param hertz pulses in a second
     * @param maxLockAge so many pulses ago that clock may have been read
     * @param widthNanos from one edge to the other where both are read; 0: only one is
     */
    public record Pulses(boolean always, Optional<String> lock, double hertz, int maxLockAge, long widthNanos) {
        /** Numbered by this machine's own clock. */
        public static final Pulses DEFAULTS = new Pulses(false, Optional.empty(), 1, 2, 0);

        double periodNanos() {
            return 1e9 / hertz;
        }

        /** How far a reading may lie from where it is expected. */
        double mostNanos() {
            double period = periodNanos();
            double half = widthNanos == 0 ? period / 2 : Math.min((double) widthNanos, period - widthNanos) / 2;
            return Math.min(CERTAIN * period, half);
        }
    }

    /** Of a period: nearer to the middle, it may be either of two pulses. */
    private static final double CERTAIN = 0.4;

    long pollNanos() {
        return Math.round(Math.scalb(1e9, pollLog2Seconds));
    }

    /** The reference id as it is sent. */
    int id() {
        int id = 0;
        for (int i = 0; i < 4; i++) {
            id = id << 8 | (i < referenceId.length() ? referenceId.charAt(i) & 0xff : 0);
        }
        return id;
    }
}
