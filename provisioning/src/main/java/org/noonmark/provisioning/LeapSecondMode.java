package org.noonmark.provisioning;

/** How the clock passes a leap second, as chrony.conf(5) defines it; nothing is served meanwhile. */
public enum LeapSecondMode {
    /** The kernel moves the clock. */
    SYSTEM,
    /** The daemon moves the clock. */
    STEP,
    /** Nobody does; it is set later, when labels show that it is a second off. */
    IGNORE
}
