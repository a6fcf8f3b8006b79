package org.noonmark.provisioning;

/**
 * When the clock may be stepped instead of slewed.
 *
 * @param thresholdNanos a step corrects only offsets larger than this; never negative
 * @param limitUpdates steps are allowed in this many first clock updates; negative: always (service is withdrawn first)
 */
public record MakeStep(long thresholdNanos, int limitUpdates) {}
