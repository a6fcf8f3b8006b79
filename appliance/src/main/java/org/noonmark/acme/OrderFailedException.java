package org.noonmark.acme;

/** There is no certificate; the message says why and, behind a colon, what can be done; in lower case and without a full stop. */
public final class OrderFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    public OrderFailedException(String why) {
        super(why);
    }

    OrderFailedException(String why, Exception cause) {
        super(why, cause);
    }
}
