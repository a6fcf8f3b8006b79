package org.noonmark.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.noonmark.sim.ReceiverScript.Chunk;

/**
 * How long bytes take on their way: 8N1, ten bits each.
 *
 * @param baud bits per second; 0: no time at all, as over USB
 */
public record SerialLine(int baud) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long BITS_PER_BYTE = 10;
    /** A reader is woken about this often; a UART with a FIFO of 16 bytes at 38 400 baud does the same. */
    private static final long CHUNK_NANOS = 4_000_000;

    public SerialLine {
        if (baud < 0) {
            throw new IllegalArgumentException("baud " + baud + ", need 0 (no line) or more");
        }
    }

    /** How long {@code count} bytes take. */
    public long nanosOf(int count) {
        return baud == 0 ? 0 : count * BITS_PER_BYTE * NANOS_PER_SECOND / baud;
    }

    /** The chunks of {@code bytes} whose first bit is sent at {@code startNanos}. */
    public List<Chunk> chunks(long startNanos, byte[] bytes) {
        int size = baud == 0 ? Math.max(1, bytes.length) : Math.max(1, (int) (CHUNK_NANOS / nanosOf(1)));
        List<Chunk> chunks = new ArrayList<>(bytes.length / size + 1);
        for (int from = 0; from < bytes.length; from += size) {
            int to = Math.min(from + size, bytes.length);
            chunks.add(new Chunk(startNanos + nanosOf(to), Arrays.copyOfRange(bytes, from, to)));
        }
        return chunks;
    }
}
