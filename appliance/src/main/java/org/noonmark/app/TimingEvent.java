package org.noonmark.app;

import org.noonmark.nmea.LeapNotice;
import org.noonmark.nmea.PulseNotice;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.pps.PpsEdge;

/** What other threads bring to the timing thread. */
sealed interface TimingEvent {
    /** An edge as the device stamped it; {@code monotonicNanos} is when it was received, by a clock that is never stepped. */
    record Edge(PpsEdge edge, long monotonicNanos) implements TimingEvent {}

    /** What the receiver knows of leap seconds has changed. */
    record Leap(LeapNotice notice) implements TimingEvent {}

    /** The receiver said how far its next pulse will lie off the second. */
    record Notice(PulseNotice notice) implements TimingEvent {}

    /** Somebody asks for something that is this thread's to do; it must not throw. */
    record Asked(Runnable deed) implements TimingEvent {}

    /** A second got its name. */
    record Label(TimeLabel label) implements TimingEvent {}
}
