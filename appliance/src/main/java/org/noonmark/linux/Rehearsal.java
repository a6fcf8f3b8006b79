package org.noonmark.linux;

import java.nio.ByteBuffer;

/**
 * A way in and out whose other end is played, so that all of it is run, and compiled, before real requests come. Used by one thread, in
 * turns: {@link #begin}, for each request {@link #ask}, {@link #deliver}, whoever serves {@link #way}, {@link #hear}.
 */
public interface Rehearsal extends AutoCloseable {
    /** What is served. */
    Datagrams way();

    /** Forgets what was asked. */
    void begin();

    /** The requests' memory, big-endian: slot n starts at {@link #packetStart}. */
    ByteBuffer packets();

    /** Where the slot's request starts in {@link #packets}. */
    int packetStart(int slot);

    /** Makes a request of the slot's first {@code length} octets; slots come in order, from 0. */
    void ask(int slot, int length);

    /** Brings the first so many requests to {@link #way}. */
    void deliver(int requests);

    /** Takes the answers that have come; how many. */
    int hear();

    @Override
    void close();
}
