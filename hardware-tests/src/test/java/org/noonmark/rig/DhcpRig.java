package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@code noonmark dhcp} prints, read by real DHCP servers; what real clients are told by them: option 42 as Debian has set the clients up,
 * option 56 where they are told to ask for it; and whether chronyd and timesyncd come to ask that server. The README's table is what was seen.
 */
class DhcpRig {
    private static final Duration TO_SERVE = Duration.ofSeconds(20);
    private static final Duration TO_BE_TOLD = Duration.ofSeconds(20);
    private static final String IPV4 = "10.77.0.1";
    private static final String IPV6 = "fd77::1";
    private static final String SERVERS_CARD = "served";
    private static final String CLIENTS_CARD = "asking";

    enum Server {
        DNSMASQ {
            @Override
            List<List<String>> commands(DhcpPrograms programs) throws IOException {
                String range = "dhcp-range=10.77.0.100,10.77.0.150\ndhcp-range=fd77::100,fd77::150,64\n";
                return List.of(List.of(
                        "dnsmasq",
                        "--keep-in-foreground",
                        "--port=0",
                        "--user=root",
                        "--pid-file=",
                        "--log-dhcp",
                        "--log-facility=-",
                        "--bind-interfaces",
                        "--interface=" + SERVERS_CARD,
                        "--dhcp-leasefile=" + programs.inside("leases"),
                        "--conf-file=" + programs.file("dnsmasq.conf", range + lines(this, IPV4, IPV6))));
            }
        },
        KEA {
            @Override
            List<List<String>> commands(DhcpPrograms programs) throws IOException {
                return List.of(
                        List.of(
                                "kea-dhcp4",
                                "-c",
                                programs.file(
                                        "kea4.conf",
                                        configuration("4", IPV4, "10.77.0.0/24", "10.77.0.100 - 10.77.0.150"))),
                        List.of(
                                "kea-dhcp6",
                                "-c",
                                programs.file(
                                        "kea6.conf", configuration("6", IPV6, "fd77::/64", "fd77::100 - fd77::150"))));
            }

            private String configuration(String version, String address, String subnet, String pool) {
                return """
                        { "Dhcp%s": {
                        "interfaces-config": { "interfaces": [ "%s" ], "service-sockets-max-retries": 20 },
                        "lease-database": { "type": "memfile", "persist": false },
                        "subnet%s": [ { "id": 1, "interface": "%s", "subnet": "%s", "pools": [ { "pool": "%s" } ] } ],
                        "option-data": [
                        %s ] } }
                        """.formatted(version, SERVERS_CARD, version, SERVERS_CARD, subnet, pool, lines(this, address));
            }
        },
        ISC {
            @Override
            List<List<String>> commands(DhcpPrograms programs) throws IOException {
                String ipv4 = "subnet 10.77.0.0 netmask 255.255.255.0 { range 10.77.0.100 10.77.0.150; }\n";
                String ipv6 = "subnet6 fd77::/64 { range6 fd77::100 fd77::150; }\n";
                return List.of(
                        command(programs, "-4", ipv4 + lines(this, IPV4)),
                        command(programs, "-6", ipv6 + lines(this, IPV6)));
            }

            private List<String> command(DhcpPrograms programs, String family, String text) throws IOException {
                return List.of(
                        "dhcpd",
                        family,
                        "-d",
                        "-f",
                        "-cf",
                        programs.file("dhcpd" + family, text),
                        "-lf",
                        programs.file("leases" + family, ""),
                        "-pf",
                        programs.inside("pid" + family),
                        SERVERS_CARD);
            }
        };

        abstract List<List<String>> commands(DhcpPrograms programs) throws IOException;

        private static String lines(Server server, String... addresses) {
            List<String> command = new ArrayList<>(List.of("dhcp", server.name()));
            command.addAll(List.of(addresses));
            Peers.Output output = Demo.ask(command.toArray(String[]::new));
            assertEquals(0, output.exitCode(), output.text());
            return output.text();
        }
    }

    enum Client {
        UDHCPC("42", "ntpsrv=" + IPV4) {
            @Override
            List<String> command(DhcpPrograms programs, String script) {
                return List.of(
                        "busybox", "udhcpc", "-i", CLIENTS_CARD, "-f", "-q", "-n", "-t", "8", "-T", "1", "-s", script);
            }
        },
        DHCLIENT("42", "new_ntp_servers=" + IPV4) {
            @Override
            List<String> command(DhcpPrograms programs, String script) throws IOException {
                return dhclient(programs, "-4", "/etc/dhcp/dhclient.conf", script);
            }
        },
        DHCPCD("42", "new_ntp_servers=" + IPV4) {
            @Override
            List<String> command(DhcpPrograms programs, String script) {
                return List.of("dhcpcd", "-4", "-1", "-B", "-A", "-c", script, CLIENTS_CARD);
            }
        },
        DHCLIENT_6("56", "new_dhcp6_ntp=0:1:0:10:fd:77:0:0:0:0:0:0:0:0:0:0:0:0:0:1") {
            @Override
            List<String> command(DhcpPrograms programs, String script) throws IOException {
                String words = "option dhcp6.ntp code 56 = string;\nalso request dhcp6.ntp;\n";
                return dhclient(programs, "-6", programs.file("dhclient6.conf", words), script);
            }
        },
        DHCPCD_6("56", "new_dhcp6_ntp_server_addr=" + IPV6) {
            @Override
            List<String> command(DhcpPrograms programs, String script) throws IOException {
                String words = "noipv6rs\ninterface " + CLIENTS_CARD + "\nia_na 1\noption dhcp6_ntp_server\n";
                return List.of(
                        "dhcpcd",
                        "-6",
                        "-1",
                        "-B",
                        "-f",
                        programs.file("dhcpcd6.conf", words),
                        "-c",
                        script,
                        CLIENTS_CARD);
            }
        };

        private final String option;
        private final String told;

        Client(String option, String told) {
            this.option = option;
            this.told = told;
        }

        abstract List<String> command(DhcpPrograms programs, String script) throws IOException;

        private static List<String> dhclient(DhcpPrograms programs, String family, String configuration, String script)
                throws IOException {
            return List.of(
                    "dhclient",
                    family,
                    "-d",
                    "-1",
                    "-cf",
                    configuration,
                    "-lf",
                    programs.file("client-leases" + family, ""),
                    "-pf",
                    programs.inside("client-pid" + family),
                    "-sf",
                    script,
                    CLIENTS_CARD);
        }
    }

    /** What becomes of the option at each client: a row of the README's table. */
    enum Row {
        UDHCPC_42("udhcpc (BusyBox)", "42", "yes"),
        DHCLIENT_42("dhclient (ISC)", "42", "yes"),
        DHCLIENT_56(
                "dhclient (ISC)", "56", "when told to: `option dhcp6.ntp code 56 = string; also request dhcp6.ntp;`"),
        DHCPCD_42("dhcpcd", "42", "yes"),
        DHCPCD_56("dhcpcd", "56", "yes"),
        NETWORKD_42("systemd-networkd", "42", "yes"),
        NETWORKD_56("systemd-networkd", "56", "yes");

        private final String client;
        private final String option;
        private final String asks;

        Row(String client, String option, String asks) {
            this.client = client;
            this.option = option;
            this.asks = asks;
        }

        private List<String> arguments(boolean plain) {
            String word = name().substring(0, name().indexOf('_')).toLowerCase(Locale.ROOT);
            List<String> words =
                    new ArrayList<>(List.of(CLIENTS_CARD, word, option, option.equals("42") ? IPV4 : IPV6));
            if (plain) {
                words.add("plain");
            }
            return words;
        }

        private boolean asksUntold() {
            return asks.equals("yes");
        }

        String line(boolean chrony, boolean timesyncd) {
            return "| %s | %s | %s | %s | %s |".formatted(client, option, asks, word(chrony), word(timesyncd));
        }

        private static String word(boolean used) {
            return used ? "yes" : "no";
        }
    }

    private final List<Process> running = new ArrayList<>();
    private DhcpPrograms programs;
    private Namespace server;
    private Namespace client;

    @BeforeEach
    void prepare() throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "network namespaces need root");
        programs = DhcpPrograms.unpacked();
        server = Namespace.create("dhcp-server");
        client = Namespace.create("dhcp-client");
        Namespace.join(server, SERVERS_CARD, client, CLIENTS_CARD);
    }

    @AfterEach
    void clear() throws Exception {
        for (Process process : running) {
            process.destroy();
            process.waitFor();
        }
        client.close();
        server.close();
        programs.clear();
    }

    @ParameterizedTest
    @EnumSource
    void clientsAreToldOfTheServer(Server kind) throws Exception {
        serve(kind);
        for (Client asking : Client.values()) {
            String told = ask(kind, asking);
            System.out.println("rig=dhcp server=" + kind.name().toLowerCase(Locale.ROOT) + " client="
                    + asking.name().toLowerCase(Locale.ROOT) + " option=" + asking.option + " told="
                    + told.contains(asking.told));
            assertTrue(told.contains("\n" + asking.told + "\n"), told);
        }
        assertTrue(
                running.stream().allMatch(Process::isAlive), "the server has not ended: " + programs.text("server0"));
    }

    /** The whole table, behind each server; and what clients ask for that nobody told to. */
    @ParameterizedTest
    @EnumSource
    void theReadmeSaysWhatClientsMakeOfIt(Server kind) throws Exception {
        serve(kind);
        ask(kind, Client.UDHCPC); // until it is up
        String readme = Files.readString(Path.of("..", "README.md"));
        List<String> wrong = new ArrayList<>();
        for (Row row : Row.values()) {
            int before = programs.text("server0").length();
            Peers.Output seen = programs.uses(client, row.arguments(false));
            List<String> said = seen.text().lines().toList();
            assertTrue(said.contains("leased"), () -> row + "\n" + seen.text());
            String line = row.line(said.contains("chrony"), said.contains("timesyncd"));
            System.out.println("rig=dhcp server=" + kind.name().toLowerCase(Locale.ROOT) + " row=" + line);
            if (!readme.contains(line + "\n")) {
                wrong.add(line + "\n" + seen.text());
            }
            if (kind == Server.DNSMASQ) {
                assertTrue(asked(row, before), row::toString);
                int then = programs.text("server0").length();
                programs.uses(client, row.arguments(true));
                assertEquals(row.asksUntold(), asked(row, then), row::toString);
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** Whether the option was asked for in what dnsmasq has logged since. */
    private boolean asked(Row row, int before) throws IOException {
        return programs.text("server0").substring(before).contains(" " + row.option + ":ntp-server");
    }

    /** On a network without a server, to which all else would go, and on the one with it. */
    @ParameterizedTest
    @EnumSource
    void theDoctorHearsTheOffer(Server kind) throws Exception {
        serve(kind);
        for (String command : List.of(
                "link add idle type veth peer name nobody",
                "link set nobody up",
                "addr add 10.78.0.2/24 dev idle",
                "link set idle up",
                "route add default via 10.78.0.1 dev idle")) {
            Peers.Output output =
                    Peers.Output.of(client.inside(Stream.concat(Stream.of("ip"), Arrays.stream(command.split(" ")))
                            .toList()));
            assertEquals(0, output.exitCode(), output.text());
        }
        Path config = Files.createTempFile("noonmark", ".conf");
        String offer = "the DHCP server " + IPV4 + " names other time servers (option 42): " + IPV4;
        String report = "";
        try {
            Files.writeString(config, "receiver /dev/ttyS0\nallow onlink\n");
            for (int i = 0; i < 4 && !report.contains(offer); i++) {
                report = Demo.ask(client.prefix(), "--control", "/nowhere", "doctor", "--json", "-f", config.toString())
                        .text();
            }
        } finally {
            Files.delete(config);
        }
        System.out.println(
                "rig=dhcp server=" + kind.name().toLowerCase(Locale.ROOT) + " doctor_heard=" + report.contains(offer));
        assertTrue(report.contains(offer), report + programs.text("server0"));
    }

    private void serve(Server kind) throws IOException {
        int number = 0;
        for (List<String> command : kind.commands(programs)) {
            running.add(programs.program(server, "server" + number++, command).start());
        }
    }

    /** A client that came before its server was up is asked again. */
    private String ask(Server kind, Client asking) throws Exception {
        String leases = "leases-of-" + asking;
        String script = programs.script("script-of-" + asking, leases);
        long end = System.nanoTime() + TO_SERVE.toNanos();
        do {
            Process process = programs.program(client, "client", asking.command(programs, script))
                    .start();
            running.add(process);
            long limit = System.nanoTime() + TO_BE_TOLD.toNanos();
            while (process.isAlive()
                    && System.nanoTime() < limit
                    && !programs.text(leases).contains(asking.told)) {
                Thread.sleep(100);
            }
            process.destroy();
            process.waitFor();
            running.remove(process);
        } while (System.nanoTime() < end && !programs.text(leases).contains(asking.told));
        return programs.text(leases) + kind + ":\n" + programs.text("server0") + programs.text("server1") + asking
                + ":\n" + programs.text("client");
    }
}
