package org.noonmark.discipline;

import java.time.LocalDate;
import java.time.Month;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.noonmark.nmea.FixReport;
import org.noonmark.nmea.LeapNotice;

/**
 * When the next leap second comes, and how far TAI is ahead of UTC. Believed in this order: an unexpired leap-seconds.list, also when it
 * says that none comes; one that does not say until when it holds, in what it announces; the receiver, when it heard it from satellites;
 * most of the other clocks, on the last day of June and December, the days that ITU-R TF.460 prefers and that all leap seconds so far
 * have come on. Of TAI minus UTC, which an old list has wrong, a list without expiry is believed after the receiver.
 */
final class LeapSchedule {
    private static final long DAY_SECONDS = 86_400;

    /** GPS time is so far behind TAI, for ever. */
    private static final int TAI_MINUS_GPS_SECONDS = 19;

    /** Receivers announce about half a year ahead; what lies further off is a misread week. */
    private static final long FURTHEST_SECONDS = 366 * DAY_SECONDS;

    private Optional<LeapSecondsList> list;
    private @Nullable LeapNotice notice;

    LeapSchedule(Optional<LeapSecondsList> list) {
        this.list = list;
    }

    /** The owner's list has been read anew. */
    void onList(Optional<LeapSecondsList> present) {
        list = present;
    }

    /** The receiver's present word. */
    void onNotice(LeapNotice heard) {
        notice = heard;
    }

    /**
     * The leap second after {@code unixSeconds}; null when none is known.
     *
     * @param witnessDirection what other clocks announce for the end of this day, 0 for none
     */
    @Nullable LeapSecond next(long unixSeconds, int witnessDirection) {
        Optional<LeapSecondsList> known = list.filter(some -> !some.isExpired(unixSeconds));
        LeapSecond listed = known.isPresent() ? listed(known.get(), unixSeconds) : null;
        if (listed != null) {
            return listed;
        }
        LeapSecond announced = announced(unixSeconds);
        // A list knows nothing beyond its own expiry.
        long until = announced == null ? unixSeconds : announced.atUnixSeconds();
        if (known.isPresent() && known.get().isComplete(until)) {
            return null;
        }
        if (announced != null || saysNone()) {
            return announced;
        }
        return witnessed(unixSeconds, witnessDirection);
    }

    /** TAI minus UTC at {@code unixSeconds}; 0 while nobody knows. */
    int taiMinusUtcSeconds(long unixSeconds) {
        Optional<Integer> listed = list.filter(known -> !known.isExpired(unixSeconds))
                .flatMap(known -> known.taiMinusUtcSeconds(unixSeconds));
        LeapNotice heard = notice;
        boolean complete = list.isPresent() && list.get().isComplete(unixSeconds);
        if (heard == null || !heard.proven() || (listed.isPresent() && complete)) {
            return listed.orElse(0);
        }
        boolean passed = heard.change() != 0 && unixSeconds >= heard.changeUtcSeconds();
        return heard.currentSeconds() + TAI_MINUS_GPS_SECONDS + (passed ? heard.change() : 0);
    }

    /** Whether the receiver's count is the one of an unexpired list. */
    boolean isCountConfirmed(long unixSeconds) {
        LeapNotice heard = notice;
        return heard != null
                && heard.currentSeconds() != FixReport.NO_LEAP
                && list.filter(known -> known.isComplete(unixSeconds))
                        .flatMap(known -> known.taiMinusUtcSeconds(unixSeconds))
                        .filter(tai -> tai == heard.currentSeconds() + TAI_MINUS_GPS_SECONDS)
                        .isPresent();
    }

    /** One sentence for the owner when list and receiver, or list and calendar, do not go together; empty when all is well. */
    String alarm(long unixSeconds) {
        if (list.isEmpty() || list.get().isExpired(unixSeconds)) {
            return "";
        }
        LeapNotice heard = notice;
        if (heard == null || !heard.proven()) {
            return "";
        }
        LeapSecondsList known = list.get();
        String cure = known.isComplete(unixSeconds)
                ? "the list is believed: update it if it is old"
                : "it does not say until when it holds: update the time zone database, or write 'leapseclist', which does";
        LeapSecond listed = listed(known, unixSeconds);
        LeapSecond announced = announced(unixSeconds);
        boolean contradicts = announced != null
                && !known.isExpired(announced.atUnixSeconds())
                && (listed == null
                        || listed.atUnixSeconds() != announced.atUnixSeconds()
                        || listed.direction() != announced.direction());
        if (contradicts) {
            return "the receiver announces a leap second that the " + known.name() + " does not know; " + cure;
        }
        int tai = known.taiMinusUtcSeconds(unixSeconds).orElse(0);
        int heardTai = heard.currentSeconds() + TAI_MINUS_GPS_SECONDS;
        boolean counts = tai == 0 || tai == heardTai;
        return counts
                ? ""
                : "the receiver counts " + heardTai + " s from UTC to TAI, the " + known.name() + " " + tai
                        + " s: check the date of the receiver"
                        + (known.isComplete(unixSeconds) ? " and the list" : "; " + cure);
    }

    private static @Nullable LeapSecond listed(LeapSecondsList list, long unixSeconds) {
        int before = 0;
        for (LeapSecondsList.Change change : list.changes()) {
            if (change.unixSeconds() > unixSeconds && before != 0) {
                return new LeapSecond(
                        Integer.signum(change.taiMinusUtcSeconds() - before), change.unixSeconds(), list.name());
            }
            before = change.taiMinusUtcSeconds();
        }
        return null;
    }

    /** Whether the receiver heard from satellites that no leap second is ahead: then no other clock makes one. */
    private boolean saysNone() {
        LeapNotice heard = notice;
        return heard != null && heard.proven() && heard.change() == 0;
    }

    private @Nullable LeapSecond announced(long unixSeconds) {
        LeapNotice heard = notice;
        if (heard == null || !heard.proven() || heard.change() == 0) {
            return null;
        }
        long ahead = heard.changeUtcSeconds() - unixSeconds;
        boolean possible = ahead > 0 && ahead <= FURTHEST_SECONDS && isMonthsEnd(heard.changeUtcSeconds());
        return possible
                ? new LeapSecond(heard.change(), heard.changeUtcSeconds(), "receiver, " + heard.source())
                : null;
    }

    /** Whether a day may end in a leap second at that midnight: an unexpired list would know of it. */
    boolean mayEndWithLeap(long midnightUnixSeconds) {
        return isMonthsEnd(midnightUnixSeconds)
                && list.filter(known -> known.isComplete(midnightUnixSeconds)).isEmpty();
    }

    /** UTC changes at the end of a month only (ITU-R TF.460-6, 2.1). */
    private static boolean isMonthsEnd(long midnightUnixSeconds) {
        return Math.floorMod(midnightUnixSeconds, DAY_SECONDS) == 0
                && day(midnightUnixSeconds).getDayOfMonth() == 1;
    }

    private static @Nullable LeapSecond witnessed(long unixSeconds, int direction) {
        long midnight = (Math.floorDiv(unixSeconds, DAY_SECONDS) + 1) * DAY_SECONDS;
        LocalDate next = day(midnight);
        boolean preferred =
                next.getDayOfMonth() == 1 && (next.getMonth() == Month.JANUARY || next.getMonth() == Month.JULY);
        return direction != 0 && preferred ? new LeapSecond(direction, midnight, "other clocks") : null;
    }

    private static LocalDate day(long unixSeconds) {
        return LocalDate.ofEpochDay(Math.floorDiv(unixSeconds, DAY_SECONDS));
    }
}
