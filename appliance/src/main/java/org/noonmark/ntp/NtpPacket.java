package org.noonmark.ntp;

import java.nio.ByteBuffer;

/**
 * A view of an NTP packet in somebody else's buffer: 48 octets of header, big-endian (RFC 5905, figure 8), then whatever follows.
 * One object per thread, moved from packet to packet with {@link #wrap}; nothing is copied and nothing is allocated. The buffer may
 * be any memory: an array in a test, a socket's direct buffer, the frames of a network card.
 *
 * <p>Offsets of fields are relative to the packet. The buffer's own position and limit are neither used nor moved.
 */
public final class NtpPacket {
    /** Octets of the header. */
    public static final int HEADER_LENGTH = 48;

    public static final int MODE_SYMMETRIC_ACTIVE = 1;
    public static final int MODE_SYMMETRIC_PASSIVE = 2;
    public static final int MODE_CLIENT = 3;
    public static final int MODE_SERVER = 4;
    public static final int MODE_BROADCAST = 5;

    private static final int STRATUM = 1;
    private static final int POLL = 2;
    private static final int PRECISION = 3;
    private static final int ROOT_DELAY = 4;
    private static final int ROOT_DISPERSION = 8;
    private static final int REFERENCE_ID = 12;
    private static final int REFERENCE_TIMESTAMP = 16;
    private static final int ORIGIN_TIMESTAMP = 24;
    private static final int RECEIVE_TIMESTAMP = 32;
    private static final int TRANSMIT_TIMESTAMP = 40;

    private ByteBuffer buffer;
    private int start;
    private int length;

    /** A view of the octets from {@code start} on, as many as {@code length}, of a big-endian buffer. */
    public NtpPacket(ByteBuffer buffer, int start, int length) {
        this.buffer = buffer;
        this.start = start;
        this.length = length;
    }

    /** Moves the view. The header may be read only when the length is at least {@link #HEADER_LENGTH}. */
    public void wrap(ByteBuffer newBuffer, int newStart, int newLength) {
        buffer = newBuffer;
        start = newStart;
        length = newLength;
    }

    /** Octets of the packet, header and all that follows. */
    public int length() {
        return length;
    }

    /** Cuts off what follows; a packet never becomes longer. */
    public void truncate(int newLength) {
        length = Math.min(length, newLength);
    }

    public int leapIndicator() {
        return buffer.get(start) >> 6 & 3;
    }

    public int version() {
        return buffer.get(start) >> 3 & 7;
    }

    public int mode() {
        return buffer.get(start) & 7;
    }

    public int stratum() {
        return buffer.get(start + STRATUM) & 0xff;
    }

    /** Log2 seconds between requests, as a signed octet. */
    public int poll() {
        return buffer.get(start + POLL);
    }

    /** Log2 seconds, as a signed octet. */
    public int precision() {
        return buffer.get(start + PRECISION);
    }

    /** NTP short format. */
    public int rootDelay() {
        return buffer.getInt(start + ROOT_DELAY);
    }

    /** NTP short format. */
    public int rootDispersion() {
        return buffer.getInt(start + ROOT_DISPERSION);
    }

    public int referenceId() {
        return buffer.getInt(start + REFERENCE_ID);
    }

    public long referenceTimestamp() {
        return buffer.getLong(start + REFERENCE_TIMESTAMP);
    }

    public long originTimestamp() {
        return buffer.getLong(start + ORIGIN_TIMESTAMP);
    }

    public long receiveTimestamp() {
        return buffer.getLong(start + RECEIVE_TIMESTAMP);
    }

    public long transmitTimestamp() {
        return buffer.getLong(start + TRANSMIT_TIMESTAMP);
    }

    /** A 16-bit field behind the header, unsigned. */
    public int unsignedShort(int at) {
        return buffer.getShort(start + at) & 0xffff;
    }

    /** Four octets anywhere, big-endian. */
    int word(int at) {
        return buffer.getInt(start + at);
    }

    void setWord(int at, int value) {
        buffer.putInt(start + at, value);
    }

    byte octet(int at) {
        return buffer.get(start + at);
    }

    /** Copies the first {@code count} octets of the packet. */
    public void copyTo(byte[] octets, int count) {
        buffer.get(start, octets, 0, count);
    }

    /** Writes the first {@code count} octets of {@code octets} into the packet. */
    void copyFrom(byte[] octets, int at, int count) {
        buffer.put(start + at, octets, 0, count);
    }

    /** Writes {@code count} octets from place {@code from} of {@code octets} into the packet. */
    public void copyFrom(byte[] octets, int from, int at, int count) {
        buffer.put(start + at, octets, from, count);
    }

    /** Copies octets from one place of the packet to an earlier one, or the same; both are multiples of 4, as the length is. */
    void move(int from, int to, int count) {
        for (int i = 0; i < count; i += 4) {
            setWord(to + i, word(from + i));
        }
    }

    /** Leap indicator, version and mode: the first octet. */
    public void setLeapVersionMode(int leapIndicator, int version, int mode) {
        buffer.put(start, (byte) (leapIndicator << 6 | version << 3 | mode));
    }

    public void setStratum(int stratum) {
        buffer.put(start + STRATUM, (byte) stratum);
    }

    public void setPoll(int pollLog2Seconds) {
        buffer.put(start + POLL, (byte) pollLog2Seconds);
    }

    public void setPrecision(int precisionLog2Seconds) {
        buffer.put(start + PRECISION, (byte) precisionLog2Seconds);
    }

    /** NTP short format. */
    public void setRootDelay(int rootDelay) {
        buffer.putInt(start + ROOT_DELAY, rootDelay);
    }

    /** NTP short format. */
    public void setRootDispersion(int rootDispersion) {
        buffer.putInt(start + ROOT_DISPERSION, rootDispersion);
    }

    public void setReferenceId(int referenceId) {
        buffer.putInt(start + REFERENCE_ID, referenceId);
    }

    public void setReferenceTimestamp(long stamp) {
        buffer.putLong(start + REFERENCE_TIMESTAMP, stamp);
    }

    public void setOriginTimestamp(long stamp) {
        buffer.putLong(start + ORIGIN_TIMESTAMP, stamp);
    }

    public void setReceiveTimestamp(long stamp) {
        buffer.putLong(start + RECEIVE_TIMESTAMP, stamp);
    }

    public void setTransmitTimestamp(long stamp) {
        buffer.putLong(start + TRANSMIT_TIMESTAMP, stamp);
    }
}
