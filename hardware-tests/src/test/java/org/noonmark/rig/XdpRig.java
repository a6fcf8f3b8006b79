package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo on a virtual Ethernet, where it takes requests past the kernel's UDP stack; judged by Debian's chronyd and the kernel's counts. */
class XdpRig {
    private static final Duration TO_READY = Duration.ofSeconds(30);
    private static final String CARD = "vs";

    private final Peers peers = Peers.unpacked();

    @TempDir
    private Path folder;

    private Namespace servers;
    private Namespace clients;

    @BeforeEach
    void makeNetwork() throws IOException {
        servers = Namespace.create("xdp-servers");
        clients = Namespace.create("xdp-clients");
        Namespace.join(servers, CARD, clients, "vc");
    }

    @AfterEach
    void removeNetwork() throws IOException {
        servers.close();
        clients.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "generic"})
    void chronydAcceptsAnswersThatTheKernelsUdpNeverSaw(String mode) throws Exception {
        try (Demo demo = demo("xdp " + CARD + " mode " + mode)) {
            demo.awaitReady(TO_READY);
            assertTrue(demo.transcript().contains("by: " + CARD + ", " + mode), demo.transcript());
            List<Long> before = datagrams();
            ask();
            assertEquals(before, datagrams(), "UDP datagrams in and out, by IPv4 and IPv6");
        }
    }

    @Test
    void withoutTheDirectiveTheKernelsUdpSeesThem() throws Exception {
        try (Demo demo = demo("")) {
            demo.awaitReady(TO_READY);
            List<Long> before = datagrams();
            ask();
            assertTrue(datagrams().getFirst() >= before.getFirst() + 4, "the count that the other test relies on");
        }
    }

    @Test
    void aDaemonThatIsKilledLeavesNoProgramBehind() throws Exception {
        try (Demo demo = demo("xdp " + CARD)) {
            demo.awaitReady(TO_READY);
            assertTrue(link().contains("prog/xdp"), link());
            demo.kill();
            for (int i = 0; i < 50 && link().contains("prog/xdp"); i++) {
                Thread.sleep(Duration.ofMillis(100));
            }
            assertFalse(link().contains("prog/xdp"), link());
        }
    }

    /** As on the appliance: not root, the capabilities at the start alone, and only those that work goes on with in the end. */
    @Test
    void noThreadOfTheDaemonHasTheCapabilitiesThatItWasStartedWith() throws Exception {
        try (Demo daemon = startedWith("+net_bind_service,+dac_read_search,+net_admin,+net_raw,+bpf")) {
            daemon.awaitLine("INFO  NTP requests pass the kernel's UDP stack by: " + CARD + ", native", TO_READY);
            assertOnlyKept(daemon);
            List<Long> before = datagrams();
            askUnproven();
            assertEquals(before, datagrams(), "UDP datagrams in and out, by IPv4 and IPv6");
            assertEquals(
                    1,
                    daemon.transcript()
                            .lines()
                            .filter(line -> line.contains("no 'receiver' line"))
                            .count(),
                    "the second start alone speaks: " + daemon.transcript());
        }
    }

    @Test
    void aDaemonWithoutTheCapabilitiesServesBySocketsAndSaysWhy() throws Exception {
        try (Demo daemon = startedWith("+net_bind_service,+dac_read_search,+net_raw")) {
            String told = daemon.awaitLine("WARN  no AF_XDP", TO_READY);
            assertTrue(told.contains("CAP_NET_RAW, CAP_NET_ADMIN and CAP_BPF"), told);
            assertOnlyKept(daemon);
            long before = datagrams().getFirst();
            askUnproven();
            assertTrue(datagrams().getFirst() > before);
        }
    }

    /** The daemon, as a user of no name; CAP_DAC_READ_SEARCH lets it read the program wherever this checkout is. */
    private Demo startedWith(String capabilities) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path config = Files.writeString(folder.resolve("noonmark.conf"), """
                allow 10.77.0.0/24
                allow fd77::/64
                xdp vs
                controlsocket %s
                """.formatted(folder.resolve("control.sock")));
        String set = "-all," + capabilities;
        List<String> prefix = new ArrayList<>(servers.prefix());
        prefix.addAll(List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--no-new-privs",
                "--inh-caps=" + set,
                "--ambient-caps=" + set,
                "--bounding-set=" + set));
        return Demo.startDaemon(prefix, config);
    }

    /** CAP_NET_BIND_SERVICE and CAP_DAC_READ_SEARCH, bits 10 and 2. */
    private static void assertOnlyKept(Demo daemon) throws IOException {
        int threads = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + daemon.pid() + "/task"))) {
            for (Path task : tasks) {
                threads++;
                String status = Files.readString(task.resolve("status"));
                for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
                    assertTrue(status.contains(set + ":\t0000000000000404\n"), status);
                }
            }
        }
        assertTrue(threads > 10, "threads: " + threads);
    }

    /** Requests by both families, whose answers say that the time is not proven: chronyd logs them all the same. */
    private void askUnproven() throws IOException {
        peers.askingChronyd(
                clients.prefix(),
                Duration.ofSeconds(6),
                "server 10.77.0.1 iburst",
                "server fd77::1 iburst",
                "pidfile " + folder.resolve("chronyd.pid"),
                "cmdport 0",
                "bindcmdaddress /",
                "logdir " + folder,
                "logbanner 0",
                "log rawmeasurements");
        String measured = Files.readString(folder.resolve("measurements.log"));
        for (String address : List.of("10.77.0.1", "fd77::1")) {
            assertTrue(measured.contains(" " + address + " "), measured);
        }
    }

    @Test
    void anInterfaceThatIsNotThereLeavesTheSocketsToServe() throws Exception {
        try (Demo demo = demo("xdp nosuch0")) {
            demo.awaitReady(TO_READY);
            assertTrue(demo.transcript().contains("there is no network interface 'nosuch0'"), demo.transcript());
            ask();
        }
    }

    private Demo demo(String directive) throws IOException {
        Path config = Files.writeString(folder.resolve("demo.conf"), """
                bindaddress 10.77.0.1
                bindaddress fd77::1
                allow 10.77.0.0/24
                allow fd77::/64
                """ + directive + "\n");
        return Demo.start(
                servers.prefix(),
                "--for",
                "40",
                "--ntp-port",
                "123",
                "--control",
                folder.resolve("control.sock").toString(),
                "--config",
                config.toString());
    }

    /** Both addresses, eight requests each; every answer is of stratum 1 and synchronised. */
    private void ask() throws IOException {
        Path log = folder.resolve("measurements.log");
        Files.deleteIfExists(log);
        Peers.Output report = peers.askingChronyd(
                clients.prefix(),
                Duration.ofSeconds(8),
                "server 10.77.0.1 iburst",
                "server fd77::1 iburst",
                "pidfile " + folder.resolve("chronyd.pid"),
                "cmdport 0",
                "bindcmdaddress /",
                "logdir " + folder,
                "logbanner 0",
                "log measurements");
        assertTrue(Files.exists(log), report.text());
        List<String> measured = Files.readAllLines(log);
        for (String address : List.of("10.77.0.1", "fd77::1")) {
            assertTrue(
                    measured.stream()
                                    .filter(line -> line.contains(" " + address + " "))
                                    .count()
                            >= 3,
                    String.join("\n", measured));
        }
        // Columns of chrony's measurements.log: date, time, address, leap (N: normal), stratum.
        assertTrue(
                measured.stream().allMatch(line -> line.matches("\\S+ \\S+ +\\S+ +N +1 .*")),
                String.join("\n", measured));
    }

    /** What the kernel's UDP has received and sent in the servers' namespace, by IPv4 and by IPv6. */
    private List<Long> datagrams() {
        String text = run("cat", "/proc/net/snmp", "/proc/net/snmp6");
        String[] udp = text.lines()
                .filter(line -> line.matches("Udp: [0-9].*"))
                .findFirst()
                .orElseThrow()
                .split(" ", -1);
        return List.of(
                Long.parseLong(udp[1]),
                Long.parseLong(udp[4]),
                count(text, "Udp6InDatagrams"),
                count(text, "Udp6OutDatagrams"));
    }

    private static long count(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "\t"))
                .map(line -> line.split("\\s+", -1)[1])
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    private String link() {
        return run("ip", "-d", "link", "show", "dev", CARD);
    }

    private String run(String... command) {
        return Peers.Output.of(servers.inside(List.of(command))).text();
    }
}
