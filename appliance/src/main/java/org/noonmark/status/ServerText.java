package org.noonmark.status;

import static org.noonmark.status.ChronycFigures.format;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.noonmark.sources.Association;
import org.noonmark.sources.Reply;
import org.noonmark.sources.SourceOptions;
import org.noonmark.sources.SourceStatus;
import org.noonmark.sources.Verdict;

/** Reports of the time servers that are asked and of reference clocks, in chronyc's layout and with its signs: it prints local minus reference. */
public final class ServerText {
    private static final String SELECTDATA_LEGEND = """
              . State: N - noselect, s - unsynchronised, M - missing samples,
             /         d - large distance, ~ - jittery, w/W - waits for others,
            |          S - stale, T - not trusted, P - not preferred,
            |          x - falseticker, + - agrees, * - best.
            |   Effective options   ---------.  (N - noselect, P - prefer
            |   Configured options  ----.     \\  T - trust, R - require)
            |   Auth. enabled (Y/N) -.   \\     \\     Offset interval --.
            |                        |    |     |                       |
            """;
    private static final String SELECTDATA_HEADER =
            "S Name/IP Address        Auth COpts EOpts Last Score     Interval  Leap";
    private static final String AUTHDATA_LEGEND = """
                                         .- Auth. mechanism (NTS, SK - symmetric key)
                                        |   Key length -.  Cookie length (bytes) -.
                                        |       (bits)  |  Num. of cookies --.    |
                                        |               |  Key est. attempts  |   |
                                        |               |           |         |   |
            """;
    private static final String AUTHDATA_HEADER =
            "Name/IP address             Mode KeyID Type KLen Last Atmp  NAK Cook CLen";
    private static final int NAME_COLUMNS = 25;
    private static final int SYMMETRIC_ACTIVE = 1;
    private static final int SYMMETRIC_PASSIVE = 2;
    private static final int SERVER = 4;

    private ServerText() {}

    /** Lines of {@code sources}. */
    static void sources(StatusSnapshot snapshot, StringBuilder out) {
        for (SourceStatus source : snapshot.sources().all()) {
            ServerReport report = ServerReport.of(source, snapshot);
            out.append(format(
                    "%c%c %-27s  %2d  %2d   %3o  %s  %s[%s] +/- %s\n",
                    mode(source),
                    report.sourceLetter(),
                    name(source),
                    source.stratum(),
                    source.pollLog2Seconds(),
                    source.reach(),
                    ChronycFigures.interval(source.lastSampleSeconds()),
                    ChronycFigures.offset(-source.adjustedNanos()),
                    ChronycFigures.offset(-source.measuredNanos()),
                    ChronycFigures.magnitude(source.errorNanos())));
        }
    }

    private static char mode(SourceStatus source) {
        return source.isClock() ? '#' : source.options().manner().peer() ? '=' : '^';
    }

    /** Lines of {@code sourcestats}. */
    static void sourcestats(StatusSnapshot snapshot, StringBuilder out) {
        for (SourceStatus source : snapshot.sources().all()) {
            SourceStatus.Figures figures = source.figures();
            out.append(format(
                    "%-25s %3d %3d  %s %s %s  %s  %s\n",
                    name(source),
                    figures.samples(),
                    figures.runs(),
                    ChronycFigures.interval(Math.round(figures.spanSeconds())),
                    ChronycFigures.signedFrequency(-figures.frequencyPpb()),
                    ChronycFigures.frequency(figures.skewPpb()),
                    ChronycFigures.offset(-figures.offsetNanos()),
                    ChronycFigures.magnitude(figures.deviationNanos())));
        }
    }

    /** {@code selectdata}; with the legend, each line is followed by its reason. */
    public static String selectdata(StatusSnapshot snapshot, boolean verbose) {
        StringBuilder out = header(verbose ? SELECTDATA_LEGEND : "", SELECTDATA_HEADER);
        for (SourceStatus source : snapshot.sources().all()) {
            ServerReport report = ServerReport.of(source, snapshot);
            SourceStatus.Span span = source.interval();
            out.append(format(
                    "%c %-25s %c %s %s %s %5.1f %s %s  %s\n",
                    report.selectionLetter(),
                    name(source),
                    source.isAuthenticated() ? 'Y' : 'N',
                    options(source.options().choice()),
                    options(source.choice()),
                    ChronycFigures.interval(source.lastSampleSeconds()),
                    source.score(),
                    ChronycFigures.offset(span == null ? 0 : -span.highNanos()),
                    ChronycFigures.offset(span == null ? 0 : -span.lowNanos()),
                    List.of("N", "+", "-", "?").get(source.leapIndicator())));
            if (verbose) {
                out.append("    ").append(report.reason()).append('\n');
            }
        }
        return out.toString();
    }

    static String options(SourceOptions.Choice choice) {
        return (choice.noselect() ? "N" : "-") + (choice.prefer() ? "P" : "-") + (choice.trust() ? "T" : "-")
                + (choice.require() ? "R" : "-") + "-";
    }

    /** {@code authdata}. */
    public static String authdata(StatusSnapshot snapshot, boolean verbose) {
        StringBuilder out = header(verbose ? AUTHDATA_LEGEND : "", AUTHDATA_HEADER);
        for (SourceStatus source : snapshot.sources().all()) {
            SourceStatus.Nts nts = source.nts();
            if (source.isClock()) {
                continue; // it sends no packets
            }
            out.append(nts == null ? authdata(source, source.key()) : authdata(source, nts));
        }
        return out.toString();
    }

    private static String authdata(SourceStatus source, SourceStatus.@Nullable Key key) {
        return format(
                "%-27s %4s %5s %4d %4d %s %4d %4d %4d %4d\n",
                name(source),
                key == null ? "-" : "SK",
                key == null ? "0" : Integer.toUnsignedString(key.id()),
                key == null ? 0 : key.type(),
                key == null ? 0 : key.bits(),
                ChronycFigures.interval(-1),
                0,
                0,
                0,
                0);
    }

    private static String authdata(SourceStatus source, SourceStatus.Nts nts) {
        return format(
                "%-27s  NTS %5d %4d %4d %s %4d %4d %4d %4d\n",
                name(source),
                nts.number(),
                nts.aead(),
                nts.bits(),
                ChronycFigures.interval(nts.lastSeconds()),
                nts.attempts(),
                nts.refused() ? 1 : 0,
                nts.cookies(),
                nts.cookieOctets());
    }

    /** {@code ntpdata} of all servers that have an address, or of the one at {@code address}; empty when there is none. */
    public static Optional<String> ntpdata(StatusSnapshot snapshot, Optional<String> address) {
        List<SourceStatus> chosen = snapshot.sources().all().stream()
                .filter(source -> source.isResolved()
                        && !source.isClock()
                        && address.map(wanted -> wanted.equals(source.address()) || wanted.equals(source.name()))
                                .orElse(true))
                .toList();
        if (address.isPresent() && chosen.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder out = new StringBuilder(1_024);
        for (SourceStatus source : chosen) {
            if (address.isEmpty()) {
                out.append('\n');
            }
            ntpdata(source, out);
        }
        return Optional.of(out.toString());
    }

    private static void ntpdata(SourceStatus source, StringBuilder out) {
        out.append(format("Remote address  : %s (%08X)\n", source.address(), source.addressId()));
        out.append(format("Remote port     : %d\n", source.port()));
        out.append(
                source.localAddress().isEmpty()
                        ? "Local address   : [UNSPEC] (00000000)\n"
                        : format("Local address   : %s (%08X)\n", source.localAddress(), source.localAddressId()));
        Reply reply = source.reply();
        reply(reply == null ? Reply.NONE : reply, source, out);
        SourceStatus.Counts counts = source.counts();
        count(out, "Total TX", counts.requests());
        count(out, "Total RX", counts.received());
        count(out, "Total valid RX", counts.valid());
        count(out, "Total good RX", counts.good());
        count(out, "Total kernel TX", counts.kernelSent());
        count(out, "Total kernel RX", counts.kernelReceived());
        count(out, "Total HW TX", 0);
        count(out, "Total HW RX", 0);
    }

    private static void reply(Reply reply, SourceStatus source, StringBuilder out) {
        var sample = reply.sample();
        out.append(format("Leap status     : %s\n", ChronycText.leapStatus(reply.leapIndicator())));
        out.append(format("Version         : %d\n", reply.version()));
        out.append("Mode            : ").append(mode(reply.mode()));
        out.append(format("Stratum         : %d\n", reply.stratum()));
        out.append(format(
                "Poll interval   : %d (%.0f seconds)\n",
                reply.pollLog2Seconds(), Math.scalb(1.0, reply.pollLog2Seconds())));
        out.append(format(
                "Precision       : %d (%.9f seconds)\n",
                reply.precisionLog2Seconds(), Math.scalb(1.0, reply.precisionLog2Seconds())));
        out.append(format("Root delay      : %.6f seconds\n", reply.rootDelayNanos() / 1e9));
        out.append(format("Root dispersion : %.6f seconds\n", reply.rootDispersionNanos() / 1e9));
        out.append(format(
                "Reference ID    : %08X (%s)\n",
                reply.referenceId(), reply.stratum() <= 1 ? ChronycText.referenceName(reply.referenceId()) : ""));
        out.append(format("Reference time  : %s\n", ChronycFigures.date(reply.referenceNanos())));
        // chronyc prints this one offset the other way round: reference minus local.
        out.append(format("Offset          : %+.9f seconds\n", sample == null ? 0 : sample.offsetNanos() / 1e9));
        out.append(format("Peer delay      : %.9f seconds\n", sample == null ? 0 : sample.delayNanos() / 1e9));
        out.append(format("Peer dispersion : %.9f seconds\n", sample == null ? 0 : sample.dispersionNanos() / 1e9));
        out.append(format("Response time   : %.9f seconds\n", Math.abs(reply.responseNanos() / 1e9)));
        out.append("Jitter asymmetry: +0.00\n");
        out.append(format(
                "NTP tests       : %s %s %s\n",
                bits(reply.tests() >> 7, 3), bits(reply.tests() >> 4, 3), bits(reply.tests(), 4)));
        out.append("Interleaved     : ").append(reply.interleaved() ? "Yes\n" : "No\n");
        out.append("Authenticated   : ").append(reply.mode() != 0 && source.isAuthenticated() ? "Yes\n" : "No\n");
        out.append("TX timestamping : ").append(stamper(reply, reply.sentByKernel()));
        out.append("RX timestamping : ").append(stamper(reply, reply.byKernel()));
    }

    private static String mode(int mode) {
        return switch (mode) {
            case SYMMETRIC_ACTIVE -> "Symmetric active\n";
            case SYMMETRIC_PASSIVE -> "Symmetric passive\n";
            case SERVER -> "Server\n";
            default -> "Invalid\n";
        };
    }

    /** Before the first answer chronyc has no letter for it either. */
    private static String stamper(Reply reply, boolean kernel) {
        return reply.mode() == 0 ? "Invalid\n" : kernel ? "Kernel\n" : "Daemon\n";
    }

    static String bits(int value, int count) {
        StringBuilder bits = new StringBuilder(count);
        for (int i = count - 1; i >= 0; i--) {
            bits.append(value >> i & 1);
        }
        return bits.toString();
    }

    private static void count(StringBuilder out, String name, long value) {
        out.append(format("%-16s: %d\n", name, value));
    }

    /** {@code sourcename}: the name that an address was found by; empty when no server has that address. */
    public static Optional<String> sourcename(StatusSnapshot snapshot, String address) {
        return snapshot.sources().all().stream()
                .filter(source -> !source.isClock() && source.address().equals(address))
                .map(source -> source.name() + "\n")
                .findFirst();
    }

    /** {@code activity}, the servers together with the {@code local} clocks that are there, and those that are not. */
    static String activity(StatusSnapshot snapshot, long localOnline, long localOffline) {
        List<SourceStatus> all = snapshot.sources().all();
        return "200 OK\n" + (localOnline + count(all, Association.Mode.ONLINE)) + " sources online\n"
                + (localOffline + count(all, Association.Mode.OFFLINE)) + " sources offline\n"
                + count(all, Association.Mode.BURST_THEN_ONLINE) + " sources doing burst (return to online)\n"
                + count(all, Association.Mode.BURST_THEN_OFFLINE) + " sources doing burst (return to offline)\n"
                + all.stream().filter(source -> !source.isResolved()).count() + " sources with unknown address\n";
    }

    static long count(List<SourceStatus> all, Association.Mode mode) {
        return all.stream()
                .filter(source -> source.isResolved() && source.mode() == mode)
                .count();
    }

    /** What the sources say, in a sentence for {@code status}; only when there are such. */
    static String sentence(StatusSnapshot snapshot) {
        List<SourceStatus> all = snapshot.sources().all();
        List<ServerReport> reports =
                all.stream().map(source -> ServerReport.of(source, snapshot)).toList();
        long agreeing = reports.stream().filter(ServerReport::agrees).count();
        StringBuilder out = new StringBuilder(160);
        String deed = switch (snapshot.sources().kinds()) {
            case "servers" -> "asked";
            case "clocks" -> "read";
            default -> "asked or read";
        };
        out.append(all.size() == 1 ? "1 is " : all.size() + " are ").append(deed);
        if (!snapshot.sources().disagreement().isEmpty()) {
            out.append(", without a vote: ").append(snapshot.sources().disagreement());
        } else {
            out.append(agreeing == 1 ? ", 1 agrees" : ", " + agreeing + " agree");
            reports.stream()
                    .filter(report -> report.source().verdict() == Verdict.BEST)
                    .findFirst()
                    .ifPresent(best -> out.append(format(
                            "; the best, %s, says that the clock is off by %s +/- %s",
                            best.source().shown(),
                            Figures.nanos(-best.source().figures().offsetNanos()),
                            Figures.nanos(best.source().errorNanos()))));
        }
        reports.stream()
                .filter(report -> !report.agrees() && report.sourceLetter() == 'x')
                .forEach(report -> out.append("; ")
                        .append(report.source().shown())
                        .append(": ")
                        .append(report.reason()));
        return out.toString();
    }

    private static StringBuilder header(String legend, String header) {
        return new StringBuilder(1_024)
                .append(legend)
                .append(header)
                .append('\n')
                .append("=".repeat(header.length()))
                .append('\n');
    }

    /** As wide as chronyc's column; a longer name is cut as it does. */
    private static String name(SourceStatus source) {
        String shown = source.shown();
        return shown.length() <= NAME_COLUMNS ? shown : shown.substring(0, NAME_COLUMNS - 1) + ">";
    }

    /** A reference id. */
    static String hex(int id) {
        return format("%08X", id);
    }
}
