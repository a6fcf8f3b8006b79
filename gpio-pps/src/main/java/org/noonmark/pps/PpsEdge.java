package org.noonmark.pps;

/**
 * One edge of the pulse, stamped.
 *
 * @param stampNanos local realtime clock at the edge, nanoseconds since 1970
 * @param sequence the device's count of edges; grows by one per edge, a gap means lost edges
 * @param polarity which edge it was
 */
public record PpsEdge(long stampNanos, long sequence, Polarity polarity) {
    /** The kernel's words: assert is the rising edge unless the device is told otherwise. */
    public enum Polarity {
        ASSERT,
        CLEAR
    }
}
