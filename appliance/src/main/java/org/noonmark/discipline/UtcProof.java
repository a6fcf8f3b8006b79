package org.noonmark.discipline;

import org.noonmark.nmea.TimeLabel;
import org.noonmark.nmea.TimeLabel.Trust;

/**
 * Whether the seconds that labels name may be told as UTC. A receiver that was just switched on may know GPS time and not yet how many
 * leap seconds UTC is behind it; its sentences do not say so, and are then wrong by whole seconds. They are believed on one of these
 * grounds:
 *
 * <ul>
 *   <li>the receiver itself says that its leap count is known ({@link Trust#UTC_PROVEN});
 *   <li>its leap count is the one of an unexpired leap-seconds.list;
 *   <li>the clock showed the same second before it was ever set by these labels: a real-time clock, an earlier run, this run before it
 *       lost the labels;
 *   <li>another clock says the same second;
 *   <li>it has had a fix for 12.5 minutes, without gaps or with what they took away heard again: so long takes the whole almanac, with
 *       the leap count in one of its pages ({@link AlmanacCycle}).
 * </ul>
 *
 * <p>Once proven, a numbering stays so until it changes.
 */
final class UtcProof {
    /** After so long without a fix the receiver may have been switched off: it is listened to anew. */
    private static final long FORGETTING_NANOS = 60_000_000_000L;

    /**
     * The same second: nearer to it than to any other, and 50 ms for what a crystal drifts while the machine boots, because the kernel
     * takes a real-time clock of whole seconds to be half a second further (rtc_hctosys).
     */
    private static final long SAME_SECOND_NANOS = 550_000_000L;

    private static final long SECOND = 1_000_000_000L;

    private boolean proven;
    private String grounds = "";
    private String confirmation = "";

    private boolean clockVouches; // what the clock shows goes back to something else than these labels
    private long movedNanos; // by which it was moved since

    private final AlmanacCycle almanac = new AlmanacCycle();
    private boolean heard;
    private long lastFixNanos;

    /** {@code clockVouches}: what the clock shows at the start goes back to something else than unproven labels of an earlier run. */
    UtcProof(boolean clockVouches) {
        this.clockVouches = clockVouches;
    }

    boolean isProven() {
        return proven;
    }

    /** What else than these labels says that it is this second, and no neighbour of it: in words; empty where nothing does. */
    String confirmation() {
        return confirmation;
    }

    /** In words, to follow "UTC is proven: "; empty while it is not. */
    String grounds() {
        return grounds;
    }

    /** A label with a fix behind it, which agrees with the present numbering if there is one. */
    void onLabel(TimeLabel label) {
        long at = label.burstArrivalNanos();
        if (!heard || at - lastFixNanos > FORGETTING_NANOS) {
            heard = true;
            almanac.forget();
        }
        lastFixNanos = at;
        almanac.onFix(at);
        if (label.trust() == Trust.UTC_PROVEN) {
            prove("the receiver says that it knows the leap seconds");
        } else if (almanac.isWhole()) {
            prove("the receiver had a fix for 12.5 minutes, in which it hears the leap seconds");
        }
    }

    /** The receiver said that it has no fix. */
    void onUnfixed() {
        almanac.onUnfixed();
    }

    /** The receiver's leap count is the right one at this time. */
    void onLeapCountConfirmed() {
        prove("the receiver's leap seconds are those of the leap seconds list");
    }

    /** Another clock says the same second. */
    void onWitness(String name) {
        confirm(name + " says the same second");
    }

    /** Seconds got other names: the clock is now {@code offsetNanos} off, reference minus local. */
    void onNumbered(long offsetNanos, boolean renamed) {
        onWithdrawn();
        if (renamed) {
            heard = false; // what was heard so long was something else
        }
        if (clockVouches && Math.abs((double) offsetNanos + movedNanos) <= SAME_SECOND_NANOS) {
            confirm("the clock showed the same second before");
        }
    }

    /** The numbering was given up. */
    void onWithdrawn() {
        proven = false;
        confirmation = "";
        grounds = "";
    }

    /** The clock is served: it is right, and can vouch for the second later. */
    void onServed() {
        clockVouches = true;
        movedNanos = 0;
    }

    /** The clock was set by {@code deltaNanos}. */
    void onStepped(long deltaNanos) {
        movedNanos += deltaNanos;
        onShifted(deltaNanos);
    }

    /** The clock passed a leap second, {@code direction} +1 for an inserted one, by being moved by {@code deltaNanos}, or 0 where it was not. */
    void onLeap(int direction, long deltaNanos) {
        movedNanos += deltaNanos + direction * SECOND;
        onShifted(deltaNanos);
    }

    /** Nobody knows by how much the clock was moved. */
    void onLostTrack() {
        clockVouches = false;
        heard = false;
    }

    private void onShifted(long deltaNanos) {
        almanac.onStepped(deltaNanos);
        lastFixNanos += deltaNanos;
    }

    /** Why UTC is not proven, and when it will be. */
    String missing(long nowNanos) {
        if (proven) {
            return "";
        }
        int left = heard ? almanac.secondsLeft(nowNanos) : AlmanacCycle.SECONDS;
        return "the receiver does not say whether it knows the leap seconds, and no other clock agrees with its second;"
                + " it is believed after 12.5 minutes with a fix, in " + Math.ceilDiv(left, 60)
                + " min; UBX messages NAV-TIMEUTC or a real-time clock that is right prove it at once";
    }

    private void confirm(String why) {
        confirmation = why;
        prove(why);
    }

    private void prove(String why) {
        if (!proven) {
            proven = true;
            grounds = why;
        }
    }
}
