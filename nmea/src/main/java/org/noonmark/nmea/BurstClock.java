package org.noonmark.nmea;

/**
 * Finds the first byte of each epoch's burst. A receiver speaks in bursts: silence, then all sentences of an epoch. When silence was
 * heard, the burst began with the first frame after it, even if that frame carries no time; on a line too busy for silence, it
 * began with the frame that first spoke the new time.
 */
final class BurstClock {
    /** Silence that separates bursts. Longer than the pauses that USB and task switches in receivers make within one (about 20 ms). */
    private static final long SILENCE_NANOS = 50_000_000;
    /** Untimed frames further ahead of the first timed one belong to something else. */
    private static final long LONGEST_LEAD_NANOS = 400_000_000;

    private long lastByteNanos = Long.MIN_VALUE;
    private long burstNanos;
    private boolean timeSpokenSinceSilence;

    /** A frame that belongs to bursts arrived. */
    void onFrame(long firstByteNanos, long lastByteNanos) {
        boolean setBack = firstByteNanos < this.lastByteNanos;
        if (this.lastByteNanos == Long.MIN_VALUE || setBack || firstByteNanos - this.lastByteNanos >= SILENCE_NANOS) {
            burstNanos = firstByteNanos;
            timeSpokenSinceSilence = false;
        }
        this.lastByteNanos = lastByteNanos;
    }

    /** A frame spoke the time of the epoch that is already known: what follows without silence may be the next epoch's. */
    void onKnownEpoch() {
        timeSpokenSinceSilence = true;
    }

    /** The frame that began at {@code firstByteNanos} speaks a new time: when did its burst begin? */
    long onNewEpoch(long firstByteNanos) {
        boolean led = !timeSpokenSinceSilence && firstByteNanos - burstNanos <= LONGEST_LEAD_NANOS;
        timeSpokenSinceSilence = true;
        return led ? burstNanos : firstByteNanos;
    }
}
