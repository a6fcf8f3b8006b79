package org.noonmark.linux;

/** A UDP socket could not be had. The message says which address, why, and the cure. */
public final class UdpSocketException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, as far as a caller may want to react. */
    public enum Reason {
        PORT_BUSY,
        NO_PERMISSION,
        ADDRESS_NOT_AVAILABLE,
        NO_IPV6,
        OTHER
    }

    private final Reason reason;

    UdpSocketException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
