package org.noonmark.nmea;

import java.util.Map;

/**
 * The whole way from a receiver's bytes to labels, fixes and sky views: {@link SentenceFramer}, parsers and {@link FixTracker}.
 * One thread at a time. Memory is fixed at construction.
 */
public final class ReceiverDecoder {
    private final FixTracker tracker;
    private final SentenceFramer framer;

    public ReceiverDecoder(GpsEra era, FixListener listener) {
        this(era, listener, _ -> {});
    }

    /** One whose frames {@code listener}'s side and {@code alsoHears} get, in this order. */
    public ReceiverDecoder(GpsEra era, FixListener listener, SentenceFramer.Sink alsoHears) {
        tracker = new FixTracker(era, listener);
        framer = new SentenceFramer(frame -> {
            tracker.onFrame(frame);
            alsoHears.onFrame(frame);
        });
    }

    /**
     * Takes bytes as they came from the line; any cut between calls gives the same result.
     *
     * @param arrivalNanos local clock, nanoseconds since 1970, when the last of these bytes arrived
     */
    public void accept(byte[] bytes, int offset, int length, long arrivalNanos) {
        framer.accept(bytes, offset, length, arrivalNanos);
    }

    /** How long one byte takes on the line, 10 bits / baud, so that each byte of a chunk gets its own arrival; 0 when unknown. */
    public void setNanosPerByte(long nanosPerByte) {
        framer.setNanosPerByte(nanosPerByte);
    }

    /** The line fell silent or ended: a half-received frame is given up, and the last epoch reported. */
    public void endOfInput() {
        framer.endOfInput();
        tracker.endOfInput();
    }

    /** Frames and noise since construction. */
    public SentenceFramer.Counts counts() {
        return framer.counts();
    }

    /** Messages with a right checksum whose content was refused, by reason. */
    public Map<Sentence.Problem, Long> refused() {
        return tracker.refused();
    }
}
