package org.noonmark.nmea;

import org.noonmark.nmea.TimeLabel.Trust;

/**
 * Decides when an epoch's time may name a second. Statements of validity come from several messages of a burst in any order; a
 * label needs one that affirms the fix in this epoch and none that denied it in this epoch or the one before, so that a late denial
 * (GSA behind RMC) counts too. Labels of a fix rise strictly: a time that goes back is held until
 * {@link #PROOF_EPOCHS} epochs in a row have followed each other by one second, and then told as a {@link TimeJump}.
 *
 * <p>Times that go back and forth are two clocks on one line, such as two receivers or one that disagrees with itself; a time that is
 * told for two seconds is one that stands still or skips. While that goes on there is no label, because nothing tells what is right.
 */
final class Labeller {
    static final int PROOF_EPOCHS = 5;

    /** What a time that goes back adds to the doubt, and where doubt stops growing; one that follows takes 1 off. */
    private static final int DOUBT_STEP = 3;

    private static final int MAX_DOUBT = 12;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** The longest burst of a full line ends just before the next one begins. */
    private static final long REPEATED_NANOS = 980_000_000L;

    /** A fraction this close to a whole second is the receiver's own clock offset (UBX nano), not a fractional epoch. */
    private static final long WHOLE_SECOND_TOLERANCE_NANOS = 1_000_000;

    private final FixListener listener;

    private long utcNanos = FixReport.UNKNOWN;
    private long burstNanos;
    private boolean leapSecond;
    private boolean affirmed;
    private boolean proven;
    private boolean provenBefore;
    private boolean denied;
    private boolean deniedBefore;
    private boolean labelled;
    private boolean repeated;
    /** The first epoch heard may have begun before we listened: its burst has no known first byte. */
    private int epochs;

    private long lastUtcSeconds = Long.MIN_VALUE;
    private boolean lastWasLeap;
    private long heldUtcSeconds;
    private int held;
    private int doubt;

    Labeller(FixListener listener) {
        this.listener = listener;
    }

    void onNewEpoch(long burstNanos) {
        this.burstNanos = burstNanos;
        utcNanos = FixReport.UNKNOWN;
        deniedBefore = denied;
        provenBefore = proven;
        affirmed = false;
        proven = false;
        denied = false;
        labelled = false;
        repeated = false;
        leapSecond = false;
        epochs = Math.min(epochs + 1, 2);
    }

    /**
     * A message names this epoch at {@code messageNanos}: from about a second after the burst's first byte on it speaks of another second.
     * That is a clock that stands still, or one that names two seconds alike and so skips another.
     */
    void onKnownEpoch(long messageNanos) {
        if (!repeated && messageNanos - burstNanos >= REPEATED_NANOS) {
            repeated = true;
            doubt = Math.min(MAX_DOUBT, doubt + DOUBT_STEP);
        }
    }

    /** The epoch's time became known, or known better. */
    void onTime(long utcNanos, boolean leapSecond) {
        this.utcNanos = utcNanos;
        this.leapSecond = leapSecond;
    }

    /** A message stands behind the epoch's time. */
    void affirm(boolean utcProven, String source) {
        affirmed = true;
        proven |= utcProven;
        tryLabel(source);
    }

    /** A message with neither affirmation nor denial may have brought the missing date. */
    void consider(String source) {
        tryLabel(source);
    }

    /** A message says that there is no fix; its time, if any, is the receiver's own clock. */
    void deny(String source) {
        denied = true;
        if (!affirmed) {
            tryRtcLabel(source);
        }
    }

    private void tryLabel(String source) {
        if (labelled || !affirmed || denied || deniedBefore || !wholeSecond() || epochs < 2) {
            return;
        }
        labelled = true;
        long seconds = utcSeconds();
        // Second 60 has the number of the second after it.
        boolean afterLeap = lastWasLeap && !leapSecond && seconds == lastUtcSeconds;
        if (seconds > lastUtcSeconds || afterLeap) {
            doubt = Math.max(0, doubt - 1);
        } else if (believed(seconds)) {
            doubt = 0;
        } else {
            doubt = seconds == lastUtcSeconds ? doubt : Math.min(MAX_DOUBT, doubt + DOUBT_STEP);
            return;
        }
        lastUtcSeconds = seconds;
        lastWasLeap = leapSecond;
        held = 0;
        if (doubt == 0) {
            // Beside sentences, the message that proves UTC may come after the one that makes the label.
            Trust trust = proven || provenBefore ? Trust.UTC_PROVEN : Trust.FIX;
            listener.onLabel(new TimeLabel(seconds, leapSecond, burstNanos, trust, source));
        }
    }

    private void tryRtcLabel(String source) {
        if (!labelled && wholeSecond() && epochs >= 2) {
            labelled = true;
            listener.onLabel(new TimeLabel(utcSeconds(), leapSecond, burstNanos, Trust.RTC, source));
        }
    }

    private boolean believed(long seconds) {
        held = held > 0 && seconds == heldUtcSeconds + 1 ? held + 1 : 1;
        heldUtcSeconds = seconds;
        if (held < PROOF_EPOCHS) {
            return false;
        }
        listener.onTimeJump(new TimeJump(lastUtcSeconds, seconds, held - 1));
        return true;
    }

    private boolean wholeSecond() {
        if (utcNanos == FixReport.UNKNOWN) {
            return false;
        }
        long fraction = Math.floorMod(utcNanos + WHOLE_SECOND_TOLERANCE_NANOS, NANOS_PER_SECOND);
        return fraction <= 2 * WHOLE_SECOND_TOLERANCE_NANOS;
    }

    private long utcSeconds() {
        return Math.floorDiv(utcNanos + NANOS_PER_SECOND / 2, NANOS_PER_SECOND);
    }
}
