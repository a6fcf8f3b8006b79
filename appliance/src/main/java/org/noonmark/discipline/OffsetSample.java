package org.noonmark.discipline;

/**
 * One labelled edge: the local clock held against the second that the edge marks.
 *
 * @param edgeNanos local clock at the edge, nanoseconds since 1970
 * @param utcSeconds the second that the edge marks, POSIX count
 * @param offsetNanos reference minus local, nanoseconds; positive when the local clock is slow (the sign of theta in RFC 5905,
 *     section 8). This is the one place where the sign is written down; everything else follows it.
 */
public record OffsetSample(long edgeNanos, long utcSeconds, long offsetNanos) {
    /** The sample of an edge stamped {@code edgeNanos} that marks {@code utcSeconds}. */
    public static OffsetSample of(long edgeNanos, long utcSeconds) {
        return new OffsetSample(edgeNanos, utcSeconds, utcSeconds * 1_000_000_000L - edgeNanos);
    }
}
