package org.noonmark.control;

import java.io.IOException;

/** Another daemon answers at the socket. */
public final class SocketInUseException extends IOException {
    private static final long serialVersionUID = 1;

    SocketInUseException(String message) {
        super(message);
    }
}
