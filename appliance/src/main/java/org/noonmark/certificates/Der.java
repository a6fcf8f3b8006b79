package org.noonmark.certificates;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Elements of ASN.1 in their distinguished encoding (X.690), as far as certificates need them; each method gives a whole element. */
final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    private static final int BOOLEAN = 0x01;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    /** RFC 5280, section 4.1.2.5: dates through 2049 have two digits of the year. */
    private static final int FIRST_YEAR_OF_FOUR_DIGITS = 2050;

    private static final DateTimeFormatter TWO_DIGITS =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter FOUR_DIGITS =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    /** An element of that tag with the contents one behind the other. */
    static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            body.writeBytes(content);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.size() + 6);
        out.write(tag);
        writeLength(out, body.size());
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length < 0x80) {
            out.write(length);
            return;
        }
        byte[] octets = BigInteger.valueOf(length).toByteArray();
        int from = octets[0] == 0 ? 1 : 0;
        out.write(0x80 | (octets.length - from));
        out.write(octets, from, octets.length - from);
    }

    static byte[] sequence(byte[]... elements) {
        return element(SEQUENCE, elements);
    }

    static byte[] set(byte[]... elements) {
        return element(SET, elements);
    }

    static byte[] integer(BigInteger value) {
        return element(INTEGER, value.toByteArray());
    }

    static byte[] yes() {
        return element(BOOLEAN, new byte[] {(byte) 0xff});
    }

    static byte[] octetString(byte[]... contents) {
        return element(OCTET_STRING, contents);
    }

    /** @param unused low bits of the last octet that do not count */
    static byte[] bitString(int unused, byte... octets) {
        return element(BIT_STRING, new byte[] {(byte) unused}, octets);
    }

    static byte[] utf8(String text) {
        return element(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /** An object identifier in dots, such as {@code 2.5.29.17}. */
    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        writeArc(body, Long.parseLong(arcs[0]) * 40 + Long.parseLong(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            writeArc(body, Long.parseLong(arcs[i]));
        }
        return element(OBJECT_IDENTIFIER, body.toByteArray());
    }

    private static void writeArc(ByteArrayOutputStream body, long arc) {
        int groups = Math.max(1, (70 - Long.numberOfLeadingZeros(arc)) / 7);
        for (int group = groups - 1; group >= 0; group--) {
            body.write(((int) (arc >> (7 * group)) & 0x7f) | (group > 0 ? 0x80 : 0));
        }
    }

    /** A date of a certificate, whole seconds. */
    static byte[] time(Instant instant) {
        boolean two = instant.atZone(ZoneOffset.UTC).getYear() < FIRST_YEAR_OF_FOUR_DIGITS;
        String text = (two ? TWO_DIGITS : FOUR_DIGITS).format(instant);
        return element(two ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A constructed element of a context-specific tag. */
    static byte[] explicit(int number, byte[]... contents) {
        return element(0xa0 | number, contents);
    }

    /** A primitive element of a context-specific tag. */
    static byte[] implicit(int number, byte[] content) {
        return element(0x80 | number, content);
    }
}
