package org.noonmark.certificates;

import java.util.Arrays;

/** Walks over the elements of one level of DER (X.690); whatever is no DER is refused by {@link MalformedException}. */
final class DerReader {
    /** Not DER, or not what was expected there. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    private final byte[] bytes;
    private final int end;
    private int at;

    DerReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private DerReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    boolean hasMore() {
        return at < end;
    }

    /** Tag of the next element; -1 at the end. */
    int peek() {
        return hasMore() ? bytes[at] & 0xff : -1;
    }

    /** The contents of the next element, to be walked over. */
    DerReader enter(int tag) throws MalformedException {
        int from = expect(tag);
        return new DerReader(bytes, from, at);
    }

    /** The contents of the next element. */
    byte[] content(int tag) throws MalformedException {
        int from = expect(tag);
        return Arrays.copyOfRange(bytes, from, at);
    }

    /** The next element as a whole. */
    byte[] whole(int tag) throws MalformedException {
        int begin = at;
        expect(tag);
        return Arrays.copyOfRange(bytes, begin, at);
    }

    /** Goes behind the next element; where its contents begin. */
    private int expect(int tag) throws MalformedException {
        if (peek() != tag || end - at < 2) {
            throw new MalformedException("no element of tag " + tag);
        }
        int length = bytes[at + 1] & 0xff;
        int from = at + 2;
        if (length > 0x80 + 3) {
            throw new MalformedException("an element too long");
        }
        if (length >= 0x80) {
            int octets = length - 0x80;
            if (octets == 0 || end - from < octets) {
                throw new MalformedException("an element without length");
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = (length << 8) | (bytes[from++] & 0xff);
            }
        }
        if (length > end - from) {
            throw new MalformedException("an element cut off");
        }
        at = from + length;
        return from;
    }
}
