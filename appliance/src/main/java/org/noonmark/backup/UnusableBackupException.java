package org.noonmark.backup;

/** A backup that cannot be used; the message says why and what to do. */
public final class UnusableBackupException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableBackupException(String message) {
        super(message);
    }
}
