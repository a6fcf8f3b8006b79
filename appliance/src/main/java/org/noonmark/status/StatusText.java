package org.noonmark.status;

/** x. */
public final class StatusText {
    private StatusText() {}

    /** One line. */
    public static String line(StatusSnapshot snapshot, long nowNanos) {
        return snapshot.clock().why();
    }
}
