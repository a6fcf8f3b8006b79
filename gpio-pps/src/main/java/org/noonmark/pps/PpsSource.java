package org.noonmark.pps;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where edges come from. Used by one thread, the pps thread; only {@link #close} may come from another. */
public interface PpsSource extends AutoCloseable {
    /**
     * Waits for the next edge.
     *
     * @return the edge, or null when none came within {@code timeout}
     * @throws IOException when the device is gone or refuses; the message names device, reason and cure
     * @throws InterruptedException when the waiting thread is to end
     */
    @Nullable PpsEdge await(Duration timeout) throws IOException, InterruptedException;

    /** What a person calls it, such as {@code /dev/pps0}. */
    String name();

    @Override
    void close();
}
