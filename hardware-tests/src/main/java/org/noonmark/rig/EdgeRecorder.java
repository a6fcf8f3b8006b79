package org.noonmark.rig;

import java.io.IOException;
import java.io.Writer;

/**
 * Writes each edge once, a line {@code SEQUENCE SECONDS.NANOSECONDS}. For one thread.
 */
final class EdgeRecorder {
    private static final long SECOND = 1_000_000_000L;

    private final Writer writer;
    private long lastSequence;
    private long count;

    EdgeRecorder(Writer writer) {
        this.writer = writer;
    }

    /** A reading of the device; one that is no event (number 0: none yet), or was there before, is passed over. */
    void onLine(String line) throws IOException {
        EdgeStamp edge = EdgeStamp.parse(line).orElse(null);
        if (edge == null || edge.sequence() == lastSequence) {
            return;
        }
        lastSequence = edge.sequence();
        count++;
        writer.write("%d %d.%09d%n".formatted(edge.sequence(), edge.nanos() / SECOND, edge.nanos() % SECOND));
        // A day's work: what has come is kept, whatever ends the rig.
        writer.flush();
    }

    /** Edges written. */
    long count() {
        return count;
    }
}
