package org.noonmark.doctor;

import static org.noonmark.doctor.Words.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.noonmark.doctor.MachineFacts.KeyAnswer;
import org.noonmark.doctor.MachineFacts.Silence;
import org.noonmark.doctor.MachineFacts.TimeAnswer;
import org.noonmark.doctor.MachineFacts.TimeAnswer.Outcome;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.status.ChainLink;
import org.noonmark.status.DaemonAccount;
import org.noonmark.status.Finding;

/** Time and keys as a client gets them. */
final class ServiceChecks {
    private static final int NTP_PORT = 123;

    private final MachineFacts facts;
    private final Optional<DaemonAccount> account;
    private final List<Finding> findings = new ArrayList<>();

    private ServiceChecks(MachineFacts facts, Optional<DaemonAccount> account) {
        this.facts = facts;
        this.account = account;
    }

    static List<Finding> of(MachineFacts facts, Optional<DaemonAccount> account) {
        ServiceChecks checks = new ServiceChecks(facts, account);
        checks.settings();
        checks.firewall();
        checks.unproven();
        facts.probes().ntp().forEach(checks::time);
        checks.keys();
        return checks.findings;
    }

    private void settings() {
        Optional<ApplianceConfig> config = facts.service().config();
        if (config.isEmpty() || config.get().port() == 0) {
            return;
        }
        if (config.get().accessRules().stream().noneMatch(rule -> rule.allow())) {
            findings.add(Finding.critical(
                    ChainLink.NTP,
                    "nobody is allowed to ask: " + facts.service().configFile() + " has no allow line",
                    "write 'allow onlink' for the machine's own subnets, or 'allow 192.168.0.0/16' for yours"));
        }
    }

    private void firewall() {
        String listing = facts.network().firewall().orElse("");
        for (int port : timePorts()) {
            Firewall.trouble(listing, "udp", port, port == NTP_PORT ? "ntp" : Integer.toString(port))
                    .ifPresent(trouble -> findings.add(Finding.critical(
                            ChainLink.NTP,
                            trouble,
                            format(
                                    "let it in whole: nft add rule inet filter input udp dport %d accept (ufw: ufw allow %d/udp, never 'limit');"
                                            + " 'noonmark config firewall' prints a ruleset",
                                    port, port))));
        }
        boolean keys = account.map(each -> !each.nts().isEmpty()).orElse(false);
        if (keys) {
            int port = portOf(account.get().nts().getFirst());
            Firewall.trouble(listing, "tcp", port, "ntske")
                    .ifPresent(trouble -> findings.add(Finding.critical(
                            ChainLink.NTS,
                            trouble,
                            "let it in: nft add rule inet filter input tcp dport " + port + " accept")));
        }
    }

    /** Where time is served, or is to be; none for a machine that serves nobody. */
    private List<Integer> timePorts() {
        return account
                .map(each -> each.ntp().stream().map(ServiceChecks::portOf).toList())
                .orElseGet(() -> facts.service().config().map(ApplianceConfig::port).stream()
                        .toList())
                .stream()
                .filter(port -> port != 0)
                .distinct()
                .toList();
    }

    static int portOf(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private void unproven() {
        if (facts.probes().ntp().stream().anyMatch(each -> each.outcome() == Outcome.UNSYNCHRONISED)) {
            findings.add(Finding.warning(
                    ChainLink.NTP,
                    "clients are told that the time is not proven",
                    "wait for the lock, or cure what keeps it away"));
        }
    }

    private void time(TimeAnswer answer) {
        String way = answer.loopback() ? "over loopback" : "over the LAN address";
        switch (answer.outcome()) {
            case SYNCHRONISED ->
                findings.add(Finding.ok(
                        ChainLink.NTP, format("a client at %s gets proven time (%s)", answer.address(), way)));
            case UNSYNCHRONISED -> {} // said once for all addresses
            case NONE -> unanswered(answer, way);
            case DENIED ->
                findings.add(Finding.notExamined(
                        ChainLink.NTP,
                        format(
                                "%s was not asked: the allow list leaves this machine's own address out",
                                answer.address())));
        }
    }

    private void unanswered(TimeAnswer answer, String way) {
        boolean other = facts.probes().ntp().stream()
                .anyMatch(each -> each.outcome() == Outcome.SYNCHRONISED || each.outcome() == Outcome.UNSYNCHRONISED);
        Finding.Severity severity = other || facts.service().silence() != Silence.NONE
                ? Finding.Severity.WARNING
                : Finding.Severity.CRITICAL;
        if (answer.loopback() && other) {
            // Its owner may well leave loopback out of 'allow'; clients are answered.
            findings.add(Finding.advice(
                    ChainLink.NTP,
                    format("%s gets no answer %s", answer.address(), way),
                    "'allow 127.0.0.1' lets the machine ask itself"));
            return;
        }
        findings.add(new Finding(
                ChainLink.NTP,
                severity,
                format("%s gets no answer %s", answer.address(), way),
                format(
                        "does an allow line cover it? 'noonmark accheck %s' tells; then look at the firewall: nft list ruleset",
                        hostOf(answer.address()))));
    }

    private static String hostOf(String address) {
        return address.substring(0, address.lastIndexOf(':')).replaceAll("[\\[\\]]", "");
    }

    private String whyNoKeys() {
        if (account.map(each -> !each.nts().isEmpty()).orElse(false)) {
            return facts.probes().ntp().stream().anyMatch(each -> each.outcome() == Outcome.DENIED)
                    ? "the allow list leaves this machine's own address out, so no keys were asked for"
                    : "keys were not asked for";
        }
        return facts.service().config().map(config -> config.nts().isServed()).orElse(false)
                ? "keys are not given out now, so none were asked for"
                : "no NTS is asked for";
    }

    private void keys() {
        Optional<KeyAnswer> answer = facts.probes().nts();
        if (answer.isEmpty()) {
            findings.add(Finding.notExamined(ChainLink.NTS, whyNoKeys()));
            return;
        }
        String trouble = answer.get().trouble();
        findings.add(
                trouble.isEmpty()
                        ? Finding.ok(
                                ChainLink.NTS,
                                format(
                                        "keys and authenticated time were had as %s",
                                        answer.get().name()))
                        : Finding.critical(
                                ChainLink.NTS,
                                format("no keys as %s: %s", answer.get().name(), trouble),
                                ""));
    }
}
