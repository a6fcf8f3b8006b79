package org.noonmark.nmea.setup;

import java.util.Arrays;
import java.util.HexFormat;
import org.noonmark.nmea.Frame;

/** UBX frames as bytes (u-blox 8 / M8 protocol description, section 32.2): sync, class, id, length, payload, two sums. */
final class UbxFrames {
    static final int CFG = 0x06;
    static final int MON = 0x0a;
    static final int NAV = 0x01;
    static final int TIM = 0x0d;
    static final int SEC = 0x27;
    static final int NMEA = 0xf0;
    static final int ACK = 0x05;

    private static final int HEADER = 6;
    private static final int AROUND_PAYLOAD = 8;

    private UbxFrames() {}

    /** The frame around a payload. */
    static byte[] of(int messageClass, int id, byte... payload) {
        byte[] frame = new byte[AROUND_PAYLOAD + payload.length];
        frame[0] = (byte) 0xb5;
        frame[1] = 0x62;
        frame[2] = (byte) messageClass;
        frame[3] = (byte) id;
        put(frame, 4, 2, payload.length);
        System.arraycopy(payload, 0, frame, HEADER, payload.length);
        int a = 0;
        int b = 0;
        for (int i = 2; i < HEADER + payload.length; i++) {
            a = a + (frame[i] & 0xff) & 0xff;
            b = b + a & 0xff;
        }
        frame[HEADER + payload.length] = (byte) a;
        frame[HEADER + payload.length + 1] = (byte) b;
        return frame;
    }

    static boolean is(Frame frame, int messageClass, int id) {
        return frame.protocol() == Frame.Protocol.UBX
                && (frame.bytes()[frame.offset() + 2] & 0xff) == messageClass
                && (frame.bytes()[frame.offset() + 3] & 0xff) == id;
    }

    /** A copy of what the frame carries. */
    static byte[] payload(Frame frame) {
        int from = frame.offset() + HEADER;
        return Arrays.copyOfRange(frame.bytes(), from, frame.offset() + frame.length() - 2);
    }

    /** Whether the frame is ACK-ACK ({@code id} 1) or ACK-NAK (0) for a message of that class and id. */
    static boolean isAck(Frame frame, int id, int messageClass, int messageId) {
        if (!is(frame, ACK, id)) {
            return false;
        }
        byte[] about = payload(frame);
        return about.length >= 2 && (about[0] & 0xff) == messageClass && (about[1] & 0xff) == messageId;
    }

    /** Little-endian, without sign; {@code size} 1 to 8 bytes. */
    static long get(byte[] bytes, int at, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[at + i] & 0xff);
        }
        return value;
    }

    /** Little-endian; {@code size} 1 to 8 bytes. */
    static void put(byte[] bytes, int at, int size, long value) {
        for (int i = 0; i < size; i++) {
            bytes[at + i] = (byte) (value >> (8 * i));
        }
    }

    /** For a person who wants to send it. */
    static String hex(byte[] frame) {
        return HexFormat.of().formatHex(frame);
    }
}
