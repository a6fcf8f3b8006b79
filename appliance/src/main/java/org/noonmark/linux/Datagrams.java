package org.noonmark.linux;

import java.nio.ByteBuffer;

/**
 * A way in and out for UDP datagrams in batches, with a stamp of each arrival, that answers each from the address that it came to.
 * Received datagrams lie in numbered slots until the next {@link #receive}; an answer is written over its request and {@link #queue}d,
 * then sent. Nothing is allocated. Used by one thread, except {@link #wake}. Addresses are 128 bits in two longs, IPv4 as ::ffff:a.b.c.d.
 */
public interface Datagrams extends AutoCloseable {
    /** Datagrams in one batch, at most. */
    int SLOTS = 64;

    /** {@link #receiveNanos} of a datagram that was not stamped. */
    long NO_STAMP = Long.MIN_VALUE;

    /**
     * Waits for datagrams and takes all that are there, up to {@link #SLOTS}, into slots 0 and up. Forgets what was queued.
     *
     * @return how many; 0 when it was woken, interrupted by a signal, or nothing came for a second
     * @throws IllegalStateException when the way itself is broken, which would otherwise be an endless idle loop
     */
    int receive();

    /** How many datagrams the last {@link #receive} found, those that it took included; 0 where that is not known. */
    default int waiting() {
        return 0;
    }

    /** The slots' memory, big-endian: slot n starts at {@link #packetStart}. */
    ByteBuffer packets();

    /** Where the slot's datagram starts in {@link #packets}. */
    int packetStart(int slot);

    /** Octets received into the slot. */
    int length(int slot);

    /** Whether the datagram was longer than the slot. */
    boolean truncated(int slot);

    /** CLOCK_REALTIME at arrival, nanoseconds since 1970; or {@link #NO_STAMP}. */
    long receiveNanos(int slot);

    /** First 64 bits of the sender's address. */
    long peerHigh(int slot);

    /** Last 64 bits of the sender's address. */
    long peerLow(int slot);

    /** The sender's port. */
    int peerPort(int slot);

    /** First 64 bits of the local address it came to. */
    long localHigh(int slot);

    /** Last 64 bits of the local address it came to. */
    long localLow(int slot);

    /** The local port it came to. */
    int localPort(int slot);

    /** Puts the slot's first {@code length} octets at the end of the sending order, back to the slot's peer. */
    void queue(int slot, int length);

    /** The same, and what can stamp it when it leaves is to do so: {@link #readTransmitStamps}. */
    default void queueStamped(int slot, int length) {
        queue(slot, length);
    }

    /**
     * Takes stamps of datagrams that have left, without waiting; they usually are there when {@link #send} returns, and may come later, or
     * not at all where the way makes none.
     *
     * @return how many
     */
    default int readTransmitStamps() {
        return 0;
    }

    /** CLOCK_REALTIME when the {@code index}-th of them left, nanoseconds since 1970; or {@link #NO_STAMP}. */
    default long transmitNanos(int index) {
        return NO_STAMP;
    }

    /** Eight octets of that datagram, big-endian, at most 40 octets from its start; 0 when {@link #transmitNanos} has no stamp. */
    default long transmittedLong(int index, int at) {
        return 0;
    }

    /** Whether {@link #readTransmitStamps} ever tells anything. */
    default boolean stampsLeaving() {
        return true;
    }

    /** Whether datagrams have left when {@link #send} returns. */
    default boolean leavesWhenSent() {
        return false;
    }

    /** Whether {@link #receiveNanos} was stamped before the kernel made a packet of it. */
    default boolean stampsInDriver() {
        return false;
    }

    /** This client is to be heard first while strangers are limited; allocates. */
    default void prefer(long addressHigh, long addressLow) {}

    /** This client is a stranger again; allocates. */
    default void forget(long addressHigh, long addressLow) {}

    /** Whether this leaves out what {@link #limitStrangers} says before it costs anything. */
    default boolean leavesOut() {
        return false;
    }

    /** So many requests a second may come of strangers; infinite: all. Allocates when that changes. */
    default void limitStrangers(double perSecond) {}

    /** How many requests were left out so since it was last asked; allocates. */
    default long leftOut() {
        return 0;
    }

    /** How many datagrams are queued since the last receive; sent ones included. */
    int queued();

    /** The slot of the {@code place}-th datagram in the sending order, from 0. */
    int queuedSlot(int place);

    /**
     * Sends the datagrams from place {@code from} to before {@code to} of the sending order. One that the kernel refuses is left out.
     *
     * @return how many were refused
     */
    int send(int from, int to);

    /** Ends the wait of {@link #receive} now and for ever; the only method for other threads. */
    void wake();

    /** To be called when the receiving thread has ended; a second call does nothing. */
    @Override
    void close();
}
