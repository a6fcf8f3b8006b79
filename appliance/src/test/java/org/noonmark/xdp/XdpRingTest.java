package org.noonmark.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The kernel's side is played here: its index of taken entries, and what it reads where. */
class XdpRingTest {
    private static final int PRODUCER = 0;
    private static final int CONSUMER = 4;
    private static final int FLAGS = 8;
    private static final int ENTRIES = 16;
    private static final int SIZE = 4;

    private final ByteBuffer memory = XdpCalls.direct(ENTRIES + 16 * SIZE);
    private final XdpRing ring = new XdpRing(memory, 0, places(), 0, SIZE, 16);

    @Test
    void entriesGoRoundAndTheKernelSeesThemInOrder() {
        for (int i = 0; i < 3 * SIZE; i++) {
            ring.set(0, 100 + i, 7);
            ring.produce(1);
            assertEquals(1, ring.pending());
            assertEquals(i + 1, memory.getInt(PRODUCER));
            assertEquals(100 + i, memory.getLong(ENTRIES + 16 * (i % SIZE)));
            memory.putInt(CONSUMER, i + 1);
            assertEquals(0, ring.pending());
        }
    }

    @Test
    void countsWhatTheKernelHasNotTaken() {
        ring.set(0, 100, 7);
        ring.set(1, 200, 7);
        ring.set(2, 300, 7);
        ring.produce(3);
        memory.putInt(CONSUMER, 1);
        assertEquals(2, ring.pending());
    }

    @Test
    void tellsWhenTheKernelMustBeCalled() {
        memory.putInt(FLAGS, 1);
        assertTrue(ring.needsWakeUp());
    }

    /** struct xdp_ring_offset. */
    private static ByteBuffer places() {
        return XdpCalls.direct(32)
                .putLong(0, PRODUCER)
                .putLong(8, CONSUMER)
                .putLong(16, ENTRIES)
                .putLong(24, FLAGS);
    }
}
