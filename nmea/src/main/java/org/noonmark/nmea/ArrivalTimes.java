package org.noonmark.nmea;

/**
 * When each byte of the framer's buffer arrived. Only the ends of chunks are stored; the time of a byte within a chunk is found by
 * counting back from the chunk's last byte, but never before the chunk ahead of it. Questions must come in rising order of position.
 */
final class ArrivalTimes {
    private final int[] chunkEnd;
    private final long[] chunkNanos;
    private int first;
    private int count;
    private long previousNanos = Long.MIN_VALUE;
    private long nanosPerByte;

    ArrivalTimes(int capacity) {
        chunkEnd = new int[capacity];
        chunkNanos = new long[capacity];
    }

    void setNanosPerByte(long nanosPerByte) {
        this.nanosPerByte = nanosPerByte;
    }

    long nanosPerByte() {
        return nanosPerByte;
    }

    /** A chunk ended in front of buffer position {@code end}; its last byte arrived at {@code nanos}. */
    void mark(int end, long nanos) {
        chunkEnd[count] = end;
        chunkNanos[count] = nanos;
        count++;
    }

    /** Local clock when the byte at {@code position} arrived. */
    long at(int position) {
        while (chunkEnd[first] <= position) {
            previousNanos = chunkNanos[first];
            first++;
        }
        long last = chunkNanos[first];
        long backdated = last - (chunkEnd[first] - 1 - position) * nanosPerByte;
        // A chunk older than its predecessor means that the local clock was set back: then the predecessor says
        // nothing.
        return previousNanos <= last ? Math.max(backdated, previousNanos) : backdated;
    }

    /** The buffer's content moved down by {@code distance}. */
    void shift(int distance) {
        while (first < count && chunkEnd[first] <= distance) {
            previousNanos = chunkNanos[first];
            first++;
        }
        for (int i = first; i < count; i++) {
            chunkEnd[i - first] = chunkEnd[i] - distance;
            chunkNanos[i - first] = chunkNanos[i];
        }
        count -= first;
        first = 0;
    }

    /** The buffer is empty. */
    void clear() {
        if (count > 0) {
            previousNanos = chunkNanos[count - 1];
        }
        first = 0;
        count = 0;
    }
}
