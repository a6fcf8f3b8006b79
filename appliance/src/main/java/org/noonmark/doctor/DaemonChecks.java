package org.noonmark.doctor;

import static org.noonmark.doctor.Words.format;

import java.util.ArrayList;
import java.util.List;
import org.noonmark.doctor.MachineFacts.Ill;
import org.noonmark.doctor.MachineFacts.Program;
import org.noonmark.doctor.MachineFacts.Service;
import org.noonmark.doctor.MachineFacts.Silence;
import org.noonmark.status.ChainLink;
import org.noonmark.status.Finding;

/** Whether the daemon runs, and if not, why. */
final class DaemonChecks {
    private static final int MOST_PROBLEMS = 3;

    private DaemonChecks() {}

    static List<Finding> of(MachineFacts facts) {
        Service service = facts.service();
        List<Finding> findings = new ArrayList<>();
        boolean down = service.silence() == Silence.NOBODY;
        for (Ill problem : service.problems().stream().limit(MOST_PROBLEMS).toList()) {
            findings.add(
                    down
                            ? Finding.critical(ChainLink.DAEMON, problem.what(), problem.cure())
                            : Finding.warning(
                                    ChainLink.DAEMON,
                                    problem.what() + ", so the daemon would not start again",
                                    problem.cure()));
        }
        switch (service.silence()) {
            case NONE -> {
                if (findings.isEmpty()) {
                    findings.add(Finding.ok(
                            ChainLink.DAEMON,
                            service.fileExists()
                                    ? "it runs and answers"
                                    : format(
                                            "it runs and answers; %s is not there, so its settings were not examined (-f FILE)",
                                            service.configFile())));
                }
            }
            case NOBODY -> {
                if (findings.isEmpty()) {
                    findings.add(facts.network()
                            .portHolder()
                            .map(DaemonChecks::portTaken)
                            .orElseGet(() -> notRunning(service)));
                }
            }
            case MUTE ->
                findings.add(Finding.critical(
                        ChainLink.DAEMON,
                        "the daemon takes questions and does not answer",
                        "restart it: systemctl restart noonmark; 'journalctl -u noonmark' shows what hung"));
            case FORBIDDEN ->
                findings.add(Finding.notExamined(
                        ChainLink.DAEMON, "this user may not ask the daemon: use sudo, or join the group noonmark"));
        }
        return findings;
    }

    private static Finding portTaken(Program holder) {
        return Finding.critical(
                ChainLink.DAEMON,
                format("the daemon does not run, and UDP port 123 is taken by %s", holder),
                "stop that program; then: systemctl restart noonmark");
    }

    private static Finding notRunning(Service service) {
        String last = service.lastWords().isEmpty()
                ? ""
                : format("; its last words: \"%s\"", service.lastWords().getLast());
        return switch (service.active()) {
            case "" ->
                Finding.critical(ChainLink.DAEMON, "the daemon does not run" + last, "start it: noonmark run -f FILE");
            case "failed" ->
                Finding.critical(
                        ChainLink.DAEMON,
                        "the daemon has failed and is not started again" + last,
                        "cure what it says, then: systemctl restart noonmark");
            case "activating", "reloading" ->
                Finding.warning(
                        ChainLink.DAEMON,
                        "the daemon is just starting" + last,
                        "ask again in half a minute; 'journalctl -u noonmark' if it stays so");
            default ->
                Finding.critical(
                        ChainLink.DAEMON,
                        format("the daemon does not run (systemd says: %s)%s", service.active(), last),
                        "start it: systemctl start noonmark");
        };
    }
}
