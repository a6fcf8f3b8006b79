package org.noonmark.doctor;

import static org.noonmark.doctor.Words.format;

import java.util.ArrayList;
import java.util.HashMap;
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

    /** Options with a value. */
    private static final String PHC2SYS_VALUES = "cdsEPISFRNOLMinulztf";

    private static final String PTP4L_VALUES = "fipl";
    private static final String SYSTEM_CLOCK = "CLOCK_REALTIME";
    private static final Pattern NOONMARK = Pattern.compile("\\bnoonmark\\b");

    private RivalChecks() {}

    static List<Finding> of(MachineFacts facts, Optional<DaemonAccount> account) {
        List<Program> rivals =
                facts.processes().stream().filter(RivalChecks::isRival).toList();
        List<Program> ofCards = facts.processes().stream()
                .filter(each -> !isRival(each) && !onlyIf(each).isEmpty())
                .toList();
        boolean steers = account.map(DaemonAccount::steersClock)
                .orElseGet(() -> facts.processes().stream().noneMatch(RivalChecks::leavesTheClockAlone));
        if (!steers) {
            return List.of(Finding.ok(ChainLink.RIVALS, besides(rivals)));
        }
        List<Finding> findings = new ArrayList<>();
        for (Program program : rivals) {
            boolean bySoftware = program.name().equals("ptp4l");
            findings.add(Finding.critical(
                    ChainLink.RIVALS,
                    format("%s sets the clock too%s", program, bySoftware ? ": it stamps in software (-S)" : ""),
                    "one of the two: systemctl disable --now " + UNITS.get(program.name())));
        }
        if (rivals.isEmpty() && ofCards.isEmpty()) {
            findings.add(Finding.ok(ChainLink.RIVALS, "no other program that sets the clock runs"));
        }
        for (Program program : ofCards) {
            findings.add(Finding.advice(
                    ChainLink.RIVALS,
                    format("%s steers the clocks of network cards", program),
                    "nothing, unless " + onlyIf(program) + ", as it sets this clock then: disable one of the two"));
        }
        return findings;
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

    /**
     * phc2sys and ptp4l may steer network cards alone. chronyd -x and -Q, and ntpd -n -d with "disable ntp" do not touch the clock; of these
     * only the first can be told.
     */
    private static boolean isRival(Program program) {
        return switch (program.name()) {
            case "chronyd" -> !program.arguments().matches(".* -[46dnsF0-9 ]*[xQ]\\b.*");
            case "phc2sys" -> steersTheSystem(optionsOf(program, PHC2SYS_VALUES));
            // The system's clock is what it steers where the card does not stamp.
            case "ptp4l" -> optionsOf(program, PTP4L_VALUES).containsKey('S');
            default -> UNITS.containsKey(program.name());
        };
    }

    /** On what it hangs whether one that is no rival becomes one; empty: on nothing. */
    private static String onlyIf(Program program) {
        return switch (program.name()) {
            case "ptp4l" -> "'time_stamping software' is in its file";
            case "phc2sys" ->
                optionsOf(program, PHC2SYS_VALUES).getOrDefault('r', "").length() > 1
                        ? "a card follows another clock (-r -r)"
                        : "";
            default -> "";
        };
    }

    /**
     * phc2sys(8): {@code -c} is steered, the system's clock where it is left out; with {@code -a} that clock only where {@code -r} is there too, and
     * where that is there twice it may be what the cards follow.
     */
    private static boolean steersTheSystem(Map<Character, String> options) {
        if (options.containsKey('a')) {
            return options.getOrDefault('r', "").length() == 1;
        }
        return !SYSTEM_CLOCK.equals(options.get('s')) && SYSTEM_CLOCK.equals(options.getOrDefault('c', SYSTEM_CLOCK));
    }

    /** As getopt(3) parts a command line; {@code withValue} are those that take a value, the others are repeated here as often as they are there. */
    private static Map<Character, String> optionsOf(Program program, String withValue) {
        Map<Character, String> options = new HashMap<>();
        List<String> words = List.of(program.arguments().split(" +"));
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            boolean isOption = word.startsWith("-") && !word.startsWith("--");
            for (int at = 1; isOption && at < word.length(); at++) {
                char letter = word.charAt(at);
                boolean takes = withValue.indexOf(letter) >= 0;
                String value = takes ? word.substring(at + 1) : options.getOrDefault(letter, "") + letter;
                if (takes && value.isEmpty() && i + 1 < words.size()) {
                    i++;
                    value = words.get(i);
                }
                options.put(letter, value);
                isOption = !takes;
            }
        }
        return options;
    }
}
