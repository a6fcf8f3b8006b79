package org.noonmark.discipline;

/**
 * Where the clock stands, and why.
 *
 * <table>
 *   <caption>States, what enters and what leaves them</caption>
 *   <tr><td>cold</td><td>at the start; names of the seconds lost, bound beyond its limit, nothing agreed for a minute</td></tr>
 *   <tr><td>labelled</td><td>the seconds have got a name, or another one; a leap second comes</td></tr>
 *   <tr><td>disciplined</td><td>two edges in a row agree with the clock (three after holdover), and nothing is held against it</td></tr>
 *   <tr><td>holdover</td><td>no edge agrees for 8.5 s, or the receiver no longer stands behind its pulses</td></tr>
 *   <tr><td>refused</td><td>edges agree and something is held against their names; other clocks contradict for 8 s; labels name no
 *       pulse for sure</td></tr>
 * </table>
 */
final class SyncMachine {
    /** Agreeing edges in a row before the clock is shown to be right. */
    private static final int EDGES_TO_PROVE = 2;

    /** Agreeing edges in a row that end a holdover. */
    private static final int EDGES_TO_RETURN = 3;

    /** Silence, or disagreement, after which a disciplined clock is on its own: longer than a few lost pulses. */
    static final long EDGE_TIMEOUT_NANOS = 8_500_000_000L;

    /** Ticks in a row in which other clocks contradict a clock that is served, before it is believed that it is wrong. */
    private static final int OBJECTIONS_TO_REFUSE = 8;

    /** A clock that was not yet proven is given up after this silence. */
    private static final long PROOF_TIMEOUT_NANOS = 60_000_000_000L;

    private SyncState state = SyncState.COLD;
    private String reason = "";
    private long sinceNanos;
    private long lastAgreementNanos;
    private int agreeing;
    private int objections;
    private boolean leapFromHoldover;

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
     * @param ready whether the clock is near enough to its edges, and the names of the seconds are confirmed
     * @param refusal what is held against the names of the seconds; empty when nothing is
     */
    void onAgreement(long nowNanos, boolean ready, String refusal) {
        agreeing++;
        lastAgreementNanos = nowNanos;
        switch (state) {
            case LABELLED -> {
                if (agreeing >= EDGES_TO_PROVE && ready) {
                    enter(refusal.isEmpty() ? SyncState.DISCIPLINED : SyncState.REFUSED, nowNanos, refusal);
                }
            }
            case REFUSED -> {
                reason = refusal.isEmpty() ? reason : refusal;
                if (!refusal.isEmpty()) {
                    agreeing = 0;
                } else if (agreeing >= EDGES_TO_PROVE && ready) {
                    enter(SyncState.DISCIPLINED, nowNanos, "");
                }
            }
            case HOLDOVER -> {
                if (agreeing >= EDGES_TO_RETURN && ready && refusal.isEmpty()) {
                    enter(SyncState.DISCIPLINED, nowNanos, "");
                }
            }
            case COLD, DISCIPLINED -> {}
        }
    }

    /** Labels come and name no pulse for sure. */
    void onAmbiguous(long nowNanos, String why) {
        if (state == SyncState.COLD) {
            enter(SyncState.REFUSED, nowNanos, why);
        }
        if (state == SyncState.REFUSED) {
            reason = why;
            lastAgreementNanos = nowNanos;
        }
    }

    /** What other clocks say against a clock that is served, once a tick; empty when they say nothing. */
    void onObjection(long nowNanos, String objection) {
        objections = objection.isEmpty() || !state.isSynchronised() ? 0 : objections + 1;
        if (objections >= OBJECTIONS_TO_REFUSE) {
            enter(SyncState.REFUSED, nowNanos, objection);
        }
    }

    /** A leap second comes: nothing is served until it has passed. */
    void onLeapComing(long nowNanos, String why) {
        leapFromHoldover = state == SyncState.HOLDOVER;
        enter(SyncState.LABELLED, nowNanos, why);
        lastAgreementNanos = nowNanos;
    }

    /** The leap second has passed: a clock in holdover goes on, one with pulses is proven by them. */
    void onLeapPassed(long nowNanos) {
        if (leapFromHoldover && state == SyncState.LABELLED) {
            enter(SyncState.HOLDOVER, nowNanos, "no pulse that agreed with the clock before the leap second");
        }
        lastAgreementNanos = nowNanos;
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

    /** The edges call for what the owner does not allow. */
    void onRefused(long nowNanos, String why) {
        onUnbacked(nowNanos, why);
        if (state == SyncState.LABELLED) {
            enter(SyncState.REFUSED, nowNanos, why);
        }
    }

    void onTick(long nowNanos) {
        long silence = nowNanos - lastAgreementNanos;
        if (state == SyncState.DISCIPLINED && silence > EDGE_TIMEOUT_NANOS) {
            enter(SyncState.HOLDOVER, nowNanos, "no pulse that agrees with the clock");
        } else if ((state == SyncState.LABELLED || state == SyncState.REFUSED) && silence > PROOF_TIMEOUT_NANOS) {
            enter(SyncState.COLD, nowNanos, "no pulse agreed with the clock for a minute while it was being set");
        }
    }

    private void enter(SyncState entered, long nowNanos, String why) {
        state = entered;
        reason = why;
        sinceNanos = nowNanos;
        agreeing = 0;
        objections = 0;
    }
}
