package org.noonmark.xdp;

/** AF_XDP cannot be had here; the message says why, in words for the owner. The sockets of the kernel serve then. */
public final class XdpException extends Exception {
    private static final long serialVersionUID = 1;

    XdpException(String message) {
        super(message);
    }

    /** Of a call that failed. */
    static XdpException of(String what, int errno) {
        String cure = switch (errno) {
            case XdpCalls.EPERM, XdpCalls.EACCES ->
                "; it takes the capabilities CAP_NET_RAW, CAP_NET_ADMIN and CAP_BPF";
            case XdpCalls.EBUSY -> "; another program has the interface's XDP hook or the socket's queue";
            default -> "";
        };
        return new XdpException(what + ": " + XdpCalls.reason(errno) + cure);
    }
}
