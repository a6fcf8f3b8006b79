package org.noonmark.ntp;

/**
 * Where the fields of NTS stand in a request (RFC 8915, section 5); found, not yet believed. Offsets are relative to the packet. One object
 * for each packet thread, filled anew for each request.
 */
public final class NtsFields {
    /** Octets of type and length in front of each field's body. */
    public static final int FIELD_HEADER = 4;

    public static final int UNIQUE_IDENTIFIER = 0x0104;
    public static final int COOKIE = 0x0204;
    public static final int COOKIE_PLACEHOLDER = 0x0304;
    public static final int AUTHENTICATOR = 0x0404;

    /** RFC 8915, section 5.3: the body has at least 32 octets. */
    private static final int LEAST_UNIQUE_IDENTIFIER = FIELD_HEADER + 32;

    private boolean present;
    private boolean broken;
    private int uniqueIdentifierAt;
    private int uniqueIdentifierLength;
    private int cookieAt;
    private int cookieLength;
    private int placeholders;
    private int placeholderLength;
    private int authenticatorAt;
    private int end;

    void clear() {
        present = false;
        broken = false;
        uniqueIdentifierAt = 0;
        uniqueIdentifierLength = 0;
        cookieAt = 0;
        cookieLength = 0;
        placeholders = 0;
        placeholderLength = 0;
        authenticatorAt = 0;
        end = 0;
    }

    /** Takes notice of a field of whatever type, in the order of the packet. */
    void onField(int type, int at, int length) {
        // The authenticator is the last: what stands behind it is not covered by it.
        broken |= authenticatorAt != 0;
        end = at + length;
        switch (type) {
            case UNIQUE_IDENTIFIER -> {
                broken |= uniqueIdentifierAt != 0 || length < LEAST_UNIQUE_IDENTIFIER;
                uniqueIdentifierAt = at;
                uniqueIdentifierLength = length;
            }
            case COOKIE -> {
                broken |= cookieAt != 0;
                cookieAt = at;
                cookieLength = length;
            }
            case COOKIE_PLACEHOLDER -> {
                broken |= placeholders != 0 && length != placeholderLength;
                placeholders++;
                placeholderLength = length;
            }
            case AUTHENTICATOR -> authenticatorAt = at;
            default -> {
                return;
            }
        }
        present |= type != UNIQUE_IDENTIFIER;
    }

    /** Whether the request is one of NTS: it has any of its fields but the unique identifier, which has a use of its own. */
    boolean isPresent() {
        return present;
    }

    /**
     * Whether a plain request has a unique identifier: its sender knows by it an answer that somebody off the path has forged, and gets it
     * back (RFC 8915, section 5.3). One that is too short or doubled is a field like any other that nobody knows (RFC 7822).
     */
    boolean isIdentifierAlone() {
        return !present && !broken && uniqueIdentifierAt != 0;
    }

    /** Whether it has them as RFC 8915, section 5.7 wants them, in a packet of this length. */
    boolean isWhole(int packetLength) {
        return !broken
                && uniqueIdentifierAt != 0
                && cookieAt != 0
                && authenticatorAt != 0
                && end == packetLength
                && (placeholders == 0 || placeholderLength == cookieLength);
    }

    /** Where the field with the unique identifier begins. */
    public int uniqueIdentifierAt() {
        return uniqueIdentifierAt;
    }

    /** Octets of that field, with type and length. */
    public int uniqueIdentifierLength() {
        return uniqueIdentifierLength;
    }

    /** Where the cookie itself begins. */
    public int cookieAt() {
        return cookieAt + FIELD_HEADER;
    }

    /** Octets of the cookie itself. */
    public int cookieLength() {
        return cookieLength - FIELD_HEADER;
    }

    /** How many placeholders ask for further cookies; each is as long as the cookie. */
    public int placeholders() {
        return placeholders;
    }

    /** Where the authenticator's field begins: all before it is authenticated by it. */
    public int authenticatorAt() {
        return authenticatorAt;
    }
}
