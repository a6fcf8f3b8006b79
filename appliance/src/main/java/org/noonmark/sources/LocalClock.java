package org.noonmark.sources;

/**
 * What is known of this machine's clock.
 *
 * @param precisionNanos of reading it
 * @param maxErrorPpb how fast it may wander from what was last measured (maxclockerror)
 * @param eraFloorNanos a time since 1970 that is certainly over
 */
public record LocalClock(double precisionNanos, double maxErrorPpb, long eraFloorNanos) {}
