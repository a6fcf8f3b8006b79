package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@code noonmark dhcp} prints, read by real DHCP servers, and what real clients are told by them: option 42 as Debian has set the
 * clients up, option 56 where they are told to ask for it.
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
                        %s } }
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
        int number = 0;
        for (List<String> command : kind.commands(programs)) {
            running.add(programs.program(server, "server" + number++, command).start());
        }
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
