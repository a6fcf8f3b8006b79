package org.noonmark.discipline;

import org.noonmark.nmea.TimeLabel;
import org.noonmark.pps.PpsEdge;

/**
 * The decisions of the timing thread: edges, labels and ticks in, corrections and status out. Pure and for one thread. The caller
 * publishes {@link #status()} after each event <em>before</em> it carries out the correction, so that service is withdrawn before
 * the clock is moved, and tells with {@link #onStepped} and {@link #onSteered} what was really done.
 */
public final class TimingCore {
    private final ClockStatus status = new ClockStatus(
            SyncState.COLD,
            "no pulse and no time label yet",
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            ClockStatus.Labelling.NONE);

    public TimingCore(TimingOptions options, double frequencyInForcePpb) {}

    /** An edge was stamped. */
    public Correction onEdge(PpsEdge edge) {
        return Correction.HOLD;
    }

    /** The receiver named a second. */
    public Correction onLabel(TimeLabel label) {
        return Correction.HOLD;
    }

    /** Time has passed: once a second or so, also when nothing else comes. {@code nowNanos} is the local clock. */
    public Correction onTick(long nowNanos) {
        return Correction.HOLD;
    }

    /** The clock was moved by {@code deltaNanos}; {@code atNanos} is what it showed right after. */
    public void onStepped(long deltaNanos, long atNanos) {}

    /** The frequency correction {@code ppbInForce}, as the clock took it on, is in force since {@code atNanos}, local clock. */
    public void onSteered(double ppbInForce, long atNanos) {}

    public ClockStatus status() {
        return status;
    }
}
