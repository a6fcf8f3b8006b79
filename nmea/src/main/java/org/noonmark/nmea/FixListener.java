package org.noonmark.nmea;

/** Hears what {@link FixTracker} made of the receiver's messages, on the thread that brought the bytes. */
public interface FixListener {
    /** A second got its name; at most once per whole-second epoch, as soon as time, date and validity are known. */
    default void onLabel(TimeLabel label) {}

    /** An epoch is complete: the next one began, or the line fell silent. */
    default void onFix(FixReport fix) {}

    /** The sky report of an epoch is complete. */
    default void onSky(SkyView sky) {}

    /** The receiver's knowledge of leap seconds changed. */
    default void onLeap(LeapNotice leap) {}

    /** Antenna or interference state changed; while there is interference, whenever the receiver says so. */
    default void onHealth(ReceiverHealth health) {}

    /** A quantization error for the coming pulse. */
    default void onPulse(PulseNotice pulse) {}

    /** The receiver answered a configuration message. */
    default void onReply(ReceiverReply reply) {}

    /** The receiver's time went back: labels of the new timeline begin after this. */
    default void onTimeJump(TimeJump jump) {}
}
