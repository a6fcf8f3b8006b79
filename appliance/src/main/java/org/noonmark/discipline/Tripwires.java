package org.noonmark.discipline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.noonmark.nmea.FixReport;
import org.noonmark.nmea.ReceiverHealth;
import org.noonmark.nmea.ReceiverHealth.Interference;
import org.noonmark.nmea.SkyView;

/**
 * Signs that a receiver hears something else than the sky: a fixed antenna that jumps, satellites that are all equally strong, and
 * the receiver's own word. While one of them stands, its pulses and labels are not to be followed. Times are of a clock that is never
 * set. Used by the serial thread only.
 */
public final class Tripwires {
    /**
     * Where the wires are drawn; 0 or false takes one away.
     *
     * @param positionMetres a fixed antenna that is further than this from where it was
     * @param signalDecibels the strengths of all satellites used scatter by less than this
     * @param interference whether the receiver's own word on spoofing and jamming counts
     * @param holdNanos how long distrust lasts after the last sign
     */
    public record Limits(double positionMetres, double signalDecibels, boolean interference, long holdNanos) {}

    /**
     * A wire and what has touched it.
     *
     * @param name such as "position"
     * @param trips how often
     */
    public record Count(String name, long trips) {}

    private static final long SECOND = 1_000_000_000L;

    /** A multipath excursion is over after that, a counterfeit is not. */
    private static final long POSITION_SURE_NANOS = 10 * SECOND;

    private static final long SIGNALS_SURE_NANOS = 30 * SECOND;

    /**
     * Of fewer the scatter says nothing. In the 46 of gpsd's captures that tell strengths of five and more satellites at once it is never
     * below 1.7 dB (UBX: satellites used; NMEA: GPS satellites in view).
     */
    private static final int LEAST_SATELLITES = 6;

    private final Limits limits;
    private final AntennaPlace place = new AntennaPlace();
    private final Wire position;
    private final Wire signals;
    private final Wire interference;

    public Tripwires(Limits limits) {
        this.limits = limits;
        position = new Wire(POSITION_SURE_NANOS, limits.holdNanos());
        signals = new Wire(SIGNALS_SURE_NANOS, limits.holdNanos());
        interference = new Wire(0, limits.holdNanos());
    }

    /** Where the receiver says it is. */
    public void onFix(FixReport fix, long nowNanos) {
        if (limits.positionMetres() <= 0
                || fix.mode() != FixReport.Mode.FIX_3D
                || Double.isNaN(fix.latitudeDegrees())) {
            return;
        }
        double metres = place.onFix(fix.latitudeDegrees(), fix.longitudeDegrees(), limits.positionMetres());
        boolean jumped = metres > limits.positionMetres();
        position.onSign(
                jumped,
                jumped
                        ? String.format(
                                Locale.ROOT,
                                "its position is %.1f km from where its fixed antenna was, so its signals may be counterfeit; if the antenna was"
                                        + " moved, restart, or write 'antenna moving'",
                                metres * 1e-3)
                        : "",
                nowNanos);
    }

    /** The satellites that it hears. */
    public void onSky(SkyView sky, long nowNanos) {
        int count = 0;
        double sum = 0;
        double squares = 0;
        for (SkyView.Satellite satellite : sky.satellites()) {
            double signal = satellite.signalDbHz();
            if (satellite.used() && signal > 0) {
                count++;
                sum += signal;
                squares += signal * signal;
            }
        }
        if (limits.signalDecibels() <= 0 || count < LEAST_SATELLITES) {
            return;
        }
        double mean = sum / count;
        double scatter = Math.sqrt(Math.max(0, squares / count - mean * mean));
        boolean flat = scatter < limits.signalDecibels();
        signals.onSign(
                flat,
                flat
                        ? String.format(
                                Locale.ROOT,
                                "its %d satellites are all equally strong, within %.1f dB, as a counterfeit's are; check antenna and surroundings",
                                count,
                                scatter)
                        : "",
                nowNanos);
    }

    /**
     * The receiver's own word. A bad one is said again and again while it holds: a receiver that lost power may speak another language
     * since, and never take it back.
     */
    public void onHealth(ReceiverHealth health, long nowNanos) {
        if (limits.interference()) {
            String word = interferenceWord(health);
            interference.onSign(!word.isEmpty(), word, nowNanos);
        }
    }

    /** Time has passed: about once a second. */
    public void onTime(long nowNanos) {
        interference.onTime(nowNanos);
        position.onTime(nowNanos);
        signals.onTime(nowNanos);
    }

    /** Why the receiver is not to be followed, to be read after "the receiver is distrusted: "; empty when it is. */
    public String distrust() {
        for (Wire wire : List.of(interference, position, signals)) {
            if (wire.isTripped()) {
                return wire.why();
            }
        }
        return "";
    }

    /** What has touched each wire so far. */
    public List<Count> counts() {
        List<Count> counts = new ArrayList<>();
        counts.add(new Count("interference", interference.trips()));
        counts.add(new Count("position", position.trips()));
        counts.add(new Count("signals", signals.trips()));
        return counts;
    }

    private static String interferenceWord(ReceiverHealth health) {
        if (health.spoofing() == Interference.INDICATED || health.spoofing() == Interference.SEVERE) {
            return "it says itself that it is being spoofed";
        }
        return health.jamming() == Interference.SEVERE
                ? "it says itself that it is jammed; look for a transmitter near its antenna"
                : "";
    }

    /** One wire: trips when signs have come for long enough without a good word between, lets go when none came for the hold time. */
    private static final class Wire {
        private final long sureNanos;
        private final long holdNanos;
        private long sinceNanos = Long.MIN_VALUE; // first sign of those without a good word between
        private long lastSignNanos;
        private boolean tripped;
        private long trips;
        private String why = "";

        Wire(long sureNanos, long holdNanos) {
            this.sureNanos = sureNanos;
            this.holdNanos = holdNanos;
        }

        void onSign(boolean bad, String reason, long nowNanos) {
            if (bad) {
                sinceNanos = sinceNanos == Long.MIN_VALUE ? nowNanos : sinceNanos;
                lastSignNanos = nowNanos;
                why = reason;
                if (!tripped && nowNanos - sinceNanos >= sureNanos) {
                    tripped = true;
                    trips++;
                }
            } else {
                sinceNanos = Long.MIN_VALUE;
            }
            onTime(nowNanos);
        }

        void onTime(long nowNanos) {
            if (tripped && nowNanos - lastSignNanos > holdNanos) {
                tripped = false;
                sinceNanos = Long.MIN_VALUE;
            }
        }

        boolean isTripped() {
            return tripped;
        }

        String why() {
            return why;
        }

        long trips() {
            return trips;
        }
    }
}
