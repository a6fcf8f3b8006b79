package org.noonmark.provisioning;

/**
 * How to serve on when nothing disciplines the clock any more. It holds only after the time was proven once, or set by hand: before, nothing
 * is served as synchronised, whatever the configuration says.
 *
 * @param stratum stratum to announce, 1 to 15
 * @param distanceNanos root distance at which this takes over from holdover
 * @param orphan whether machines with the same stratum choose one among them whom the others follow
 * @param activateNanos root distance that must have been reached once; 0: any
 * @param waitSyncedNanos after the clock followed something last
 */
public record LocalReference(
        int stratum, long distanceNanos, boolean orphan, long activateNanos, long waitSyncedNanos) {
    /** Without conditions. */
    public LocalReference(int stratum, long distanceNanos) {
        this(stratum, distanceNanos, false, 0, 0);
    }
}
