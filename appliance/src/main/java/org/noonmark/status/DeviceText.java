package org.noonmark.status;

import static org.noonmark.status.ChronycFigures.format;

import java.util.stream.Collectors;
import org.noonmark.status.ReceiverStatus.Constellation;
import org.noonmark.status.ReceiverStatus.Position;

/** The {@code gps} and {@code pps} reports. */
public final class DeviceText {
    private DeviceText() {}

    /**
     * Every receiver with fix and satellites.
     *
     * @param withPosition whether who asks has asked for the antenna's position by name
     */
    public static String gps(StatusSnapshot snapshot, long nowNanos, boolean withPosition) {
        StringBuilder out = new StringBuilder(1_024);
        for (ReceiverStatus receiver : snapshot.receivers()) {
            out.append(out.isEmpty() ? "" : "\n");
            receiver(out, receiver, nowNanos, withPosition);
        }
        return out.isEmpty() ? "No receiver is configured.\n" : out.toString();
    }

    private static void receiver(StringBuilder out, ReceiverStatus receiver, long nowNanos, boolean withPosition) {
        row(out, "Receiver", receiver.refid() + " on " + receiver.device());
        row(out, "Speed", receiver.baud() == 0 ? "as the device gives it" : receiver.baud() + " baud");
        row(out, "Model", receiver.model().isEmpty() ? "not told" : receiver.model());
        if (!receiver.setUp().isEmpty()) {
            row(out, "Set-up", receiver.setUp());
        }
        row(out, "State", heard(receiver));
        row(out, "Hears", receiver.messages().isEmpty() ? "nothing" : String.join(" ", receiver.messages()));
        row(
                out,
                "Messages",
                format(
                        "%d good, %d with a wrong checksum, %d bytes of noise",
                        receiver.frames(), receiver.checksumErrors(), receiver.garbageBytes()));
        row(
                out,
                "Trust",
                (receiver.distrust().isEmpty() ? "believed" : "distrusted: " + receiver.distrust())
                        + receiver.tripwires().stream()
                                .filter(wire -> wire.trips() > 0)
                                .map(wire -> ", " + wire.name() + " wire tripped " + wire.trips() + " times")
                                .collect(Collectors.joining()));
        row(out, "Last byte", Figures.ago(receiver.lastByteNanos(), nowNanos));
        row(
                out,
                "Last label",
                receiver.lastLabelNanos() == 0
                        ? "none yet"
                        : Figures.dateTime(receiver.lastLabelUtcSeconds() * 1_000_000_000L) + " UTC by "
                                + receiver.lastLabelSource() + ", " + Figures.ago(receiver.lastLabelNanos(), nowNanos));
        Position position = receiver.position();
        if (withPosition) {
            row(out, "Position", position == null ? "not known" : place(position));
        } else {
            row(out, "Position", "private: ask with --position");
        }
        for (Constellation constellation : receiver.constellations()) {
            row(
                    out,
                    constellation.name(),
                    constellation.used() + " used of " + constellation.seen() + " in view"
                            + (Double.isFinite(constellation.meanSignal())
                                    ? format(", mean %.0f dB-Hz", constellation.meanSignal())
                                    : ""));
        }
    }

    /** Every pulse source. */
    public static String pps(StatusSnapshot snapshot, long nowNanos) {
        StringBuilder out = new StringBuilder(512);
        for (PulseStatus pulse : snapshot.pulses()) {
            out.append(out.isEmpty() ? "" : "\n");
            row(out, "Pulses", pulse.refid() + " on " + pulse.device());
            row(out, "Last edge", Figures.ago(pulse.lastEdgeNanos(), nowNanos));
            row(out, "Edges", pulse.edges() + " seen, " + pulse.lost() + " lost, " + pulse.rejected() + " rejected");
            row(out, "Edge", width(pulse));
            row(
                    out,
                    "Rate",
                    pulse.checks().rateHertz() == 0
                            ? "not known, or not regular"
                            : pulse.checks().rateHertz() + " a second, "
                                    + pulse.checks().missing() + " missed");
            for (PulseStatus.Refusal refusal : pulse.checks().refusals()) {
                row(out, "Refused", refusal.count() + ": " + refusal.reason());
            }
            row(out, "Delay", delay(pulse.delay()));
            row(out, "Jitter", Figures.nanos(pulse.jitterNanos()));
            row(
                    out,
                    "Last offset",
                    Figures.nanos(pulse.samples().lastOffsetNanos()) + " (positive: the clock is slow)");
            if (!pulse.trouble().isEmpty()) {
                row(out, "Trouble", pulse.trouble());
            }
        }
        return out.isEmpty() ? "No pulse source is configured.\n" : out.toString();
    }

    /** Whether it is known that the edge in use is the beginning of the pulse. */
    static String width(PulseStatus pulse) {
        long width = pulse.checks().widthNanos();
        return width == 0
                ? "edge unverified, one is stamped alone"
                : "pulse lasts " + Figures.nanos((double) width) + " from its edge";
    }

    /** How late stamps are, how far that is known, and from whom. */
    static String delay(PulseStatus.Delay delay) {
        return Figures.nanos((double) delay.meanNanos()) + " late, +/- "
                + Figures.nanos((double) delay.uncertaintyNanos()) + ": " + delay.source();
    }

    /** What comes from a receiver, in a few words. */
    static String heard(ReceiverStatus receiver) {
        return switch (receiver.link()) {
            case ABSENT -> "not there";
            case SILENT -> "silent";
            case GARBLED -> "sends what nobody understands";
            case TALKING ->
                switch (receiver.fix()) {
                    case UNKNOWN -> "talks, fix not told";
                    case NONE -> "no fix, " + receiver.satellitesSeen() + " satellites in view";
                    case TWO_D -> "2D fix" + used(receiver);
                    case THREE_D -> "3D fix" + used(receiver);
                    case TIME -> "time fix" + used(receiver);
                };
        };
    }

    private static String used(ReceiverStatus receiver) {
        return ", " + receiver.satellitesUsed() + " of " + receiver.satellitesSeen() + " satellites";
    }

    private static String place(Position position) {
        return format("%.6f, %.6f degrees", position.latitudeDegrees(), position.longitudeDegrees())
                + (Double.isFinite(position.altitudeMetres()) ? format(", %.1f m", position.altitudeMetres()) : "");
    }

    private static void row(StringBuilder out, String name, String text) {
        out.append(format("%-11s %s\n", name, text));
    }
}
