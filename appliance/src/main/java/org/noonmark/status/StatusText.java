package org.noonmark.status;

import static org.noonmark.status.ChronycFigures.format;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.SyncState;
import org.noonmark.ntp.SystemVariables;

/** The {@code status} report: one screen of 80 columns for a person. */
public final class StatusText {
    private static final int WIDTH = 80;
    private static final int INDENT = 11;
    private static final String GREEN = "\u001b[32;1m";
    private static final String YELLOW = "\u001b[33;1m";
    private static final String RED = "\u001b[31;1m";
    private static final String PLAIN = "\u001b[0m";

    private static final String ASSUMED =
            "which pulse that is, is assumed (sentences begin 0-1 s after theirs) and not confirmed:"
                    + " a real-time clock or UBX TIM-TP does it, or 'label last' after a comparison with a clock that is right";

    private final StatusSnapshot snapshot;
    private final long nowNanos;
    private final boolean terminal;
    private final StringBuilder out = new StringBuilder(2_048);

    private StatusText(StatusSnapshot snapshot, long nowNanos, boolean terminal) {
        this.snapshot = snapshot;
        this.nowNanos = nowNanos;
        this.terminal = terminal;
    }

    /**
     * The whole screen.
     *
     * @param nowNanos local clock at which the ages hold
     * @param terminal whether colours will be understood
     */
    public static String screen(StatusSnapshot snapshot, long nowNanos, boolean terminal) {
        return new StatusText(snapshot, nowNanos, terminal).screen();
    }

    /** The whole in one line without a line feed, for logs and watchers. */
    public static String line(StatusSnapshot snapshot, long nowNanos) {
        ClockStatus clock = snapshot.clock();
        if (!snapshot.isSynchronised()) {
            return "not synchronised: " + why(snapshot, nowNanos);
        }
        SystemVariables system = snapshot.system();
        if (snapshot.isFollowingServers()) {
            return format(
                    "by %s: stratum %d, reference %s, within %s; %s",
                    snapshot.sources().kinds(),
                    system.stratum(),
                    ChronycText.referenceName(snapshot),
                    Figures.bound(system.rootDistanceNanos(nowNanos)),
                    clock.why());
        }
        String seconds =
                clock.labelling().certain() ? "seconds by " + clock.labelling().source() : "no labels";
        return (clock.state() == SyncState.HOLDOVER ? "holdover" : "synchronised")
                + format(
                        ": stratum %d, within %s, offset %s, frequency %.3f ppm, %s, %s",
                        ChronycText.reportedStratum(system),
                        Figures.bound(system.rootDistanceNanos(nowNanos)),
                        Figures.nanos(clock.residualOffsetNanos()),
                        clock.frequencyPpb() / 1e3,
                        seconds,
                        satellites(snapshot));
    }

    private String screen() {
        title();
        state();
        seconds();
        utc();
        oscillator();
        out.append('\n');
        snapshot.receivers().forEach(this::receiver);
        snapshot.pulses().forEach(this::pulse);
        if (!snapshot.sources().all().isEmpty()) {
            String kinds = snapshot.sources().kinds();
            row(Character.toUpperCase(kinds.charAt(0)) + kinds.substring(1), ServerText.sentence(snapshot));
        }
        server();
        nts();
        for (String trouble : Diagnosis.of(snapshot, nowNanos)) {
            out.append('\n');
            wrapped(colour(YELLOW, "!"), 1, 2, trouble);
        }
        return out.toString();
    }

    private void title() {
        String left = Program.NAME + " " + snapshot.program().version() + ", up "
                + Figures.lasting((nowNanos - snapshot.program().startedNanos()) / 1e9);
        String right = Figures.dateTime(nowNanos) + (snapshot.isSynchronised() ? " UTC" : " (not proven)");
        out.append(left)
                .append(" ".repeat(Math.max(2, WIDTH - left.length() - right.length())))
                .append(right)
                .append("\n\n");
    }

    private void state() {
        ClockStatus clock = snapshot.clock();
        String lasting = ", for " + Figures.lasting((nowNanos - clock.stateSinceNanos()) / 1e9);
        SystemVariables system = snapshot.system();
        switch (clock.state()) {
            case COLD, LABELLED, REFUSED -> {
                if (snapshot.isFollowingServers()) {
                    row(
                            "Time",
                            colour(YELLOW, "BY " + snapshot.sources().kinds().toUpperCase(Locale.ROOT)) + ", stratum "
                                    + system.stratum() + ", reference " + ChronycText.referenceName(snapshot));
                    row("Why", clock.why());
                    row("Error", "within " + Figures.bound(system.rootDistanceNanos(nowNanos)) + " of UTC");
                    return;
                }
                row(
                        "Time",
                        colour(RED, "NOT SYNCHRONISED")
                                + (system.isSynchronised()
                                        ? ", served as 'local', stratum " + system.stratum() + ", within "
                                                + Figures.bound(system.rootDistanceNanos(nowNanos)) + " of UTC"
                                        : ", clients are told so"));
                row("Why", clock.why());
            }
            case DISCIPLINED -> {
                row(
                        "Time",
                        colour(GREEN, "SYNCHRONISED") + ", stratum " + system.stratum() + ", reference "
                                + ChronycText.referenceName(system) + lasting);
                row("Error", errors(clock, system));
            }
            case HOLDOVER -> {
                row(
                        "Time",
                        colour(YELLOW, "HOLDOVER") + ", stratum " + system.stratum() + ", on the learned frequency"
                                + lasting);
                row("Why", clock.why());
                row("Error", errors(clock, system));
            }
        }
    }

    private String errors(ClockStatus clock, SystemVariables system) {
        return "within " + Figures.bound(system.rootDistanceNanos(nowNanos)) + " of UTC; offset now "
                + Figures.nanos(clock.residualOffsetNanos()) + ", RMS " + Figures.nanos(clock.rmsOffsetNanos());
    }

    private void seconds() {
        ClockStatus.Labelling labelling = snapshot.clock().labelling();
        if (labelling.labels() == 0) {
            row("Seconds", "nobody numbers them yet");
            return;
        }
        String source = snapshot.receivers().isEmpty()
                ? "receiver"
                : snapshot.receivers().getFirst().refid();
        if (labelling.certain()) {
            row(
                    "Seconds",
                    format(
                            "numbered by %s (%s), %s after the pulse +/- %s; %s",
                            source,
                            labelling.source(),
                            Figures.nanos(labelling.delayNanos()),
                            Figures.nanos(labelling.delaySigmaNanos()),
                            labelling.confirmation().isEmpty() ? ASSUMED : "confirmed: " + labelling.confirmation()));
        } else {
            row(
                    "Seconds",
                    format(
                            "%s (%s) is not certain yet: %d labels agree, margin %.1f sigma of 4",
                            source, labelling.source(), labelling.agreeing(), labelling.marginSigmas()));
        }
    }

    private void utc() {
        ClockStatus.Labelling labelling = snapshot.clock().labelling();
        ClockStatus.Leap leap = snapshot.clock().leap();
        if (labelling.certain()) {
            row("UTC", labelling.proof().isEmpty() ? "not proven yet" : "proven: " + labelling.proof());
        }
        if (leap.atUnixSeconds() != 0) {
            row("Leap", leapSecond(leap));
        }
    }

    private static String leapSecond(ClockStatus.Leap leap) {
        // The day that ends with it is the one people name.
        String what =
                "a leap second at the end of " + Figures.date(leap.atUnixSeconds() - 1) + " (" + leap.source() + ")";
        return switch (leap.direction()) {
            case 1 -> what + "; clients are told that 61 seconds are in the last minute of today";
            case -1 -> what + "; clients are told that 59 seconds are in the last minute of today";
            default -> what;
        };
    }

    private void oscillator() {
        ClockStatus clock = snapshot.clock();
        if (clock.edgesUsed() == 0) {
            return;
        }
        row(
                "Clock",
                format(
                        "runs %.3f ppm %s when left alone, known to %.3f ppm",
                        Math.abs(clock.frequencyPpb()) / 1e3,
                        clock.frequencyPpb() < 0 ? "fast" : "slow",
                        clock.skewPpb() / 1e3));
    }

    private void receiver(ReceiverStatus receiver) {
        String speed = receiver.baud() == 0 ? "" : ", " + receiver.baud() + " baud";
        row("Receiver", receiver.refid() + " on " + receiver.device() + speed + ": " + DeviceText.heard(receiver));
        if (receiver.link() != ReceiverStatus.Link.TALKING) {
            return;
        }
        String constellations = receiver.constellations().stream()
                .map(c -> c.name() + " " + c.used() + "/" + c.seen())
                .collect(Collectors.joining(", "));
        if (!constellations.isEmpty()) {
            row("", "satellites used/seen: " + constellations);
        }
        if (receiver.lastLabelNanos() != 0) {
            row(
                    "",
                    "last second " + Figures.time(receiver.lastLabelUtcSeconds()) + " UTC by "
                            + receiver.lastLabelSource() + ", " + Figures.ago(receiver.lastLabelNanos(), nowNanos));
        }
    }

    private void pulse(PulseStatus pulse) {
        row(
                "Pulses",
                pulse.refid() + " on " + pulse.device() + ": " + lastEdge(pulse)
                        + (Double.isFinite(pulse.jitterNanos())
                                ? ", jitter " + Figures.nanos(pulse.jitterNanos())
                                : ""));
        row(
                "",
                pulse.edges() + " seen, " + pulse.lost() + " lost, " + pulse.rejected() + " rejected; "
                        + DeviceText.width(pulse));
        row("", "stamped " + DeviceText.delay(pulse.delay()));
    }

    private String lastEdge(PulseStatus pulse) {
        return pulse.lastEdgeNanos() == 0 ? "none yet" : "last " + Figures.ago(pulse.lastEdgeNanos(), nowNanos);
    }

    private void server() {
        ServerStatus server = snapshot.server();
        if (server.listening().isEmpty()) {
            row("Server", "does not listen yet");
            return;
        }
        row("Server", String.join(", ", server.listening()));
        row(
                "",
                server.requests() + " requests, " + server.answered() + " answered, " + server.refused() + " refused; "
                        + clients(server.clients()));
    }

    private void nts() {
        NtsStatus nts = snapshot.nts();
        if (!nts.waiting().isEmpty()) {
            row("NTS", nts.waiting());
        } else if (!nts.listening().isEmpty()) {
            row("NTS", "keys at " + String.join(", ", nts.listening()));
            row("", nts.connections() + " connections, " + nts.established() + " established");
        }
        nts.authority().ifPresent(authority -> {
            row("", "authority \"" + authority.name() + "\", SHA-256");
            // Two lines of 16 pairs.
            int half = (authority.fingerprint().length() + 1) / 2;
            row(
                    "",
                    authority.fingerprint().substring(0, half) + " "
                            + authority.fingerprint().substring(half));
        });
    }

    private static String clients(int clients) {
        return clients == 1 ? "1 client" : clients + " clients";
    }

    private static String satellites(StatusSnapshot snapshot) {
        int used = snapshot.receivers().stream()
                .mapToInt(ReceiverStatus::satellitesUsed)
                .sum();
        int seen = snapshot.receivers().stream()
                .mapToInt(ReceiverStatus::satellitesSeen)
                .sum();
        return used + "/" + seen + " satellites";
    }

    private static String why(StatusSnapshot snapshot, long nowNanos) {
        List<String> troubles = Diagnosis.of(snapshot, nowNanos);
        return troubles.isEmpty() ? snapshot.clock().why() : troubles.getFirst();
    }

    private void row(String name, String text) {
        wrapped(name, name.length(), INDENT, text);
    }

    /** {@code head} (of {@code headWidth} columns when printed), then {@code text} from column {@code indent} on, in lines of 80. */
    private void wrapped(String head, int headWidth, int indent, String text) {
        out.append(head).append(" ".repeat(indent - headWidth));
        int column = indent;
        for (String word : text.split(" ", -1)) {
            int width = printedWidth(word);
            if (column > indent && column + 1 + width > WIDTH) {
                out.append('\n').append(" ".repeat(indent));
                column = indent;
            } else if (column > indent) {
                out.append(' ');
                column++;
            }
            out.append(word);
            column += width;
        }
        out.append('\n');
    }

    private static int printedWidth(String word) {
        int width = 0;
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) == '\u001b') {
                i = word.indexOf('m', i);
            } else {
                width++;
            }
        }
        return width;
    }

    private String colour(String colour, String text) {
        return terminal ? colour + text + PLAIN : text;
    }
}
