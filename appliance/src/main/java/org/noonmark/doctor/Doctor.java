package org.noonmark.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.noonmark.status.ChainLink;
import org.noonmark.status.DaemonAccount;
import org.noonmark.status.Finding;

/**
 * From facts to a report. What the daemon sees is told in its own words, those of {@code noonmark status}; the doctor adds what only the machine
 * shows, and which of it all is the cause.
 */
public final class Doctor {
    private Doctor() {}

    /**
     * The report.
     *
     * @param account the daemon's; empty when it gave none, and {@code facts} tell why
     */
    public static DoctorReport examine(MachineFacts facts, Optional<DaemonAccount> account) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(BoardChecks.of(facts.board()));
        findings.addAll(DaemonChecks.of(facts));
        List<Finding> ofDaemon = account.map(DaemonAccount::findings).orElse(List.of());
        findings.addAll(ofDaemon);
        // What the machine shows of a link is the reason of what the daemon says of it.
        PortChecks.of(facts, holds(ofDaemon, ChainLink.UART)).forEach(each -> addReason(each, findings));
        if (!holds(ofDaemon, ChainLink.EDGE)) {
            PulseChecks.of(facts).forEach(each -> addReason(each, findings));
        }
        findings.addAll(RivalChecks.of(facts, account));
        findings.addAll(NetworkChecks.of(facts));
        findings.addAll(ServiceChecks.of(facts, account));
        findings.addAll(StoreChecks.of(facts, account));
        return new DoctorReport(
                complete(findings, account.isPresent() ? "nothing is known of it" : "the daemon would tell"));
    }

    private static boolean holds(List<Finding> findings, ChainLink link) {
        return findings.stream().anyMatch(each -> each.link() == link && each.severity() == Finding.Severity.OK);
    }

    /** In place of what the daemon says of the same link, where that is broken too: "no pulse yet" is no news beside "no pulse on GPIO 18". */
    private static void addReason(Finding reason, List<Finding> findings) {
        findings.removeIf(
                each -> each.link() == reason.link() && reason.severity().compareTo(each.severity()) >= 0);
        findings.add(reason);
    }

    /** A link of which nobody said anything was not looked at, and the report says so. */
    private static List<Finding> complete(List<Finding> findings, String why) {
        List<Finding> all = new ArrayList<>(findings);
        for (ChainLink link : ChainLink.values()) {
            if (findings.stream().noneMatch(each -> each.link() == link)) {
                all.add(Finding.notExamined(link, why));
            }
        }
        return all;
    }
}
