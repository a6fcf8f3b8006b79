package org.noonmark.ntp;

import java.nio.ByteBuffer;

/**
 * One datagram with its circumstances: where from, where to, when. The request is turned into its answer in place, which is why an
 * answer cannot be longer. One object per thread, filled anew for each datagram.
 */
public final class NtpExchange {
    private final NtpPacket packet = new NtpPacket(ByteBuffer.allocate(NtpPacket.HEADER_LENGTH), 0, 0);
    private boolean truncated;
    private long sourceHigh;
    private long sourceLow;
    private int sourcePort;
    private long localHigh;
    private long localLow;
    private int localPort;
    private long receiveNanos;

    /** The datagram's octets; {@code truncated} says that it was longer than the slot it was received into. */
    public NtpExchange datagram(ByteBuffer buffer, int start, int length, boolean wasTruncated) {
        packet.wrap(buffer, start, length);
        truncated = wasTruncated;
        return this;
    }

    /** Who sent it: 128-bit address (IPv4 mapped) and port, unsigned. */
    public NtpExchange from(long addressHigh, long addressLow, int port) {
        sourceHigh = addressHigh;
        sourceLow = addressLow;
        sourcePort = port;
        return this;
    }

    /** The local address and port it came to. */
    public NtpExchange to(long addressHigh, long addressLow, int port) {
        localHigh = addressHigh;
        localLow = addressLow;
        localPort = port;
        return this;
    }

    /** When it came, by the served clock, nanoseconds since 1970. */
    public NtpExchange receivedAt(long nanos) {
        receiveNanos = nanos;
        return this;
    }

    /** The request; after an answer, the answer. */
    public NtpPacket packet() {
        return packet;
    }

    boolean truncated() {
        return truncated;
    }

    long sourceHigh() {
        return sourceHigh;
    }

    long sourceLow() {
        return sourceLow;
    }

    int sourcePort() {
        return sourcePort;
    }

    long receiveNanos() {
        return receiveNanos;
    }

    /** Whether the source is the server itself: a forged source that would make it talk to itself. */
    boolean fromItself() {
        return sourcePort == localPort && sourceLow == localLow && sourceHigh == localHigh;
    }
}
