package org.noonmark.certificates;

/** A key or certificate that cannot be used; the message is one sentence without a full stop: what, why, and the cure. */
public final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param sentence in lower case, to follow the name of a file and a colon */
    public UnusableException(String sentence) {
        super(sentence);
    }

    UnusableException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
