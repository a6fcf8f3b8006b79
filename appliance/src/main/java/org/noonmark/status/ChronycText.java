package org.noonmark.status;

import static org.noonmark.status.ChronycFigures.format;

import org.noonmark.discipline.ClockStatus;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.sources.SourceStatus;

/**
 * Reports in chronyc's layout, column for column, for the eyes and the scripts that know it. Signs are chronyc's: it prints how far the
 * local clock is ahead, where everything inside says reference minus local.
 */
public final class ChronycText {
    private static final String SOURCES_LEGEND = """

              .-- Source mode  '^' = server, '=' = peer, '#' = local clock.
             / .- Source state '*' = current best, '+' = combined, '-' = not combined,
            | /             'x' = may be in error, '~' = too variable, '?' = unusable.
            ||                                                 .- xxxx [ yyyy ] +/- zzzz
            ||      Reachability register (octal) -.           |  xxxx = adjusted offset,
            ||      Log2(Polling interval) --.      |          |  yyyy = measured offset,
            ||                                \\     |          |  zzzz = estimated error.
            ||                                 |    |           \\
            """;
    private static final String SOURCES_HEADER =
            "MS Name/IP address         Stratum Poll Reach LastRx Last sample               ";
    private static final String SOURCESTATS_LEGEND = """
                                         .- Number of sample points in measurement set.
                                        /    .- Number of residual runs with same sign.
                                       |    /    .- Length of measurement set (time).
                                       |   |    /      .- Est. clock freq error (ppm).
                                       |   |   |      /           .- Est. error in freq.
                                       |   |   |     |           /         .- Est. offset.
                                       |   |   |     |          |          |   On the -.
                                       |   |   |     |          |          |   samples. \\
                                       |   |   |     |          |          |             |
            """;
    private static final String SOURCESTATS_HEADER =
            "Name/IP Address            NP  NR  Span  Frequency  Freq Skew  Offset  Std Dev";
    private static final int STRATUM_UNSYNCHRONISED = 16;

    private ChronycText() {}

    /** {@code tracking}. */
    public static String tracking(StatusSnapshot snapshot, long nowNanos) {
        SystemVariables system = snapshot.system();
        ClockStatus clock = snapshot.clock();
        return format("Reference ID    : %08X (%s)\n", system.referenceId(), referenceName(snapshot))
                + format("Stratum         : %d\n", reportedStratum(system))
                + format("Ref time (UTC)  : %s\n", ChronycFigures.date(referenceNanos(system, nowNanos)))
                + format(
                        "System time     : %.9f seconds %s of NTP time\n",
                        Math.abs(clock.residualOffsetNanos()) / 1e9, clock.residualOffsetNanos() > 0 ? "slow" : "fast")
                + format("Last offset     : %+.9f seconds\n", -clock.lastOffsetNanos() / 1e9)
                + format("RMS offset      : %.9f seconds\n", clock.rmsOffsetNanos() / 1e9)
                + format(
                        "Frequency       : %.3f ppm %s\n",
                        Math.abs(clock.frequencyPpb()) / 1e3, clock.frequencyPpb() < 0 ? "fast" : "slow")
                + format("Residual freq   : %+.3f ppm\n", 0 - clock.residualFrequencyPpb() / 1e3)
                + format("Skew            : %.3f ppm\n", clock.skewPpb() / 1e3)
                + format("Root delay      : %.9f seconds\n", system.rootDelayNanos() / 1e9)
                + format("Root dispersion : %.9f seconds\n", system.rootDispersionNanos(nowNanos) / 1e9)
                + format("Update interval : %.1f seconds\n", clock.updateIntervalSeconds())
                + format("Leap status     : %s\n", leapStatus(system.leapIndicator()));
    }

    /** {@code sources}. */
    public static String sources(StatusSnapshot snapshot, long nowNanos, boolean verbose) {
        StringBuilder out = new StringBuilder(verbose ? SOURCES_LEGEND : "");
        header(out, SOURCES_HEADER);
        for (SourceReport source : SourceReport.of(snapshot, nowNanos)) {
            out.append(format(
                    "#%c %-27s  %2d  %2d   %3o  %s  %s[%s] +/- %s\n",
                    source.state().letter(),
                    source.name(),
                    0,
                    0,
                    source.reach(),
                    ChronycFigures.interval(source.lastRxSeconds()),
                    ChronycFigures.offset(-source.adjustedNanos()),
                    ChronycFigures.offset(-source.measuredNanos()),
                    ChronycFigures.magnitude(source.errorNanos())));
        }
        ServerText.sources(snapshot, out);
        return out.toString();
    }

    /** {@code sourcestats}. */
    public static String sourcestats(StatusSnapshot snapshot, long nowNanos, boolean verbose) {
        StringBuilder out = new StringBuilder(verbose ? SOURCESTATS_LEGEND : "");
        header(out, SOURCESTATS_HEADER);
        for (SourceReport source : SourceReport.of(snapshot, nowNanos)) {
            SampleStatistics statistics = source.statistics();
            out.append(format(
                    "%-25s %3d %3d  %s %s %s  %s  %s\n",
                    source.name(),
                    statistics.samples(),
                    statistics.runs(),
                    ChronycFigures.interval(Math.round(statistics.spanSeconds())),
                    ChronycFigures.signedFrequency(-statistics.frequencyPpb()),
                    ChronycFigures.frequency(statistics.skewPpb()),
                    ChronycFigures.offset(-statistics.offsetNanos()),
                    ChronycFigures.magnitude(statistics.deviationNanos())));
        }
        ServerText.sourcestats(snapshot, out);
        return out.toString();
    }

    /** {@code activity}. Local clocks are never in a burst and need no name resolved. */
    public static String activity(StatusSnapshot snapshot, long nowNanos) {
        long online = SourceReport.of(snapshot, nowNanos).stream()
                .filter(SourceReport::online)
                .count();
        long offline = snapshot.pulses().size() + snapshot.receivers().size() - online;
        return ServerText.activity(snapshot, online, offline);
    }

    /** {@code serverstats}, and behind chronyc's lines our own: why packets were refused. */
    public static String serverstats(StatusSnapshot snapshot) {
        ServerStatus server = snapshot.server();
        StringBuilder out = new StringBuilder(1_024);
        count(out, "NTP packets received", server.requests());
        count(out, "NTP packets dropped", server.refused());
        count(out, "Command packets received", server.commands());
        count(out, "Command packets dropped", server.commandsRefused());
        count(out, "Client log records dropped", server.clientsForgotten());
        count(out, "NTS-KE connections accepted", snapshot.nts().connections());
        count(
                out,
                "NTS-KE connections dropped",
                snapshot.nts().refusals().stream()
                        .mapToLong(ServerStatus.Refusal::count)
                        .sum());
        count(out, "Authenticated NTP packets", server.authenticated());
        count(out, "Interleaved NTP packets", server.interleaved());
        count(out, "NTP timestamps held", server.stampsHeld());
        count(out, "NTP timestamp span", server.stampSpanSeconds());
        count(out, "NTP daemon RX timestamps", server.daemonStamps());
        count(out, "NTP daemon TX timestamps", server.answered() - server.interleaved());
        count(out, "NTP kernel RX timestamps", server.kernelStamps());
        count(out, "NTP kernel TX timestamps", server.interleaved());
        count(out, "NTP hardware RX timestamps", 0);
        count(out, "NTP hardware TX timestamps", 0);
        count(out, "NTP XDP RX timestamps", server.driverStamps());
        count(out, "NTS authenticated packets", server.ntsAuthenticated());
        count(out, "NTS cookies not known", server.ntsNaks());
        for (ServerStatus.Refusal refusal : server.refusals()) {
            if (refusal.count() > 0) {
                count(out, "Refused: " + refusal.reason(), refusal.count());
            }
        }
        return out.toString();
    }

    /** Of a server its address, as far as it is one of those that are asked. */
    static String referenceName(StatusSnapshot snapshot) {
        int id = snapshot.system().referenceId();
        return snapshot.sources().all().stream()
                .filter(source -> snapshot.isFollowingServers() && source.addressId() == id)
                .map(SourceStatus::shown)
                .findFirst()
                .orElseGet(() -> referenceName(id));
    }

    /** The reference id as a name: its octets that are printable ASCII. */
    static String referenceName(SystemVariables system) {
        return referenceName(system.referenceId());
    }

    static String referenceName(int referenceId) {
        StringBuilder name = new StringBuilder(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            char c = (char) (referenceId >>> shift & 0xff);
            if (c > ' ' && c < 0x7f) {
                name.append(c);
            }
        }
        return name.toString();
    }

    /** RFC 5905, figure 11: 16 says unsynchronised where a packet says 0. */
    static int reportedStratum(SystemVariables system) {
        return system.stratum() == 0 ? STRATUM_UNSYNCHRONISED : system.stratum();
    }

    /** The last edge used, nanoseconds since 1970; 0 before the first. */
    static long referenceNanos(SystemVariables system, long nowNanos) {
        return system.referenceTimestamp() == 0 ? 0 : system.referenceNanos(nowNanos);
    }

    static String leapStatus(int leapIndicator) {
        return switch (leapIndicator) {
            case 0 -> "Normal";
            case 1 -> "Insert second";
            case 2 -> "Delete second";
            default -> "Not synchronised";
        };
    }

    private static void header(StringBuilder out, String header) {
        out.append(header).append('\n').append("=".repeat(header.length())).append('\n');
    }

    private static void count(StringBuilder out, String name, long value) {
        out.append(format("%-27s: %d\n", name, value));
    }
}
