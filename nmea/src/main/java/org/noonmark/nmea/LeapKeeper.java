package org.noonmark.nmea;

import org.jspecify.annotations.Nullable;

/** Remembers what the receiver said of leap seconds and tells the listener what is new. */
final class LeapKeeper {
    private final FixListener listener;
    private @Nullable LeapNotice last;
    /** NAV-TIMELS says whence the count comes and what is announced: once heard, the lesser messages are not listened to. */
    private boolean announcerHeard;

    LeapKeeper(FixListener listener) {
        this.listener = listener;
    }

    /** GPS minus UTC, seconds, or {@link FixReport#NO_LEAP}. */
    int currentSeconds() {
        LeapNotice notice = last;
        return notice == null ? FixReport.NO_LEAP : notice.currentSeconds();
    }

    /** True when the receiver's UTC is made with a count that it heard from satellites. */
    boolean proven() {
        LeapNotice notice = last;
        return notice != null && notice.proven();
    }

    /** True when the receiver says that its count is the one built into its firmware. */
    boolean firmwares() {
        LeapNotice notice = last;
        return notice != null && !notice.proven();
    }

    /** A count without announcement. */
    void onCount(int seconds, boolean proven, String source) {
        if (seconds != FixReport.NO_LEAP && !announcerHeard) {
            tell(new LeapNotice(seconds, proven, 0, FixReport.UNKNOWN, source));
        }
    }

    /** The receiver's full word on leap seconds. */
    void onAnnouncement(LeapNotice notice) {
        announcerHeard = true;
        tell(notice);
    }

    private void tell(LeapNotice notice) {
        if (!notice.equals(last)) {
            last = notice;
            listener.onLeap(notice);
        }
    }
}
