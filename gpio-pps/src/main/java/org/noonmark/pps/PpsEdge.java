package org.noonmark.pps;

/**
 * One edge of the pulse, stamped.
 *
 * @param stampNanos local realtime clock at the edge, nanoseconds since 1970
 * @param sequence the device's count of edges; grows by one per edge, a gap means lost edges
 * @param polarity which edge it was
 * @param widthNanos how long the pulse before lasted: from its edge of this polarity to the opposite one; 0: the opposite edge was not seen
 */
public record PpsEdge(long stampNanos, long sequence, Polarity polarity, long widthNanos) {
    /** The kernel's words: assert is the rising edge unless the device is told otherwise. */
    public enum Polarity {
        ASSERT,
        CLEAR
    }

    /** An edge of a device that stamps no other. */
    public PpsEdge(long stampNanos, long sequence, Polarity polarity) {
        this(stampNanos, sequence, polarity, 0);
    }

    /** The same edge by a clock that was moved by {@code deltaNanos}. */
    public PpsEdge moved(long deltaNanos) {
        return new PpsEdge(stampNanos + deltaNanos, sequence, polarity, widthNanos);
    }
}
