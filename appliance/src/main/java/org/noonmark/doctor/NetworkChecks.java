package org.noonmark.doctor;

import static org.noonmark.doctor.Words.format;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.noonmark.doctor.MachineFacts.Dhcp;
import org.noonmark.doctor.MachineFacts.Interface;
import org.noonmark.doctor.MachineFacts.Lookup;
import org.noonmark.doctor.MachineFacts.Offer;
import org.noonmark.provisioning.AccessRule;
import org.noonmark.status.ChainLink;
import org.noonmark.status.Finding;

/** Cable, address, DHCP and names. */
final class NetworkChecks {
    private NetworkChecks() {}

    static List<Finding> of(MachineFacts facts) {
        List<Finding> findings = new ArrayList<>();
        findings.add(connection(facts.network().interfaces()));
        findings.add(dhcp(facts));
        findings.add(names(facts));
        return findings;
    }

    private static Finding connection(List<Interface> interfaces) {
        if (interfaces.isEmpty()) {
            return Finding.critical(
                    ChainLink.NETWORK,
                    "there is no network interface",
                    "is the network adapter plugged in? 'ip link' lists them");
        }
        List<Interface> live =
                interfaces.stream().filter(each -> each.up() && each.carrier()).toList();
        if (live.isEmpty()) {
            String states = String.join(
                    ", ",
                    interfaces.stream()
                            .map(each -> each.name() + (each.up() ? " has no carrier" : " is switched off"))
                            .toList());
            return Finding.critical(
                    ChainLink.NETWORK,
                    states,
                    "plug the cable in at both ends, and look whether the switch's lamp is lit");
        }
        List<String> addresses =
                live.stream().flatMap(each -> each.addresses().stream()).toList();
        return addresses.isEmpty()
                ? Finding.critical(
                        ChainLink.NETWORK,
                        live.getFirst().name() + " is connected and has no address",
                        "start the LAN's DHCP server, or give a fixed address in noonmark.toml ([network])")
                : Finding.ok(
                        ChainLink.NETWORK,
                        String.join(
                                ", ",
                                live.stream()
                                        .filter(each -> !each.addresses().isEmpty())
                                        .map(each -> each.name() + " " + String.join(" ", each.addresses()))
                                        .toList()));
    }

    private static Finding dhcp(MachineFacts facts) {
        List<String> own = facts.network().interfaces().stream()
                .flatMap(each -> each.addresses().stream())
                .toList();
        return switch (facts.probes().dhcp()) {
            case Dhcp.NotAsked(String why) -> Finding.notExamined(ChainLink.DHCP, why);
            case Dhcp.Asked(List<Offer> offers)
            when offers.isEmpty() ->
                Finding.notExamined(
                        ChainLink.DHCP, "no DHCP server answered: addresses are fixed, or given by something else");
            case Dhcp.Asked(List<Offer> offers) -> offered(offers, own);
        };
    }

    private static Finding offered(List<Offer> offers, List<String> own) {
        for (Offer offer : offers) {
            if (offer.timeServers().stream().noneMatch(own::contains)) {
                return Finding.advice(
                        ChainLink.DHCP,
                        offer.timeServers().isEmpty()
                                ? format("the DHCP server %s names no time server (option 42)", offer.server())
                                : format(
                                        "the DHCP server %s names other time servers (option 42): %s",
                                        offer.server(), String.join(", ", offer.timeServers())),
                        "so that clients find this one by themselves: 'noonmark dhcp dnsmasq' (or kea, openwrt, ...) prints the lines");
            }
        }
        return Finding.ok(
                ChainLink.DHCP,
                format(
                        "the DHCP server %s names this machine (option 42)",
                        offers.getFirst().server()));
    }

    private static Finding names(MachineFacts facts) {
        List<Lookup> lookups = facts.probes().names();
        List<String> lost =
                lookups.stream().filter(each -> !each.found()).map(Lookup::name).toList();
        if (lookups.isEmpty()) {
            return Finding.ok(ChainLink.DNS, "the configuration needs no name looked up");
        }
        if (lost.isEmpty()) {
            return Finding.ok(ChainLink.DNS, format("%d names found", lookups.size()));
        }
        String servers = Stream.of(String.join(", ", facts.network().nameServers()))
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("none");
        return Finding.warning(
                ChainLink.DNS,
                format("%s cannot be found (name servers: %s)", String.join(", ", lost), servers),
                facts.network().nameServers().isEmpty()
                        ? "name one by DHCP, or in noonmark.toml ([network] dns); the receiver's time does not need it"
                                + refused(facts, lost)
                        : "is the name right, and does that name server answer? The receiver's time does not need it"
                                + refused(facts, lost));
    }

    /** What a name means that an allow list has, while it has no address. */
    private static String refused(MachineFacts facts, List<String> lost) {
        List<String> rules = facts.service().config().stream()
                .flatMap(config -> config.accessRules().stream())
                .flatMap(rule -> rule instanceof AccessRule.Host host
                        ? Stream.of((host.allow() ? "allow " : "deny ") + host.name())
                        : Stream.empty())
                .filter(rule -> lost.contains(rule.substring(rule.indexOf(' ') + 1)))
                .toList();
        return rules.isEmpty() ? "" : format("; until then '%s' is for nobody", String.join("' and '", rules));
    }
}
