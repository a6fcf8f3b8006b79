package org.noonmark.doctor;

import static org.noonmark.doctor.Words.format;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.noonmark.doctor.MachineFacts.Program;
import org.noonmark.status.ChainLink;
import org.noonmark.status.DaemonAccount;
import org.noonmark.status.Finding;

/** Other programs that set the machine's clock. */
final class RivalChecks {
    /** By their names in {@code /proc/PID/comm}, which has 15 characters at most. */
    private static final Map<String, String> UNITS = Map.of(
            "chronyd", "chrony.service chronyd.service",
            "ntpd", "ntp.service ntpsec.service ntpd.service openntpd.service",
            "ntpsec", "ntpsec.service",
            "systemd-timesyn", "systemd-timesyncd.service",
            "openntpd", "openntpd.service",
            "ntp-daemon", "ntpd-rs.service",
            "phc2sys", "phc2sys.service",
            "ptp4l", "ptp4l.service",
            "timemaster", "timemaster.service",
            "ntpdate", "ntpdate.service");

    private static final Pattern NOONMARK = Pattern.compile("\\bnoonmark\\b");

    private RivalChecks() {}

    static List<Finding> of(MachineFacts facts, Optional<DaemonAccount> account) {
        List<Program> rivals =
                facts.processes().stream().filter(RivalChecks::isRival).toList();
        boolean steers = account.map(DaemonAccount::steersClock)
                .orElseGet(() -> facts.processes().stream().noneMatch(RivalChecks::leavesTheClockAlone));
        if (!steers) {
            return List.of(Finding.ok(ChainLink.RIVALS, besides(rivals)));
        }
        return rivals.isEmpty()
                ? List.of(Finding.ok(ChainLink.RIVALS, "no other program that sets the clock runs"))
                : rivals.stream()
                        .map(program -> Finding.critical(
                                ChainLink.RIVALS,
                                format("%s sets the clock too", program),
                                "one of the two: systemctl disable --now " + UNITS.get(program.name())))
                        .toList();
    }

    private static String besides(List<Program> others) {
        return "this daemon leaves the machine's clock alone (-x) and serves a corrected copy; "
                + (others.isEmpty()
                        ? "no other program that sets it runs"
                        : others.stream().map(Program::toString).collect(Collectors.joining(", ")) + " may set it");
    }

    /** As the daemon would say itself, if it answered: by its command line, word by word. */
    private static boolean leavesTheClockAlone(Program program) {
        List<String> words = List.of(program.arguments().split(" "));
        if (!NOONMARK.matcher(program.arguments()).find()) {
            return false;
        }
        int command = words.indexOf("run");
        return command < 0
                ? words.contains("demo")
                : words.subList(command, words.size()).contains("-x");
    }

    /** chronyd -x and -Q, and ntpd -n -d with "disable ntp" do not touch the clock; of these only the first can be told. */
    private static boolean isRival(Program program) {
        return UNITS.containsKey(program.name())
                && !(program.name().equals("chronyd") && program.arguments().matches(".* -[46dnsF0-9 ]*[xQ]\\b.*"));
    }
}
