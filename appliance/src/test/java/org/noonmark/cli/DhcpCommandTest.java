package org.noonmark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.status.DhcpSetup;
import picocli.CommandLine;

class DhcpCommandTest {
    private static final String IPV6_HEX = "00010010fd770000000000000000000000000002";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<IpAddress> own = new ArrayList<>();

    @Test
    void namesThisMachineWhereNoOtherIsNamed() {
        own.addAll(addresses("10.77.0.2", "fd77::2"));
        assertEquals(ExitCode.OK, run("dnsmasq"), err.toString());
        assertEquals("""
                # into a file of /etc/dnsmasq.d, then: systemctl restart dnsmasq
                dhcp-option=option:ntp-server,10.77.0.2
                # into the same file, then: systemctl restart dnsmasq
                dhcp-option=option6:ntp-server,[fd77::2]
                """, out.toString());
    }

    @Test
    void namesSeveralServersInTheirOrder() {
        assertEquals(ExitCode.OK, run("isc", "10.77.0.3", "10.77.0.2"), err.toString());
        assertTrue(out.toString().contains("option ntp-servers 10.77.0.3, 10.77.0.2;\n"), out.toString());
        assertFalse(out.toString().contains("dhcp6"), out.toString());
    }

    /** RFC 5908: suboption 1, 16 octets, the address. */
    @Test
    void wrapsEachIpv6AddressWhereTheServerTakesBytes() {
        assertEquals(ExitCode.OK, run("kea", "fd77::2", "fd77::2"), err.toString());
        assertTrue(out.toString().contains("\"" + IPV6_HEX + IPV6_HEX + "\""), out.toString());
        assertEquals(ExitCode.OK, run("routeros", "fd77::2"), err.toString());
        assertTrue(out.toString().contains("code=56 value=0x" + IPV6_HEX + "\n"), out.toString());
    }

    @Test
    void saysWhatTheServerHasNoWayToName() {
        assertEquals(ExitCode.OK, run("networkd", "10.77.0.2", "fd77::2"), err.toString());
        assertTrue(out.toString().contains("NTP=10.77.0.2\n"), out.toString());
        assertTrue(out.toString().contains("left out, as this server cannot name it: fd77::2"), out.toString());
    }

    /** Most configurations have a list of that name, and Kea refuses a second one: one entry, no more. */
    @Test
    void namesOneEntryForAListThatKeaHasAlready() {
        assertEquals(ExitCode.OK, run("kea", "10.77.0.2", "10.77.0.3", "fd77::2"), err.toString());
        List<String> lines = out.toString().lines().toList();
        assertEquals(4, lines.size(), out.toString());
        assertTrue(lines.get(0).startsWith("// into the list \"option-data\" of \"Dhcp4\""), lines.get(0));
        assertTrue(
                lines.get(0)
                        .endsWith("then: kea-dhcp4 -t /etc/kea/kea-dhcp4.conf && systemctl restart kea-dhcp4-server"),
                lines.get(0));
        assertEquals("{ \"name\": \"ntp-servers\", \"data\": \"10.77.0.2, 10.77.0.3\" }", lines.get(1));
        assertTrue(lines.get(2).startsWith("// into the list \"option-data\" of \"Dhcp6\""), lines.get(2));
        assertTrue(
                lines.get(2)
                        .endsWith("then: kea-dhcp6 -t /etc/kea/kea-dhcp6.conf && systemctl restart kea-dhcp6-server"),
                lines.get(2));
        assertTrue(lines.get(3).startsWith("{ \"code\": 56,") && lines.get(3).endsWith(" }"), lines.get(3));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NETWORKD")
    void ipv6AloneNeedsNothingAboveIt(DhcpSetup.Server server) {
        assertEquals(ExitCode.OK, run(server.word(), "fd77::2"), err.toString());
        assertFalse(out.toString().contains("same"), out.toString());
        assertFalse(out.toString().contains("above"), out.toString());
    }

    @Test
    void piholeIsToldOfIpv6AloneByACommand() {
        assertEquals(ExitCode.OK, run("pihole", "fd77::2"), err.toString());
        assertTrue(
                out.toString()
                        .contains("pihole-FTL --config misc.dnsmasq_lines"
                                + " '[\"dhcp-option=option6:ntp-server,[fd77::2]\"]'\n"),
                out.toString());
    }

    @Test
    void saysWhatIsMissingWhereTheServerCanNameNone() {
        for (String[] words :
                List.of(new String[] {"networkd", "fd77::2"}, new String[] {"networkd", "fd77::2", "--json"})) {
            assertEquals(ExitCode.USAGE, run(words));
            assertTrue(err.toString().contains("there is no IPv4 address to name: put one behind it"), err.toString());
            assertEquals("", out.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyServerIsToldBothWays(DhcpSetup.Server server) {
        assertEquals(ExitCode.OK, run(server.word(), "10.77.0.2", "fd77::2"), err.toString());
        assertTrue(out.toString().contains("10.77.0.2"), out.toString());
        assertEquals(ExitCode.OK, run(server.word(), "10.77.0.2", "fd77::2", "--json"), err.toString());
        assertTrue(
                out.toString().startsWith("{\"server\":\"" + server.word() + "\",\"ntp\":[\"10.77.0.2\""),
                out.toString());
    }

    @Test
    void refusesWhatItCannotSay() {
        assertEquals(ExitCode.USAGE, run("bootp"));
        assertTrue(err.toString().contains("'bootp' is no DHCP server that is known here: dnsmasq,"), err.toString());
        assertEquals(ExitCode.USAGE, run("kea", "time.example.net"));
        assertTrue(err.toString().contains("'time.example.net' is no IPv4 or IPv6 address"), err.toString());
        assertEquals(ExitCode.USAGE, run("kea"));
        assertTrue(err.toString().contains("no address that a LAN could ask"), err.toString());
    }

    private static List<IpAddress> addresses(String... all) {
        return Stream.of(all).map(each -> IpAddress.parse(each).orElseThrow()).toList();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new DhcpCommand(() -> own).spec())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
