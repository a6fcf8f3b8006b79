package org.noonmark.status;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.noonmark.provisioning.IpAddress;

/**
 * What a DHCP server needs to name NTP servers to its clients: option 42 for IPv4 (RFC 2132 section 8.3), option 56 for IPv6 (RFC 5908), in
 * the words of a real program, as text with a comment that says where it belongs, or as JSON (server, ntp, steps with into, text, then).
 */
public final class DhcpSetup {
    private static final boolean IPV4 = false;
    private static final boolean IPV6 = true;
    /** NTP_SUBOPTION_SRV_ADDR. */
    private static final int SERVER_ADDRESS = 1;

    private static final HexFormat HEX = HexFormat.of();

    /** The programs whose words are known. */
    public enum Server {
        /** Also the DHCP server of libvirt, LXD and many routers. */
        DNSMASQ,
        /** ISC's dhcpd, which is no longer kept. */
        ISC,
        /** Its successor. */
        KEA,
        /** dnsmasq for IPv4 and odhcpd for IPv6, both set by uci. */
        OPENWRT,
        /** MikroTik's. */
        ROUTEROS,
        /** The role of Windows Server. */
        WINDOWS,
        /** From version 6 on. */
        PIHOLE,
        /** systemd's, which knows IPv4 alone. */
        NETWORKD;

        /** As the command line says it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The program of that name. */
        public static Optional<Server> of(String word) {
            return List.of(values()).stream()
                    .filter(server -> server.word().equals(word.toLowerCase(Locale.ROOT)))
                    .findFirst();
        }
    }

    /**
     * @param into where the text belongs
     * @param then what makes the server read it, or empty
     */
    private record Step(String into, String text, String then) {}

    private final Server server;
    private final List<IpAddress> addresses;

    /**
     * @param addresses of the NTP servers, the preferred first; at least one
     * @throws IllegalArgumentException when there is none
     */
    public DhcpSetup(Server server, List<IpAddress> addresses) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address of an NTP server");
        }
        this.server = server;
        this.addresses = List.copyOf(addresses);
    }

    /** The addresses that this program cannot name to its clients: there is no way in it. */
    public List<IpAddress> left() {
        return server == Server.NETWORKD ? of(IPV6) : List.of();
    }

    /** Whether it can name none of them. */
    public boolean isVain() {
        return steps().isEmpty();
    }

    /** The lines. */
    public String text() {
        String comment = server == Server.KEA ? "// " : "# ";
        StringBuilder out = new StringBuilder(1_024);
        for (Step step : steps()) {
            out.append(comment).append(step.into());
            if (!step.then().isEmpty()) {
                out.append(", then: ").append(step.then());
            }
            out.append('\n').append(step.text());
        }
        for (IpAddress each : left()) {
            out.append(comment)
                    .append("left out, as this server cannot name it: ")
                    .append(each)
                    .append('\n');
        }
        return out.toString();
    }

    /** The same for programs. */
    public String json() {
        JsonWriter json =
                new JsonWriter().beginObject().field("server", server.word()).beginArray("ntp");
        addresses.forEach(each -> json.element(each.toString()));
        json.endArray().beginArray("steps");
        for (Step step : steps()) {
            json.beginObject().field("into", step.into()).field("text", step.text());
            json.field("then", step.then()).endObject();
        }
        return json.endArray().endObject().toString();
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        if (!of(IPV4).isEmpty()) {
            steps.add(ofIpv4());
        }
        if (!of(IPV6).isEmpty() && left().isEmpty()) {
            steps.add(ofIpv6());
        }
        return steps;
    }

    private Step ofIpv4() {
        String commas = joined(IPV4, ",");
        return switch (server) {
            case DNSMASQ ->
                new Step(
                        "into a file of /etc/dnsmasq.d",
                        "dhcp-option=option:ntp-server," + commas + "\n",
                        "systemctl restart dnsmasq");
            case ISC ->
                new Step(
                        "into /etc/dhcp/dhcpd.conf",
                        "option ntp-servers " + joined(IPV4, ", ") + ";\n",
                        "systemctl restart isc-dhcp-server");
            case KEA ->
                new Step(
                        intoKea("4"),
                        "{ \"name\": \"ntp-servers\", \"data\": \"" + joined(IPV4, ", ") + "\" }\n",
                        thenKea("4"));
            case OPENWRT ->
                new Step(
                        "on the router",
                        "uci add_list dhcp.lan.dhcp_option='42," + commas
                                + "'\nuci commit dhcp\nservice dnsmasq restart\n",
                        "");
            case ROUTEROS ->
                new Step(
                        "on the router; for some networks alone put their condition into [find]",
                        "/ip dhcp-server network set [find] ntp-server=" + commas + "\n",
                        "");
            case WINDOWS ->
                new Step(
                        "in PowerShell on the server; with -ScopeId for one scope alone",
                        "Set-DhcpServerv4OptionValue -OptionId 42 -Value " + joined(IPV4, ", ") + "\n",
                        "");
            case PIHOLE ->
                new Step(
                        "on the Pi-hole; its own lines in misc.dnsmasq_lines must be named again with it. Where its own NTP server is"
                                + " on, it names itself instead",
                        "pihole-FTL --config ntp.ipv4.active false\npihole-FTL --config misc.dnsmasq_lines"
                                + " '[\"dhcp-option=option:ntp-server," + commas + "\"]'\n",
                        "");
            case NETWORKD ->
                new Step(
                        "into the .network file with DHCPServer=yes",
                        "[DHCPServer]\nEmitNTP=yes\nNTP=" + joined(IPV4, " ") + "\n",
                        "networkctl reload");
        };
    }

    private Step ofIpv6() {
        String brackets = of(IPV6).stream().map(each -> "[" + each + "]").collect(Collectors.joining(","));
        boolean isAlone = of(IPV4).isEmpty();
        return switch (server) {
            case DNSMASQ ->
                new Step(
                        isAlone ? "into a file of /etc/dnsmasq.d" : "into the same file",
                        "dhcp-option=option6:ntp-server," + brackets + "\n",
                        "systemctl restart dnsmasq");
            case ISC ->
                new Step(
                        "into /etc/dhcp/dhcpd6.conf",
                        "option dhcp6.ntp-server-address code 56 = string;\noption dhcp6.ntp-server-address "
                                + HexFormat.ofDelimiter(":").formatHex(subOptions()) + ";\n",
                        "systemctl restart isc-dhcp-server");
            case KEA ->
                new Step(
                        intoKea("6"),
                        "{ \"code\": 56, \"space\": \"dhcp6\", \"csv-format\": false, \"data\": \""
                                + HEX.formatHex(subOptions()) + "\" }\n",
                        thenKea("6"));
            case OPENWRT -> {
                StringBuilder lines = new StringBuilder();
                of(IPV6).forEach(each ->
                        lines.append("uci add_list dhcp.lan.ntp='").append(each).append("'\n"));
                yield new Step("on the router", lines + "uci commit dhcp\nservice odhcpd restart\n", "");
            }
            case ROUTEROS ->
                new Step(
                        "on the router",
                        "/ipv6 dhcp-server option add name=ntp code=56 value=0x" + HEX.formatHex(subOptions())
                                + "\n/ipv6 dhcp-server set [find] dhcp-option=ntp\n",
                        "");
            case WINDOWS ->
                new Step(
                        "in PowerShell on the server, which does not know the option yet",
                        "Add-DhcpServerv6OptionDefinition -Name NtpServer -OptionId 56 -Type BinaryData\n"
                                + "Set-DhcpServerv6OptionValue -OptionId 56 -Value " + bytesOfWindows() + "\n",
                        "");
            case PIHOLE ->
                isAlone
                        ? new Step(
                                "on the Pi-hole; its own lines in misc.dnsmasq_lines must be named again with it",
                                "pihole-FTL --config misc.dnsmasq_lines '[\"dhcp-option=option6:ntp-server," + brackets
                                        + "\"]'\n",
                                "")
                        : new Step(
                                "on the Pi-hole, in the same list as the line above",
                                "dhcp-option=option6:ntp-server," + brackets + "\n",
                                "");
            case NETWORKD -> throw new IllegalStateException("networkd serves no DHCPv6");
        };
    }

    /** A second list of that name would keep Kea from its start, and with it the LAN from addresses. */
    private static String intoKea(String family) {
        return "into the list \"option-data\" of \"Dhcp" + family
                + "\" (or of one of its subnets; make one, \"option-data\": [ ],"
                + " if there is none), with a comma to its neighbours, in /etc/kea/kea-dhcp" + family + ".conf";
    }

    private static String thenKea(String family) {
        String program = "kea-dhcp" + family;
        return program + " -t /etc/kea/" + program + ".conf && systemctl restart " + program + "-server";
    }

    /** RFC 5908 section 4.1: each address in a suboption of its own. */
    private byte[] subOptions() {
        List<IpAddress> all = of(IPV6);
        byte[] bytes = new byte[20 * all.size()];
        for (int i = 0; i < all.size(); i++) {
            byte[] address = all.get(i).toBytes();
            bytes[20 * i + 1] = SERVER_ADDRESS;
            bytes[20 * i + 3] = (byte) address.length;
            System.arraycopy(address, 0, bytes, 20 * i + 4, address.length);
        }
        return bytes;
    }

    private String bytesOfWindows() {
        StringJoiner joined = new StringJoiner(",");
        for (byte each : subOptions()) {
            joined.add("0x" + HEX.toHexDigits(each));
        }
        return joined.toString();
    }

    private String joined(boolean family, String between) {
        return of(family).stream().map(IpAddress::toString).collect(Collectors.joining(between));
    }

    private List<IpAddress> of(boolean family) {
        return addresses.stream().filter(each -> each.ipv6() == family).toList();
    }
}
