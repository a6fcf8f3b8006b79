package org.noonmark.provisioning;

/**
 * How large a change of the time is followed.
 *
 * @param offsetNanos largest change
 * @param startUpdates how many first clock updates may be larger; negative: all
 * @param ignoreUpdates how many later ones are ignored, before one more ends the daemon; negative: all
 */
public record MaxChange(long offsetNanos, int startUpdates, int ignoreUpdates) {}
