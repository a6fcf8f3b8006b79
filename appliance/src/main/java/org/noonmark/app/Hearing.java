package org.noonmark.app;

import org.noonmark.nmea.serial.PortStatus;
import org.noonmark.status.ReceiverStatus.Link;

/**
 * Whether a receiver is heard and understood now; that it once was says nothing. Times are monotonic, so that no step of the clock
 * makes a receiver silent. For one thread.
 */
final class Hearing {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** A receiver talks once a second. */
    private static final long SILENT_NANOS = 5 * NANOS_PER_SECOND;
    /** A receiver that talks and is not understood for so long has been set to another speed. */
    private static final long UNINTELLIGIBLE_NANOS = 8 * NANOS_PER_SECOND;

    private long frames;
    private long lastByteNanos;
    private long understoodNanos;
    private boolean bytesCame;

    /** The port is read from now on, perhaps at another speed. */
    void onConnected(long nowNanos) {
        understoodNanos = nowNanos;
    }

    /**
     * Bytes came.
     *
     * @param framesSoFar messages in them and in all before them
     * @return whether none has been understood for so long that the speed should be found anew
     */
    boolean onBytes(long framesSoFar, long nowNanos) {
        bytesCame = true;
        lastByteNanos = nowNanos;
        if (framesSoFar != frames) {
            frames = framesSoFar;
            understoodNanos = nowNanos;
        }
        return isUnintelligible(nowNanos);
    }

    /** What comes through the port. */
    Link link(PortStatus.State port, long nowNanos) {
        return switch (port) {
            case CLOSED, OPENING, GONE -> Link.ABSENT;
            case DETECTING -> bytesCame ? Link.GARBLED : Link.SILENT;
            case READING -> {
                if (!bytesCame || nowNanos - lastByteNanos > SILENT_NANOS) {
                    yield Link.SILENT;
                }
                yield frames == 0 || isUnintelligible(nowNanos) ? Link.GARBLED : Link.TALKING;
            }
        };
    }

    private boolean isUnintelligible(long nowNanos) {
        return nowNanos - understoodNanos > UNINTELLIGIBLE_NANOS;
    }
}
