package org.noonmark.nmea;

/**
 * What the receiver knows about leap seconds. Given when it changes.
 *
 * @param currentSeconds GPS minus UTC now, 18 since 2017; TAI minus UTC is 19 more
 * @param proven true when the receiver decoded it from satellites; false when it is the count built into its firmware
 * @param change announced: +1 a second is inserted, -1 one is deleted, 0 none announced
 * @param changeUtcSeconds seconds since 1970 of the first second after the change, {@link FixReport#UNKNOWN} without one
 * @param source the message that said it: {@code NAV-TIMELS}, {@code NAV-TIMEGPS}, {@code PUBX,04}
 */
public record LeapNotice(int currentSeconds, boolean proven, int change, long changeUtcSeconds, String source) {}
