package org.noonmark.server;

/** How a connection for keys ended. */
public enum KeOutcome {
    /** The client has its keys and cookies. */
    ESTABLISHED("keys established"),
    /** Outside {@code allow}. */
    NOT_ALLOWED("not allowed"),
    /** {@code ntsratelimit}. */
    TOO_OFTEN("too often"),
    /** It had to make room for another. */
    DISPLACED("closed to make room"),
    /** It was too slow. */
    TOO_SLOW("too slow"),
    /** TLS did not come about: a version below 1.3, another protocol than ntske/1, a certificate that the client does not trust. */
    TLS_FAILED("no TLS connection"),
    /** A request that is malformed, or cannot be understood. */
    BAD_REQUEST("bad request"),
    /** Neither protocol nor algorithm in common. */
    NOTHING_IN_COMMON("nothing in common"),
    /** The connection broke. */
    BROKEN("connection lost"),
    /** A fault of ours. */
    FAULT("fault of this server");

    private final String sentence;

    KeOutcome(String sentence) {
        this.sentence = sentence;
    }

    /** In lower case, for reports. */
    public String sentence() {
        return sentence;
    }
}
