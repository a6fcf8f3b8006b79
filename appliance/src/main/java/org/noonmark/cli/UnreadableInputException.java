package org.noonmark.cli;

import java.io.IOException;

/** A file that the command line names cannot be read, or is not what the command needs; the message names it and the reason. */
final class UnreadableInputException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
