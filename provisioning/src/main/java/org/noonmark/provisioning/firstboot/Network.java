package org.noonmark.provisioning.firstboot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.IpPrefix;

/**
 * Addresses, as files of systemd-networkd. A wrong address must not cut a machine off that was reachable before: then all of it stays
 * as it was.
 */
final class Network {
    /** What decides whether the machine can be reached at all. */
    private static final Set<String> DECISIVE =
            Set.of(Keys.INTERFACE.path(), Keys.VLAN.path(), Keys.IPV4.path(), Keys.IPV6.path());

    private static final List<Key<?>> KEYS =
            Keys.section("network").map(Keys.Section::keys).orElseThrow();

    /** A VLAN's device; its number stands in the file, so that a change replaces it. */
    private static final String VLAN_NAME = "vlan";

    private static final IpPrefix LINK_LOCAL = IpPrefix.parse("fe80::/10").orElseThrow();

    private final Draft draft;
    private final Settings settings;

    private Network(Draft draft, Settings settings) {
        this.draft = draft;
        this.settings = settings;
    }

    static void into(Draft draft, Settings settings) {
        new Network(draft, settings).write();
    }

    private void write() {
        checkGateway(Keys.IPV4, Keys.IPV4_GATEWAY);
        checkGateway(Keys.IPV6, Keys.IPV6_GATEWAY);
        if (settings.get(Keys.IPV4).filter(Addressing.Off.class::isInstance).isPresent()
                && settings.get(Keys.IPV6)
                        .filter(Addressing.Off.class::isInstance)
                        .isPresent()) {
            settings.refuse(Keys.IPV4, "leaves no address, as ipv6 is off too", "write 'ipv4 = \"dhcp\"'");
        }
        if (isWireless() && !settings.has(Keys.SSID)) {
            settings.refuse(Keys.INTERFACE, "is there without a network in [wifi]", Keys.SSID.cure() + " below [wifi]");
        }
        boolean wireless = isWireless();
        if (wireless) {
            settings.refuse(Keys.VLAN, "is for the wired interface only", "remove it");
        }
        if (draft.refused(DECISIVE) && isThereAlready() && draft.state().wasApplied()) {
            draft.say("Network", "as before, because of the refused line");
            return;
        }
        if (KEYS.stream().noneMatch(settings::has) && !isThereAlready()) {
            draft.say("Network", "wired: DHCP, IPv6 as the router says");
            return;
        }
        Optional<Integer> vlan = settings.get(Keys.VLAN);
        wired(wireless, vlan);
        vlan(vlan);
        draft.say(
                "Network",
                (wireless ? "wireless" : "wired")
                        + vlan.map(id -> ", VLAN " + id).orElse("") + ": " + summary());
    }

    /** Whether the chosen addresses are those of the wireless interface. */
    private boolean isWireless() {
        return settings.get(Keys.INTERFACE, "wired").equals("wireless");
    }

    private boolean isThereAlready() {
        return draft.state().has(State.WIRED);
    }

    private void checkGateway(Key<Addressing> family, Key<IpAddress> gateway) {
        Optional<IpAddress> router = settings.get(gateway);
        if (router.isEmpty()) {
            return;
        }
        if (!(settings.get(family).orElse(null) instanceof Addressing.Fixed(List<InterfaceAddress> addresses))) {
            settings.refuse(
                    gateway,
                    "counts only with a fixed address",
                    "write " + family.name() + " as an address, or remove the line");
            return;
        }
        boolean own = addresses.stream().anyMatch(address -> address.address().equals(router.get()));
        boolean near = LINK_LOCAL.contains(router.get())
                || addresses.stream().anyMatch(address -> address.subnet().contains(router.get()));
        if (own) {
            settings.refuse(gateway, "is this machine's own address", "write the address of your router");
        } else if (!near) {
            settings.refuse(
                    gateway,
                    "is not in the subnet of " + addresses.getFirst(),
                    "write the address of your router, or correct " + family.name());
        }
    }

    private void wired(boolean wireless, Optional<Integer> vlan) {
        StringBuilder out = new StringBuilder(GeneratedFile.HEADER);
        out.append("""
                [Match]
                # Ethernet on board or on USB, but nothing that is made of it.
                Type=ether
                Kind=!*

                [Link]
                # The boot waits for no cable.
                RequiredForOnline=no

                """);
        if (vlan.isPresent()) {
            out.append("""
                    [Network]
                    # Untagged frames are not for this machine.
                    VLAN=%s
                    DHCP=no
                    LinkLocalAddressing=no
                    IPv6AcceptRA=no
                    """.formatted(VLAN_NAME));
        } else {
            out.append(wireless ? automatic() : chosen());
        }
        draft.write(State.WIRED, out.toString());
    }

    private void vlan(Optional<Integer> vlan) {
        if (vlan.isEmpty()) {
            draft.removeIfKept(State.VLAN_DEVICE);
            draft.removeIfKept(State.VLAN);
            return;
        }
        draft.write(
                State.VLAN_DEVICE,
                "%s[NetDev]\nName=%s\nKind=vlan\n\n[VLAN]\nId=%d\n"
                        .formatted(GeneratedFile.HEADER, VLAN_NAME, vlan.get()));
        draft.write(
                State.VLAN,
                "%s[Match]\nName=%s\n\n[Link]\nRequiredForOnline=no\n\n%s"
                        .formatted(GeneratedFile.HEADER, VLAN_NAME, chosen()));
    }

    /** The file of a wireless interface: chosen addresses if they are meant for it. */
    static String wireless(Settings settings, Draft draft) {
        Network network = new Network(draft, settings);
        return GeneratedFile.HEADER + """
                [Match]
                Type=wlan

                [Link]
                RequiredForOnline=no

                """ + (network.isWireless() ? network.chosen() : automatic()) + """

                # A cable goes first.
                [DHCPv4]
                RouteMetric=2048

                [IPv6AcceptRA]
                RouteMetric=2048
                """;
    }

    private static String automatic() {
        return section("yes", true, "yes", List.of());
    }

    private String chosen() {
        Addressing ipv4 = settings.get(Keys.IPV4, new Addressing.Automatic());
        Addressing ipv6 = settings.get(Keys.IPV6, new Addressing.Automatic());
        List<String> lines = new ArrayList<>();
        fixed(ipv4, settings.get(Keys.IPV4_GATEWAY), lines);
        fixed(ipv6, settings.get(Keys.IPV6_GATEWAY), lines);
        settings.get(Keys.DNS, List.of()).forEach(server -> lines.add("DNS=" + server));
        List<String> domains = settings.get(Keys.SEARCH, List.of());
        if (!domains.isEmpty()) {
            lines.add("Domains=" + String.join(" ", domains).toLowerCase(Locale.ROOT));
        }
        boolean dhcp4 = ipv4 instanceof Addressing.Automatic;
        boolean dhcp6 = ipv6 instanceof Addressing.Automatic;
        String dhcp = dhcp4 ? dhcp6 ? "yes" : "ipv4" : dhcp6 ? "ipv6" : "no";
        String linkLocal = ipv6 instanceof Addressing.Off ? "ipv4" : dhcp4 ? "yes" : "ipv6";
        if (ipv6 instanceof Addressing.Off && !dhcp4) {
            linkLocal = "no";
        }
        boolean advertised = dhcp6
                || (ipv6 instanceof Addressing.Fixed
                        && settings.get(Keys.IPV6_GATEWAY).isEmpty());
        String network = section(dhcp, advertised, linkLocal, lines);
        return dhcp6 || !advertised
                ? network
                : network
                        + "\n[IPv6AcceptRA]\n# The router tells of itself only; the address is fixed.\nUseAutonomousPrefix=no\nDHCPv6Client=no\n";
    }

    private static void fixed(Addressing addressing, Optional<IpAddress> gateway, List<String> lines) {
        if (addressing instanceof Addressing.Fixed(List<InterfaceAddress> addresses)) {
            addresses.forEach(address -> lines.add("Address=" + address));
            gateway.ifPresent(router -> lines.add("Gateway=" + router));
        }
    }

    /** What all interfaces have; the reasons are those of the file that comes with the image. */
    private static String section(String dhcp, boolean advertised, String linkLocal, List<String> lines) {
        StringBuilder out = new StringBuilder("[Network]\n");
        out.append("DHCP=").append(dhcp).append('\n');
        out.append("IPv6AcceptRA=").append(advertised ? "yes" : "no").append('\n');
        out.append("LinkLocalAddressing=").append(linkLocal).append('\n');
        lines.forEach(line -> out.append(line).append('\n'));
        return out.append("""
                IPv6PrivacyExtensions=no
                MulticastDNS=yes
                LLMNR=no

                [DHCPv4]
                # Time comes from the sky; the owner names the machine; a router's reservations go by hardware address.
                UseNTP=no
                UseHostname=no
                ClientIdentifier=mac
                SendHostname=yes

                [DHCPv6]
                UseNTP=no
                UseHostname=no
                """).toString();
    }

    private String summary() {
        return "IPv4 " + summary(settings.get(Keys.IPV4), "by DHCP", settings.get(Keys.IPV4_GATEWAY)) + ", IPv6 "
                + summary(settings.get(Keys.IPV6), "as the router says", settings.get(Keys.IPV6_GATEWAY));
    }

    private static String summary(Optional<Addressing> addressing, String automatic, Optional<IpAddress> gateway) {
        return switch (addressing.orElse(new Addressing.Automatic())) {
            case Addressing.Automatic() -> automatic;
            case Addressing.Off() -> "off";
            case Addressing.Fixed(List<InterfaceAddress> addresses) ->
                String.join(
                                " ",
                                addresses.stream()
                                        .map(InterfaceAddress::toString)
                                        .toList())
                        + gateway.map(router -> " gateway " + router).orElse("");
        };
    }
}
