package org.noonmark.discipline;

import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.PulseNotice;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.nmea.TimeLabel.Trust;

/**
 * Makes labels of what a receiver says of its next pulse (UBX-TIM-TP): the pulse after the message's first byte marks the second that it
 * names, whatever the rest of the receiver's messages speak of and however late they come. A notice has the time of the week only; which
 * week, and whether there is a fix, the other labels tell. For one thread.
 */
final class PulseAnnouncements {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLIS = 1_000;
    private static final long WEEK_SECONDS = 604_800;

    /** 1980-01-06, POSIX count: where weeks begin. */
    private static final long GPS_EPOCH_SECONDS = 315_964_800;

    /** So long a notice or a label counts. */
    private static final long FRESH_NANOS = 5 * SECOND;

    /** Notice and labels must mean the same second but for what a label may be off: the pulse before, the next one, a slow line. */
    private static final long MOST_APART_SECONDS = 3;

    private @Nullable TimeLabel lastLabel;
    private boolean heard;
    private long lastNoticeNanos;
    private boolean givenUp;

    /** The receiver named a second, of whatever pulse. */
    void onLabel(TimeLabel label) {
        lastLabel = label.trust() == Trust.RTC ? null : label;
    }

    /** The label of the last pulse before the notice's first byte; null when the notice names none. */
    @Nullable TimeLabel labelOf(PulseNotice notice) {
        TimeLabel label = lastLabel;
        if (givenUp || label == null || !notice.utcBase() || notice.towMillis() % MILLIS != 0) {
            return null;
        }
        long elapsed = notice.arrivalNanos() - label.burstArrivalNanos();
        if (Math.abs(elapsed) > FRESH_NANOS) {
            return null;
        }
        long about = label.utcSeconds() + Math.floorDiv(elapsed, SECOND);
        long announced = notice.towMillis() / MILLIS - 1; // of the pulse before the announced one
        long apart = Math.floorMod(announced - (about - GPS_EPOCH_SECONDS) + WEEK_SECONDS / 2, WEEK_SECONDS)
                - WEEK_SECONDS / 2;
        if (Math.abs(apart) > MOST_APART_SECONDS) {
            return null;
        }
        heard = true;
        lastNoticeNanos = notice.arrivalNanos();
        return new TimeLabel(about + apart, false, notice.arrivalNanos(), label.trust(), "TIM-TP");
    }

    /** Whether notices come, so that other labels need not number pulses. */
    boolean areHeard(long nowNanos) {
        return heard && Math.abs(nowNanos - lastNoticeNanos) <= FRESH_NANOS;
    }

    /** The clock was moved by {@code deltaNanos}: stamps move along. */
    void onStepped(long deltaNanos) {
        lastNoticeNanos += deltaNanos;
        TimeLabel label = lastLabel;
        if (label != null) {
            lastLabel = new TimeLabel(
                    label.utcSeconds(),
                    label.leapSecond(),
                    label.burstArrivalNanos() + deltaNanos,
                    label.trust(),
                    label.source());
        }
    }

    /** Notices come so near to a pulse that they cannot say which one is next: they are not heard any more. */
    void giveUp() {
        givenUp = true;
        heard = false;
    }

    /** Nobody knows by how much the clock was moved: stamps of before say nothing. */
    void forget() {
        givenUp = false;
        lastLabel = null;
        heard = false;
    }
}
