package org.noonmark.nmea;

/**
 * A receiver that moves its time back: after a week rollover, a corrected leap count, or a restart with another date. Its labels
 * are held until the new timeline has proven itself by consecutive seconds.
 *
 * @param fromUtcSeconds last label given before
 * @param toUtcSeconds first label of the new timeline
 * @param heldLabels how many epochs were held back before the new timeline was believed
 */
public record TimeJump(long fromUtcSeconds, long toUtcSeconds, int heldLabels) {}
