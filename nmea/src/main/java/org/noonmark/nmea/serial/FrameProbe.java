package org.noonmark.nmea.serial;

import org.noonmark.nmea.SentenceFramer;

/** Tells whether a speed is the right one: at a wrong speed no frame ever passes its check. Made anew for each try. */
@FunctionalInterface
public interface FrameProbe {
    /** Takes the first {@code count} bytes; true once a frame with a right checksum was among all the bytes taken so far. */
    boolean sawFrame(byte[] bytes, int count);

    /** The usual judge: any frame that {@link SentenceFramer} lets through. */
    static FrameProbe ofCheckedFrames() {
        return new FrameProbe() {
            private boolean seen;
            private final SentenceFramer framer = new SentenceFramer(frame -> seen = true);

            @Override
            public boolean sawFrame(byte[] bytes, int count) {
                framer.accept(bytes, 0, count, 0);
                return seen;
            }
        };
    }
}
