package org.noonmark.status;

/**
 * Where the present snapshot hangs. Written by the timing thread only; readers on any thread see a complete snapshot, never a mix.
 */
public final class StatusBoard {
    private volatile StatusSnapshot snapshot;

    /** @param first what is shown until the first {@link #publish} */
    public StatusBoard(StatusSnapshot first) {
        snapshot = first;
    }

    /** Hangs up the next one. */
    public void publish(StatusSnapshot next) {
        snapshot = next;
    }

    /** The present one. */
    public StatusSnapshot snapshot() {
        return snapshot;
    }
}
