package org.noonmark.server;

import org.noonmark.linux.Datagrams;

/**
 * Decides, by how full the batches of requests are, whether more come than can be answered. Three things follow from it, each for its own
 * time. Pressed: some have to be left out now; it ends as soon as there is room again, or where that cannot be seen (AF_XDP) is tried, so that
 * a short rush, or a client that asks very often, loses few more answers than there was no time for. Alarmed: it was so within the last
 * {@value #CALM_SECONDS} s, or just now if it was short, so nobody becomes a known client, and the next rush is met sooner. And how many strangers may
 * come a second: half of what can be answered, and the less the more is asked, as leaving them out takes time too, and known clients need
 * some.
 *
 * <p>A pure decision, of one packet thread.
 */
final class OverloadWatch {
    /** So many full batches in a row mean that requests wait in vain, and not that one came late. */
    private static final int RUSH = 16;

    /** The same while alarmed: the kernel's queue of a socket is some four batches long, */
    private static final int NEXT_RUSH = 2;

    /** and that of AF_XDP 32: a pause of the machine of a millisecond is no rush, */
    private static final int NEXT_RUSH_ELSEWHERE = 8;

    /** but half of the queue is: what is many times too much fills the rest within a batch. */
    private static final int MOST_WAITING = 1_024;

    private static final int CALM_SECONDS = 5;
    private static final long CALM_NANOS = CALM_SECONDS * 1_000_000_000L;

    /** The same where the first look finds that it was short: so few packets shall not keep everybody from becoming known. */
    private static final long SHORT_CALM_NANOS = 100_000_000;

    /** How often it is looked at what was left out elsewhere, a call of the kernel; the first time sooner, as most rushes are short. */
    private static final long LOOK_NANOS = 10_000_000;

    private static final long FIRST_LOOK_NANOS = 2_000_000;

    /** Room is left for known clients while strangers are told apart: the rate at which they surely no longer need to be. */
    private static final double RELIEF = 0.75;

    /**
     * Up to this it is tried, as what can be answered is not known well: soon at first, and twice as late each time that it was an error. After
     * the longest wait whatever is asked, or an error about what can be answered would last as long as the flood.
     */
    private static final double TRIAL = 1.5;

    private static final long FIRST_WAIT_NANOS = FIRST_LOOK_NANOS;
    private static final long LONGEST_WAIT_NANOS = 4_000_000_000L;

    /** Room that has lasted so long was not an error. */
    private static final long PROOF_NANOS = 50_000_000;

    /** Of what can be answered strangers always have so much, and never more than half. */
    private static final double LEAST_SHARE = 1.0 / 16;

    private static final double MOST_SHARE = 1.0 / 2;
    private static final double LEAST_STRANGERS = 5_000;

    /** Every board answers so many a second. */
    private static final double LEAST_CAPACITY = 20_000;

    /** A measure that was disturbed by a pause of the machine lowers what is believed by no more than this. */
    private static final double CAPACITY_FALL = 7.0 / 8;

    private final boolean leavesOutElsewhere;
    private final int nextRush;
    private int fullBatches;
    private long rushNanos;
    private long rushAnswered;
    private boolean alarmed;
    private boolean pressed;
    private long calmNanos;
    /** Requests that can be answered a second; 0 before the first rush. */
    private double capacity;

    private long pressedNanos;
    private long triedNanos;
    private long waitNanos;
    private double strangers;
    private long lookNanos;
    private long untilLookNanos;
    private long offered;

    /** Where requests are left out before they come here, it takes {@link #onLeftOut} to know how many there are. */
    OverloadWatch(boolean leavesOutElsewhere) {
        this.leavesOutElsewhere = leavesOutElsewhere;
        this.nextRush = leavesOutElsewhere ? NEXT_RUSH_ELSEWHERE : NEXT_RUSH;
    }

    /** Whether {@link #onBatch} has to be told of this batch: mostly not, and the clock need not be read. */
    boolean concerns(int received) {
        return alarmed || fullBatches > 0 || received == Datagrams.SLOTS;
    }

    /**
     * A batch was taken.
     *
     * @param received requests in it
     * @param waiting how many there were, with those; 0 where that is not known
     * @param answered how many were answered before it, since the beginning
     * @param nowNanos by a clock that may be set back
     */
    void onBatch(int received, int waiting, long answered, long nowNanos) {
        offered += received;
        if (received == Datagrams.SLOTS) {
            if (fullBatches++ == 0) {
                rushNanos = nowNanos;
                rushAnswered = answered;
            }
            if (fullBatches > (alarmed && !pressed ? nextRush : RUSH)) {
                measure(answered, nowNanos);
                press(nowNanos);
            } else if (waiting >= MOST_WAITING && !pressed && capacity > 0) {
                press(nowNanos);
            }
        } else if (received < Datagrams.SLOTS / 2) {
            fullBatches = 0;
            pressed = pressed && leavesOutElsewhere;
        }
        alarmed = alarmed && (pressed || isWithinCalm(nowNanos));
    }

    /** Not when the clock was set back: nobody shall wait for it to come round. */
    private boolean isWithinCalm(long nowNanos) {
        return nowNanos <= calmNanos && nowNanos >= calmNanos - CALM_NANOS;
    }

    private void measure(long answered, long nowNanos) {
        // A pause of the machine makes it seem less, and so do requests that are refused.
        double perSecond = nowNanos > rushNanos ? (answered - rushAnswered) * 1e9 / (nowNanos - rushNanos) : 0;
        capacity = Math.max(perSecond, Math.max(LEAST_CAPACITY, capacity * CAPACITY_FALL));
    }

    private void press(long nowNanos) {
        fullBatches = 0;
        if (!pressed) {
            calmNanos = nowNanos + (leavesOutElsewhere ? SHORT_CALM_NANOS : CALM_NANOS);
            strangers = Math.max(LEAST_STRANGERS, capacity * LEAST_SHARE);
            lookNanos = nowNanos;
            untilLookNanos = FIRST_LOOK_NANOS;
            offered = 0;
            boolean tooEarly = Math.abs(nowNanos - triedNanos) < PROOF_NANOS;
            waitNanos = tooEarly ? Math.min(2 * waitNanos, LONGEST_WAIT_NANOS) : FIRST_WAIT_NANOS;
            pressedNanos = nowNanos;
        } else {
            calmNanos = nowNanos + CALM_NANOS;
        }
        alarmed = true;
        pressed = true;
    }

    /** Whether it is time to look at what was left out elsewhere, for {@link #onLeftOut}; only while pressed. */
    boolean wantsLook(long nowNanos) {
        return pressed && leavesOutElsewhere && Math.abs(nowNanos - lookNanos) >= untilLookNanos;
    }

    /** So many requests were left out elsewhere since the last look: with those that came, what is asked of this machine. */
    void onLeftOut(long requests, long nowNanos) {
        double perSecond = (offered + requests) * 1e9 / Math.max(1, nowNanos - lookNanos);
        long pressedFor = Math.abs(nowNanos - pressedNanos);
        boolean hasRoom = requests == 0 || perSecond <= RELIEF * capacity;
        boolean isTried = !hasRoom
                && (pressedFor >= LONGEST_WAIT_NANOS || (pressedFor >= waitNanos && perSecond <= TRIAL * capacity));
        pressed = !hasRoom && !isTried;
        double room = capacity / Math.max(1, perSecond);
        strangers = Math.max(LEAST_STRANGERS, capacity * Math.clamp(MOST_SHARE * room * room, LEAST_SHARE, MOST_SHARE));
        offered = 0;
        lookNanos = nowNanos;
        untilLookNanos = LOOK_NANOS;
        if (pressed) {
            calmNanos = nowNanos + CALM_NANOS;
        } else if (isTried) {
            triedNanos = nowNanos;
        }
    }

    /** Whether requests have to be left out now. */
    boolean isPressed() {
        return pressed;
    }

    /** Whether it was so lately. */
    boolean isAlarmed() {
        return alarmed;
    }

    /** Requests of strangers that may come a second while pressed. */
    double strangersPerSecond() {
        return strangers;
    }
}
