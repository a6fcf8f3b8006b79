package org.noonmark.pps;

/**
 * Whether the edge in use is the beginning of the pulse. Receivers pulse for a small part of the second: an edge after which the line
 * stays for most of the second is the end of the pulse, and late by its length.
 */
final class PulseShape {
    /** Above this share of the second the other edge is the likelier beginning; a pulse of half a second tells nothing. */
    private static final long LONGEST_NANOS = 550_000_000L;

    /** Widths that agree, in a row, before they say something. */
    private static final int PROOF = 3;

    private static final long TOLERANCE_NANOS = 5_000_000L;
    private static final int TOLERANCE_DIVISOR = 20;

    private final long expectedNanos;
    private long widthNanos;
    private int agreeing;

    /** {@code expectedNanos} is the owner's word on the width of the pulse; 0: none. */
    PulseShape(long expectedNanos) {
        this.expectedNanos = expectedNanos;
    }

    /** The pulse before the edge lasted so long; 0: nobody saw. */
    void onWidth(long nanos) {
        if (nanos > 0) {
            agreeing = isAlike(nanos, widthNanos) ? agreeing + 1 : 1;
            widthNanos = nanos;
        }
    }

    void reset() {
        agreeing = 0;
    }

    /** How long pulses last after the edge in use; 0 while it is not known. */
    long widthNanos() {
        return agreeing >= PROOF ? widthNanos : 0;
    }

    /** Whether the edge in use is the wrong one of the two. */
    boolean isWrongEdge() {
        long width = widthNanos();
        if (width == 0) {
            return false;
        }
        return expectedNanos == 0 ? width > LONGEST_NANOS : !isAlike(width, expectedNanos);
    }

    private static boolean isAlike(long nanos, long otherNanos) {
        return Math.abs(nanos - otherNanos) <= TOLERANCE_NANOS + otherNanos / TOLERANCE_DIVISOR;
    }
}
