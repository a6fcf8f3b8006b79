package org.noonmark.discipline;

/** Where the clock stands. Only the last two are served as synchronised. */
public enum SyncState {
    /** No second has a certain name yet. */
    COLD,
    /** Edges have names; the clock is being set and has not yet been shown to be right. */
    LABELLED,
    /** The clock follows the edges and its error bound is known. */
    DISCIPLINED,
    /** The edges or their names are lost; the clock runs on its learned frequency and the bound grows. */
    HOLDOVER;

    /** Whether time may be served as synchronised in this state. */
    public boolean isSynchronised() {
        return this == DISCIPLINED || this == HOLDOVER;
    }
}
