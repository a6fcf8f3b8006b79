package org.noonmark.nts;

/** Why a key establishment ends without keys, as the Error record says it (RFC 8915, section 4.1.3). */
public enum KeError {
    /** A record that we must understand, and do not. */
    UNRECOGNIZED_CRITICAL_RECORD(0, "a critical record that is not known here"),
    /** Not a whole and well-formed request, or not in time. */
    BAD_REQUEST(1, "a malformed request"),
    /** The fault is ours. */
    INTERNAL_SERVER_ERROR(2, "a fault of this server");

    private final int code;
    private final String sentence;

    KeError(int code, String sentence) {
        this.code = code;
        this.sentence = sentence;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** What came, in lower case. */
    public String sentence() {
        return sentence;
    }
}
