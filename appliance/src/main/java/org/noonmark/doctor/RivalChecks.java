package org.noonmark.doctor;

import static org.noonmark.doctor.Words.format;

import java.util.List;
import java.util.Map;
import org.noonmark.doctor.MachineFacts.Program;
import org.noonmark.status.ChainLink;
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

    private RivalChecks() {}

    static List<Finding> of(MachineFacts facts) {
        if (facts.processes().stream().anyMatch(RivalChecks::leavesTheClockAlone)) {
            return List.of(Finding.ok(ChainLink.RIVALS, "this daemon leaves the machine's clock to others (-x)"));
        }
        List<Finding> rivals = facts.processes().stream()
                .filter(RivalChecks::isRival)
                .map(program -> Finding.critical(
                        ChainLink.RIVALS,
                        format("%s sets the clock too", program),
                        "one of the two: systemctl disable --now " + UNITS.get(program.name())))
                .toList();
        return rivals.isEmpty()
                ? List.of(Finding.ok(ChainLink.RIVALS, "no other program that sets the clock runs"))
                : rivals;
    }

    private static boolean leavesTheClockAlone(Program program) {
        return program.arguments().matches(".*\\bnoonmark\\b.* (demo|run .*-x)\\b.*");
    }

    /** chronyd -x and -Q, and ntpd -n -d with "disable ntp" do not touch the clock; of these only the first can be told. */
    private static boolean isRival(Program program) {
        return UNITS.containsKey(program.name())
                && !(program.name().equals("chronyd") && program.arguments().matches(".* -[46dnsF0-9 ]*[xQ]\\b.*"));
    }
}
