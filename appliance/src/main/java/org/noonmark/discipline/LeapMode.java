package org.noonmark.discipline;

/** How the clock passes a leap second (leapsecmode of chrony.conf(5)). In all of them nothing is served meanwhile. */
public enum LeapMode {
    /** The operating system moves the clock, where it can; else as {@link #STEP}. */
    SYSTEM,
    /** The daemon moves the clock: back when it would show 00:00:00 too early, forward over 23:59:59. */
    STEP,
    /** Nobody moves the clock: the receiver's labels show later that it is a second off, and it is set and proven anew. */
    IGNORE
}
