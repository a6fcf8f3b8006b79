package org.noonmark.discipline;

/**
 * Where the clock stands, and why. Enters DISCIPLINED only from edges that agree with the clock itself, in a row; leaves it when they
 * stay away, are no longer backed by the receiver, or move.
 */
final class SyncMachine {
    /** Agreeing edges in a row before the clock is shown to be right. */
    private static final int EDGES_TO_PROVE = 2;

    /** Agreeing edges in a row that end a holdover. */
    private static final int EDGES_TO_RETURN = 3;

    /** Silence, or disagreement, after which a disciplined clock is on its own: longer than a few lost pulses. */
    static final long EDGE_TIMEOUT_NANOS = 8_500_000_000L;

    /** A clock that was not yet proven is given up after this silence. */
    private static final long PROOF_TIMEOUT_NANOS = 60_000_000_000L;

    private SyncState state = SyncState.COLD;
    private String reason = "";
    private long sinceNanos;
    private long lastAgreementNanos;
    private int agreeing;

    SyncState state() {
        return state;
    }

    /** Why this state was entered; empty for the first. */
    String reason() {
        return reason;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    int agreeing() {
        return agreeing;
    }

    /** The seconds have got a name, or another one: the clock must be set and proven. */
    void onNumbered(long nowNanos, String why) {
        enter(SyncState.LABELLED, nowNanos, why);
        lastAgreementNanos = nowNanos;
    }

    /** The seconds have no certain name any more, or the clock is no longer known well enough. */
    void onLost(long nowNanos, String why) {
        enter(SyncState.COLD, nowNanos, why);
    }

    /**
     * An edge agreed with the clock.
     *
     * @param provable whether nothing else stands against serving
     */
    void onAgreement(long nowNanos, boolean provable) {
        agreeing++;
        lastAgreementNanos = nowNanos;
        boolean proven = state == SyncState.LABELLED && agreeing >= EDGES_TO_PROVE && provable;
        boolean returned = state == SyncState.HOLDOVER && agreeing >= EDGES_TO_RETURN && provable;
        if (proven || returned) {
            enter(SyncState.DISCIPLINED, nowNanos, "");
        }
    }

    /** An edge did not agree with the clock, or was not backed by the receiver. */
    void onDisagreement() {
        agreeing = 0;
    }

    /** The clock was moved: earlier agreement says nothing. */
    void onStepped(long deltaNanos) {
        agreeing = 0;
        sinceNanos += deltaNanos;
        lastAgreementNanos += deltaNanos;
    }

    /** The receiver no longer stands behind its pulses. */
    void onUnbacked(long nowNanos, String why) {
        agreeing = 0;
        if (state == SyncState.DISCIPLINED) {
            enter(SyncState.HOLDOVER, nowNanos, why);
        }
    }

    void onTick(long nowNanos) {
        long silence = nowNanos - lastAgreementNanos;
        if (state == SyncState.DISCIPLINED && silence > EDGE_TIMEOUT_NANOS) {
            enter(SyncState.HOLDOVER, nowNanos, "no pulse that agrees with the clock");
        } else if (state == SyncState.LABELLED && silence > PROOF_TIMEOUT_NANOS) {
            enter(SyncState.COLD, nowNanos, "no pulse agreed with the clock for a minute while it was being set");
        }
    }

    private void enter(SyncState entered, long nowNanos, String why) {
        state = entered;
        reason = why;
        sinceNanos = nowNanos;
        agreeing = 0;
    }
}
