package org.noonmark.sources;

/**
 * How fast reference time runs against this machine's raw clock, as far as is known before a server's own samples tell: nothing but what
 * crystals are, at first; then what the servers agreed on last. A line through few samples that scatter is not turned by their noise as long
 * as this is likelier. Never told by the receiver: servers are to contradict it. Used by one thread.
 */
final class CrystalRate {
    /** What is asked of cheap crystals, and of a processor's own counter when it was measured at the start. */
    private static final double FIRST_DEVIATION = 40e-6;

    /** Ageing and warmth; chrony's limit for a clock that nobody disciplines (maxclockerror). */
    private static final double LEAST_DEVIATION = 1e-6;

    /** 1 ppm in an hour, as a room warms up. */
    private static final double WANDER_PER_NANO = 1e-6 / 3_600e9;

    private double share;
    private double deviation = FIRST_DEVIATION;
    private long toldRawNanos;

    /** Reference against raw time: positive when the reference gains. */
    double share() {
        return share;
    }

    /** How far {@link #share} may be off, one sigma. */
    double deviation() {
        return deviation;
    }

    /** Servers agree on {@code slope}, known to {@code skew}. */
    void onAgreed(double slope, double skew, long rawNanos) {
        if (skew < FIRST_DEVIATION) {
            share = slope;
            deviation = Math.max(LEAST_DEVIATION, skew);
            toldRawNanos = rawNanos;
        }
    }

    /**
     * A clock at this machine leads. Its readings may be a thousand times coarser than those of servers, and a rate that was known better
     * is not given up for what such a one makes of it: not before a crystal may have wandered as far.
     */
    void onClocks(double slope, double skew, long rawNanos) {
        if (skew <= deviation + (rawNanos - toldRawNanos) * WANDER_PER_NANO) {
            onAgreed(slope, skew, rawNanos);
        }
    }
}
