package org.noonmark.control;

import java.io.IOException;

/** Nobody answers at the socket, or not in this protocol. The message names the socket, the reason and the cure. */
public final class NoDaemonException extends IOException {
    private static final long serialVersionUID = 1;

    NoDaemonException(String message, IOException cause) {
        super(message, cause);
    }
}
