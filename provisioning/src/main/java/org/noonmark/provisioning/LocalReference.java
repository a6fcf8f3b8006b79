package org.noonmark.provisioning;

/**
 * How to serve on when nothing disciplines the clock any more. It holds only after the time was proven once: before, nothing is served
 * as synchronised, whatever the configuration says.
 *
 * @param stratum stratum to announce, 1 to 15
 * @param distanceNanos root distance at which this takes over from holdover
 */
public record LocalReference(int stratum, long distanceNanos) {}
