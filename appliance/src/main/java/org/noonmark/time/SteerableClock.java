package org.noonmark.time;

/** A clock that can be set and sped up or slowed down. Written by the timing thread only. */
public interface SteerableClock extends RealtimeClock {
    /** Moves the clock at once by {@code deltaNanos}; positive is forward. */
    void step(long deltaNanos);

    /**
     * Sets the frequency correction: the clock runs at its free rate times (1 + ppb x 1e-9). Takes effect at once and stays.
     *
     * @return what the clock really took on, after its own resolution and limits, in ppb
     */
    double setFrequencyPpb(double ppb);

    /** The frequency correction set, ppb, without what {@link #slew} adds. */
    double frequencyPpb();

    /**
     * Lets the clock work off {@code nanos} by itself, as {@link Slew} says; positive: it is moved forward. Comes in the place of what
     * an earlier call left, and 0 ends that. It ends even when this program has died.
     *
     * @return what the clock really took on, after its own resolution
     */
    long slew(long nanos);

    /**
     * Who else has steered this clock since the last call: one sentence with the cure; empty while nobody did. About once a second, by the
     * timing thread.
     */
    String foreignHand();

    /**
     * Tells the operating system of leap seconds, once a second. A clock that does nothing of it is moved by its daemon.
     *
     * @param direction of the leap second that ends the present UTC day and is left to the system: +1 insert, -1 delete, 0 none
     * @param taiMinusUtcSeconds 37 since 2017; 0 while nobody knows
     */
    default void publishLeap(int direction, int taiMinusUtcSeconds) {}

    /** Whether the clock moves itself over a leap second that it was told of. */
    default boolean passesLeapSeconds() {
        return false;
    }

    /**
     * Tells the operating system how good the clock is, so that other programs know (adjtimex STA_UNSYNC, maxerror, esterror).
     *
     * @param synchronised whether the time is proven
     * @param maxErrorNanos bound of the true error, nanoseconds
     * @param estErrorNanos likely error, nanoseconds
     */
    void publishQuality(boolean synchronised, long maxErrorNanos, long estErrorNanos);
}
