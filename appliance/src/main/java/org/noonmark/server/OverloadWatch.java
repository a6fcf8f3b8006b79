package org.noonmark.server;

import org.noonmark.linux.Datagrams;

/**
 * Decides, by how full the batches of requests are, whether more come than can be answered. Three things follow from it, each for its own
 * time. Pressed: some have to be left out now; it ends as soon as there is room again, so that a short rush, or a client that asks very
 * often, loses no more answers than there was no time for. Alarmed: it was so within the last {@value #CALM_SECONDS} s, so nobody becomes a
 * known client, and the next rush is met at once. And where requests are left out before they come here (AF_XDP), how many strangers may
 * come a second: half of what was answered when it began, less while there is too much even so, then slowly more.
 *
 * <p>A pure decision, of one packet thread.
 */
final class OverloadWatch {
    /** So many full batches in a row mean that requests wait in vain, and not that one came late. */
    private static final int RUSH = 16;

    /** The same while alarmed: the kernel's queue of a socket is some four batches long. */
    private static final int NEXT_RUSH = 2;

    private static final int CALM_SECONDS = 5;
    private static final long CALM_NANOS = CALM_SECONDS * 1_000_000_000L;

    /** Requests of a batch, for a rate per second from nanoseconds. */
    private static final double BATCH_SECONDS = Datagrams.SLOTS * 1e9;

    /** How often it is looked at what was left out elsewhere: a call of the kernel. */
    private static final long LOOK_NANOS = 10_000_000;

    /** Room is left for known clients while strangers are told apart: the rate at which they no longer need to be. */
    private static final double RELIEF = 0.75;

    /** What is always let in of strangers: all that come in 0.2 s have room in a queue. */
    private static final double LEAST_STRANGERS = 10_000;

    /** No machine answers as many. */
    private static final double MOST_STRANGERS = 1e7;

    /** From look to look: twice as many after a third of a second. The queue is not full before batches tell that it is too much. */
    private static final double STRANGERS_RISE = 1.02;

    private static final double CAPACITY_FALL = 7.0 / 8;

    private final boolean leavesOutElsewhere;
    private int fullBatches;
    private long rushNanos;
    private boolean alarmed;
    private boolean pressed;
    private long calmNanos;
    private double capacity;
    private double strangers;
    private long lookNanos;
    private long offered;

    /** Where requests are left out before they come here, it takes {@link #onLeftOut} to know how many there are. */
    OverloadWatch(boolean leavesOutElsewhere) {
        this.leavesOutElsewhere = leavesOutElsewhere;
    }

    /** Whether {@link #onBatch} has to be told of this batch: mostly not, and the clock need not be read. */
    boolean concerns(int received) {
        return alarmed || fullBatches > 0 || received == Datagrams.SLOTS;
    }

    /**
     * A batch was taken.
     *
     * @param received requests in it
     * @param nowNanos by a clock that may be set back
     */
    void onBatch(int received, long nowNanos) {
        offered += received;
        if (received == Datagrams.SLOTS) {
            if (fullBatches++ == 0) {
                rushNanos = nowNanos;
            }
            if (fullBatches > (alarmed && !pressed ? NEXT_RUSH : RUSH)) {
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

    private void press(long nowNanos) {
        calmNanos = nowNanos + CALM_NANOS;
        // What was answered meanwhile; a pause of the machine makes it seem less.
        double answered = (fullBatches - 1) * BATCH_SECONDS / Math.max(1, nowNanos - rushNanos);
        capacity = Math.max(answered, capacity * CAPACITY_FALL);
        strangers = Math.max(LEAST_STRANGERS, (pressed ? strangers : capacity) / 2);
        fullBatches = 0;
        if (!pressed) {
            lookNanos = nowNanos;
            offered = 0;
        }
        alarmed = true;
        pressed = true;
    }

    /** Whether it is time to look at what was left out elsewhere, for {@link #onLeftOut}; only while pressed. */
    boolean wantsLook(long nowNanos) {
        return pressed && leavesOutElsewhere && Math.abs(nowNanos - lookNanos) >= LOOK_NANOS;
    }

    /** So many requests were left out elsewhere since the last look: with those that came, what is asked of this machine. */
    void onLeftOut(long requests, long nowNanos) {
        double perSecond = (offered + requests) * 1e9 / Math.max(1, nowNanos - lookNanos);
        pressed = requests > 0 && perSecond > RELIEF * capacity;
        strangers = Math.min(MOST_STRANGERS, strangers * STRANGERS_RISE);
        offered = 0;
        lookNanos = nowNanos;
        if (pressed) {
            calmNanos = nowNanos + CALM_NANOS;
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
