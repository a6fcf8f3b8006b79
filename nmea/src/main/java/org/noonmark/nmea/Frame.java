package org.noonmark.nmea;

import org.jspecify.annotations.Nullable;

/**
 * A checked frame inside the framer's buffer. The view is reused: what a sink wants to keep, it copies before it returns.
 */
public final class Frame {
    /** What the frame is. */
    public enum Protocol {
        /** From {@code $} or {@code !} to the last character of the checksum, without line end. */
        NMEA,
        /** From 0xB5 to the second checksum byte. */
        UBX,
        /** From 0xD3 to the CRC. Its content is nobody's business here. */
        RTCM3
    }

    private Protocol protocol = Protocol.NMEA;
    private byte @Nullable [] bytes;
    private int offset;
    private int length;
    private long firstByteNanos;
    private long lastByteNanos;

    Frame() {}

    void set(Protocol protocol, byte[] bytes, int offset, int length, long firstByteNanos, long lastByteNanos) {
        this.protocol = protocol;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.firstByteNanos = firstByteNanos;
        this.lastByteNanos = lastByteNanos;
    }

    /** Which protocol's rule the checksum obeys. */
    public Protocol protocol() {
        return protocol;
    }

    /** The buffer that holds the frame from {@link #offset} on; not to be written. */
    public byte[] bytes() {
        byte[] buffer = bytes;
        if (buffer == null) {
            throw new IllegalStateException("the frame is empty outside onFrame");
        }
        return buffer;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    /** Local clock, nanoseconds since 1970, when the first byte arrived. */
    public long firstByteNanos() {
        return firstByteNanos;
    }

    /** Local clock, nanoseconds since 1970, when the last byte arrived. */
    public long lastByteNanos() {
        return lastByteNanos;
    }
}
