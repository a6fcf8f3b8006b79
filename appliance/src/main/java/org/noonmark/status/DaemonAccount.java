package org.noonmark.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the daemon says of itself to {@code noonmark doctor}, over the control socket: a line for each fact, its fields parted by tabs.
 *
 * @param version of the running program
 * @param synchronised whether the time is served as proven
 * @param steersClock whether it sets the machine's clock; else it serves a corrected copy of it
 * @param ntp addresses at which time is served, such as {@code 0.0.0.0:123}
 * @param nts addresses at which keys are had
 * @param ntsNames the names in the certificates, the dearest certificate first
 * @param authority the built-in authority's certificate (PEM); empty: there is none
 * @param receivers devices of receivers
 * @param pulses devices of pulses
 * @param findings how the links are that only the daemon can see
 */
public record DaemonAccount(
        String version,
        boolean synchronised,
        boolean steersClock,
        List<String> ntp,
        List<String> nts,
        List<String> ntsNames,
        String authority,
        List<String> receivers,
        List<String> pulses,
        List<Finding> findings) {
    public DaemonAccount {
        ntp = List.copyOf(ntp);
        nts = List.copyOf(nts);
        ntsNames = List.copyOf(ntsNames);
        receivers = List.copyOf(receivers);
        pulses = List.copyOf(pulses);
        findings = List.copyOf(findings);
    }

    /** Of the present moment. */
    public static DaemonAccount of(StatusSnapshot snapshot, long nowNanos) {
        NtsStatus nts = snapshot.nts();
        return new DaemonAccount(
                snapshot.program().version(),
                snapshot.isSynchronised(),
                snapshot.program().steersClock(),
                snapshot.server().listening(),
                nts.listening(),
                nts.certificates().stream()
                        .flatMap(each -> each.names().stream())
                        .toList(),
                nts.authority().map(NtsStatus.Authority::pem).orElse(""),
                snapshot.receivers().stream().map(ReceiverStatus::device).toList(),
                snapshot.pulses().stream().map(PulseStatus::device).toList(),
                ChainWalk.of(snapshot, nowNanos));
    }

    /** As it is sent. */
    public String text() {
        StringBuilder out = new StringBuilder();
        line(out, "version", version);
        line(out, "synchronised", Boolean.toString(synchronised));
        line(out, "steersClock", Boolean.toString(steersClock));
        ntp.forEach(each -> line(out, "ntp", each));
        nts.forEach(each -> line(out, "nts", each));
        ntsNames.forEach(each -> line(out, "ntsName", each));
        line(out, "authority", authority);
        receivers.forEach(each -> line(out, "receiver", each));
        pulses.forEach(each -> line(out, "pulse", each));
        findings.forEach(
                each -> line(out, "finding", each.link().name(), each.severity().name(), each.what(), each.cure()));
        return out.toString();
    }

    /** What another version says more is passed over; empty when it is no account at all. */
    public static Optional<DaemonAccount> parse(String text) {
        String version = "";
        boolean synchronised = false;
        boolean steersClock = true;
        String authority = "";
        List<String> ntp = new ArrayList<>();
        List<String> nts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> receivers = new ArrayList<>();
        List<String> pulses = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            List<String> fields = List.of(line.split("\t", -1));
            String value = fields.size() > 1 ? plain(fields.get(1)) : "";
            switch (fields.getFirst()) {
                case "version" -> version = value;
                case "synchronised" -> synchronised = Boolean.parseBoolean(value);
                case "steersClock" -> steersClock = Boolean.parseBoolean(value);
                case "authority" -> authority = value;
                case "ntp" -> ntp.add(value);
                case "nts" -> nts.add(value);
                case "ntsName" -> names.add(value);
                case "receiver" -> receivers.add(value);
                case "pulse" -> pulses.add(value);
                case "finding" -> finding(fields).ifPresent(findings::add);
                default -> {}
            }
        }
        return version.isEmpty()
                ? Optional.empty()
                : Optional.of(new DaemonAccount(
                        version, synchronised, steersClock, ntp, nts, names, authority, receivers, pulses, findings));
    }

    private static Optional<Finding> finding(List<String> fields) {
        if (fields.size() < 5) {
            return Optional.empty();
        }
        return ChainLink.named(fields.get(1))
                .flatMap(link -> Finding.Severity.named(fields.get(2))
                        .map(severity -> new Finding(link, severity, plain(fields.get(3)), plain(fields.get(4)))));
    }

    private static void line(StringBuilder out, String... fields) {
        for (int i = 0; i < fields.length; i++) {
            out.append(i == 0 ? "" : "\t")
                    .append(fields[i].replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t"));
        }
        out.append('\n');
    }

    private static String plain(String escaped) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '\\' && i + 1 < escaped.length()) {
                char next = escaped.charAt(++i);
                out.append(next == 'n' ? '\n' : next == 't' ? '\t' : next);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
