package org.noonmark.provisioning;

/**
 * How far the clock's frequency and slews may go, parts per billion.
 *
 * @param maxSlewPpb maxslewrate
 * @param maxDriftPpb maxdrift
 * @param maxUpdateSkewPpb maxupdateskew
 */
public record ClockLimits(long maxSlewPpb, long maxDriftPpb, long maxUpdateSkewPpb) {}
