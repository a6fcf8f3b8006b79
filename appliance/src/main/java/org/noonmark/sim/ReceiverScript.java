package org.noonmark.sim;

import java.util.List;

/**
 * What a receiver will send and when its pulses come, second by second of the world's true time. Pure: the same second always gives the
 * same answer, in whatever order they are asked for, as long as nobody changes the receiver's settings. A thread that writes to a line at the
 * due times makes a receiver of it.
 */
public interface ReceiverScript {
    /**
     * Bytes that arrive together.
     *
     * @param dueNanos true time, nanoseconds since 1970, when the last of them has arrived
     * @param bytes not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // made once, written once to a line, never compared
    record Chunk(long dueNanos, byte[] bytes) {}

    /**
     * What describes the second {@code utcSecond}, in order of arrival; none of it is due before that second. Empty when the receiver is
     * silent. The last chunks may be due after the next second has begun.
     *
     * @param utcSecond seconds since 1970
     */
    List<Chunk> chunks(long utcSecond);

    /**
     * What it says to bytes that were sent to it. It may change what it will send from the next second on.
     *
     * @param bytes any part of a command
     */
    default byte[] hear(byte[] bytes) {
        return new byte[0];
    }

    /** Whether a pulse marks the beginning of {@code utcSecond}. */
    boolean hasPulse(long utcSecond);
}
