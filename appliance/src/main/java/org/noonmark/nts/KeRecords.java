package org.noonmark.nts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Records of NTS key establishment (RFC 8915, section 4), written one behind the other: critical bit and type (16 bits), length of the body
 * (16 bits), body; big-endian. One thread.
 */
final class KeRecords {
    static final int HEADER_BYTES = 4;
    static final int CRITICAL = 0x8000;

    static final int END_OF_MESSAGE = 0;
    static final int NEXT_PROTOCOL = 1;
    static final int ERROR = 2;
    static final int WARNING = 3;
    static final int AEAD_ALGORITHM = 4;
    static final int NEW_COOKIE = 5;
    static final int SERVER = 6;
    static final int PORT = 7;

    /**
     * Of chrony: both sides export the keys of AEAD 30 as RFC 8915 says. Its versions 4.4 to 4.6 did not, and are told from later ones
     * by this record's absence. Empty, never critical.
     */
    static final int COMPLIANT_GCM_SIV_EXPORT = 1024;

    private byte[] bytes = new byte[1_280];
    private int length;

    KeRecords add(int type, boolean critical, byte[] body) {
        if (body.length > 0xffff) {
            throw new IllegalArgumentException("a body of " + body.length + " bytes, need at most 65535");
        }
        if (bytes.length - length < HEADER_BYTES + body.length) {
            bytes = Arrays.copyOf(bytes, 2 * (length + HEADER_BYTES + body.length));
        }
        put16(critical ? type | CRITICAL : type);
        put16(body.length);
        System.arraycopy(body, 0, bytes, length, body.length);
        length += body.length;
        return this;
    }

    KeRecords add(int type, boolean critical, int value) {
        return add(type, critical, new byte[] {(byte) (value >> 8), (byte) value});
    }

    KeRecords add(int type, boolean critical, String ascii) {
        return add(type, critical, ascii.getBytes(StandardCharsets.US_ASCII));
    }

    /** The message, ended. */
    byte[] message() {
        add(END_OF_MESSAGE, true, new byte[0]);
        return Arrays.copyOf(bytes, length);
    }

    private void put16(int value) {
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }
}
