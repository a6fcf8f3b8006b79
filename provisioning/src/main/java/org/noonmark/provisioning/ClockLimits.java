package org.noonmark.provisioning;

import java.util.Optional;

/**
 * How far the clock's frequency and slews may go, parts per billion.
 *
 * @param maxSlewPpb maxslewrate
 * @param maxDriftPpb maxdrift
 * @param maxUpdateSkewPpb maxupdateskew
 * @param maxChange maxchange; empty: any change of the time is followed
 */
public record ClockLimits(long maxSlewPpb, long maxDriftPpb, long maxUpdateSkewPpb, Optional<MaxChange> maxChange) {}
