package org.noonmark.discipline;

/** Where the clock stands. Only {@link #DISCIPLINED} and {@link #HOLDOVER} are served as synchronised. */
public enum SyncState {
    /** No second has a certain name yet. */
    COLD,
    /** Edges have names; the clock is being set and has not yet been shown to be right. */
    LABELLED,
    /** The clock follows the edges and its error bound is known. */
    DISCIPLINED,
    /** The edges or their names are lost; the clock runs on its learned frequency and the bound grows. */
    HOLDOVER,
    /** The receiver is heard and not believed: its labels name no pulse for sure, UTC is not proven, or another clock contradicts. */
    REFUSED;

    /** Whether time may be served as synchronised in this state. */
    public boolean isSynchronised() {
        return this == DISCIPLINED || this == HOLDOVER;
    }
}
