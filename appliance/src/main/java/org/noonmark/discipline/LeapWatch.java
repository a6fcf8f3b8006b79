package org.noonmark.discipline;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.LeapNotice;

/** Knows when a leap second comes and brings the clock over it: {@link LeapSchedule} and {@link LeapPassage}. For one thread. */
final class LeapWatch {
    private static final long SECOND = 1_000_000_000L;

    private final LeapSchedule schedule;
    private final LeapPassage passage;
    private @Nullable LeapSecond next;
    private ClockStatus.Leap status = ClockStatus.Leap.NONE;

    LeapWatch(TimingOptions.Seconds options) {
        schedule = new LeapSchedule(options.leapSeconds());
        passage = new LeapPassage(options.leapMode(), options.systemLeaps());
    }

    /** The receiver's present word on leap seconds. */
    void onNotice(LeapNotice notice) {
        schedule.onNotice(notice);
    }

    /** The owner's list has been read anew. */
    void onList(Optional<LeapSecondsList> list) {
        schedule.onList(list);
    }

    /**
     * Looks at the calendar, once a tick.
     *
     * @param served whether time is served: else the clock need not be right, and nobody is told anything by it
     */
    void onTick(long nowNanos, int witnessDirection, boolean served) {
        long second = Math.floorDiv(nowNanos, SECOND);
        next = schedule.next(second, witnessDirection);
        LeapSecond coming = next;
        boolean right = served || passage.isUnderWay();
        int tai = right ? schedule.taiMinusUtcSeconds(second) : 0;
        String alarm = right ? schedule.alarm(second) : "";
        if (coming == null) {
            status = isTold(tai, alarm) ? status : new ClockStatus.Leap(0, 0, "", false, tai, alarm);
            return;
        }
        boolean today = coming.isOfDay(second);
        boolean left = today && passage.isLeftToSystem() && right && !passage.isOver();
        status = new ClockStatus.Leap(
                today ? coming.direction() : 0, coming.atUnixSeconds(), coming.source(), left, tai, alarm);
    }

    private boolean isTold(int tai, String alarm) {
        return status.atUnixSeconds() == 0
                && status.taiMinusUtcSeconds() == tai
                && status.alarm().equals(alarm);
    }

    /** The receiver says 23:59:60, which has the number {@code unixSeconds}: the leap second that nobody announced is here. */
    void onSecond60(long unixSeconds) {
        if (next == null && schedule.mayEndWithLeap(unixSeconds)) {
            next = new LeapSecond(1, unixSeconds, "receiver, 23:59:60");
        }
    }

    /** Whether the receiver's leap count is the list's. */
    boolean isCountConfirmed(long nowNanos) {
        return schedule.isCountConfirmed(Math.floorDiv(nowNanos, SECOND));
    }

    /** What is to be done at {@code nowNanos}. */
    LeapPassage.Step at(long nowNanos) {
        return passage.at(nowNanos, next);
    }

    boolean isUnderWay() {
        return passage.isUnderWay();
    }

    /** The leap second that is being passed. */
    LeapSecond leap() {
        return passage.leap();
    }

    /** Whether a move of the clock by {@code deltaNanos} is the leap second's. */
    boolean isMove(long deltaNanos) {
        return passage.isMove(deltaNanos);
    }

    /** The clock was moved over it. */
    void onMoved() {
        passage.onMoved();
    }

    /** Whether the clock was moved over the one that is being passed. */
    boolean isOver() {
        return passage.isOver();
    }

    /** It is over, or the clock is no longer known well enough to pass it. */
    void end() {
        passage.end();
        next = null;
    }

    ClockStatus.Leap status() {
        return status;
    }
}
