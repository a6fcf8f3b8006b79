package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a client of others: Debian's chronyd serves, and one that asks the same servers says what the reports must say. */
class SourcesRig {
    private static final Duration TO_READY = Duration.ofSeconds(40);
    private static final Duration TO_AGREE = Duration.ofSeconds(60);

    private final Peers peers = Peers.unpacked();
    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void endPeers() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            process.waitFor();
        }
    }

    /** A server for each type of key, and plain ones by IPv4 and IPv6: all are heard, and told of as chronyc tells of them. */
    @Test
    void hearsChronydWithEveryKeyAndReportsAsChronycDoes() throws Exception {
        Path keys = keys();
        serve(22123, "keyfile " + keys);
        List<String> servers = new ArrayList<>();
        for (int key = 1; key <= Peers.KEY_TYPES; key++) {
            servers.add("server 127.0.0." + key + " port 22123 iburst minpoll 1 maxpoll 1 key " + key);
        }
        servers.add("server 127.0.0.100 port 22123 iburst minpoll 1 maxpoll 1");
        servers.add("server ::1 port 22123 iburst minpoll 1 maxpoll 1");
        // Those without a key are to be heard too.
        servers.add("authselectmode ignore");
        Path judge = folder.resolve("judge.sock");
        List<String> directives = new ArrayList<>(servers);
        directives.addAll(List.of("keyfile " + keys, "port 0"));
        started.add(peers.startChronyd(judge, directives.toArray(String[]::new)));
        String config = String.join("\n", servers) + "\nkeyfile " + keys + "\nbindaddress 127.0.0.1\n";
        try (Demo demo = demo("22223", config)) {
            demo.awaitReady(TO_READY);
            awaitReport(text -> count(text, "\\^- .* 377 .*") == Peers.KEY_TYPES + 2, "sources");
            assertEquals(
                    peers.chronyc(judge, "authdata").text(), ask("authdata").text());
            assertSameAnswers(
                    peers.chronyc(judge, "ntpdata").text(), ask("ntpdata").text());
            assertNear(peers.chronyc(judge, "sources").text(), ask("sources").text());
            assertEquals(
                    peers.chronyc(judge, "sourcestats").text().lines().limit(2).toList(),
                    ask("sourcestats").text().lines().limit(2).toList());
        }
    }

    /** Keys of chronyd, by IPv4 and IPv6; and new ones when it has forgotten its own: as chronyd tells of itself. */
    @Test
    void hearsChronydWithNtsAndAsksForNewKeysWhenItsCookiesAreOfNoUse() throws Exception {
        Path certificate = certificate();
        String[] nts = {"ntsservercert " + certificate, "ntsserverkey " + folder.resolve("nts.key"), "ntsport 24460"};
        Process server = serve(22127, nts);
        String config = """
                server 127.0.0.1 port 22127 nts ntsport 24460 iburst minpoll 1 maxpoll 1 xleave
                server ::1 port 22127 nts ntsport 24460 iburst minpoll 1 maxpoll 1
                ntstrustedcerts %s
                nosystemcert
                """.formatted(certificate);
        Path judge = folder.resolve("judge.sock");
        List<String> directives = new ArrayList<>(config.lines().toList());
        directives.add("port 0");
        started.add(peers.startChronyd(judge, directives.toArray(String[]::new)));
        try (Demo demo = demo("22227", config + "ntsaeads 15\nbindaddress 127.0.0.1\n")) {
            demo.awaitReady(TO_READY);
            awaitReport(text -> count(text, "\\^- .* 377 .*") == 2, "sources");
            // Between two requests: one that is on its way has a cookie with it.
            String atRest = awaitReport(text -> count(text, ".* NTS +1 +15 +256 .* 0 +0 +8 .*") == 2, "authdata");
            // When keys were established: a moment apart.
            assertEquals(
                    peers.chronyc(judge, "authdata").text().replaceAll(" +\\d+ +0 +0 +8 ", " LAST "),
                    atRest.replaceAll(" +\\d+ +0 +0 +8 ", " LAST "));
            assertSameAnswers(
                    peers.chronyc(judge, "ntpdata").text(), ask("ntpdata").text());
            server.destroy();
            server.waitFor();
            serve(22127, nts);
            String renewed = awaitReport(text -> count(text, ".* NTS +2 +15 +256 .* 0 +0 +8 .*") == 2, "authdata");
            assertEquals(2, count(renewed, ".* NTS .*"), renewed);
        }
    }

    /** In interleaved mode as chronyd hears its like, and as an equal, which it answers passively; from an address and port of the owner's. */
    @Test
    void hearsChronydInInterleavedModeAndAsAnEqual() throws Exception {
        Path keys = keys();
        serve(22130, "keyfile " + keys);
        List<String> servers = List.of(
                "server 127.0.0.11 port 22130 iburst minpoll 1 maxpoll 1 xleave",
                "server 127.0.0.12 port 22130 iburst minpoll 1 maxpoll 1 xleave key 1",
                "authselectmode ignore",
                "bindacqaddress 127.0.0.5",
                "acquisitionport 22330",
                "keyfile " + keys);
        Path judge = folder.resolve("judge.sock");
        List<String> directives = new ArrayList<>(servers);
        directives.replaceAll(line -> line.startsWith("acq") ? "acquisitionport 22331" : line);
        directives.add("port 0");
        started.add(peers.startChronyd(judge, directives.toArray(String[]::new)));
        String config = String.join("\n", servers) + """

                peer 127.0.0.13 port 22130 iburst minpoll 1 maxpoll 1 key 1
                peer 127.0.0.14 port 22130 iburst minpoll 1 maxpoll 1
                bindaddress 127.0.0.3
                """;
        try (Demo demo = demo("22230", config)) {
            demo.awaitReady(TO_READY);
            String sources = awaitReport(
                    text -> count(text, "\\^- .* 377 .*") == 2 && count(text, "=- .* 377 .*") == 2, "sources");
            Map<String, List<String>> ours = blocks(ask("ntpdata").text());
            ours.forEach((address, lines) -> {
                boolean equal = address.contains("127.0.0.13") || address.contains("127.0.0.14");
                assertTrue(line(lines, "Mode").endsWith(equal ? "Symmetric passive" : "Server"), address + sources);
                assertTrue(line(lines, "Interleaved").endsWith(equal ? "No" : "Yes"), address);
                assertTrue(line(lines, "Local address").contains("127.0.0.5"), address);
            });
            String ofServers = ask("ntpdata").text().split("(?=Remote address  : 127\\.0\\.0\\.13)", -1)[0];
            assertSameAnswers(peers.chronyc(judge, "ntpdata").text(), ofServers);
        }
    }

    /** Two boxes, each the other's equal, with one key: both hear each other, and both serve their own time. */
    @Test
    void twoBoxesWatchEachOtherAsEquals() throws Exception {
        Path keys = keys();
        String line = "peer 127.0.0.%d port %d iburst minpoll 1 maxpoll 1 key 1 xleave\nkeyfile " + keys
                + "\nbindaddress 127.0.0.%d\n";
        Path other = Files.writeString(folder.resolve("other.conf"), line.formatted(21, 22231, 22));
        try (Demo second = Demo.start(
                        List.of(),
                        "--for",
                        "150",
                        "--ntp-port",
                        "22232",
                        "--control",
                        socket("other"),
                        "--config",
                        other.toString());
                Demo first = demo("22231", line.formatted(22, 22232, 21))) {
            assertEquals("1", first.awaitReady(TO_READY).field("stratum"));
            assertEquals("1", second.awaitReady(TO_READY).field("stratum"));
            awaitReport(text -> count(text, "=- 127.0.0.22 .* 377 .*") == 1, "sources");
            assertTrue(ask("ntpdata").text().contains("Symmetric passive"), first.transcript());
            assertTrue(ask("authdata").text().contains(" SK "), first.transcript());
        }
    }

    /** Our own server, by the name of its certificate; and not with another's certificate. */
    @Test
    void hearsOurServerWithNtsAndNobodyWhoseCertificateItDoesNotTrust() throws Exception {
        try (Demo server = Demo.start(
                List.of(),
                "--for",
                "120",
                "--ntp-port",
                "22128",
                "--nts-port",
                "24461",
                "--control",
                socket("server"))) {
            String ca = server.awaitReady(TO_READY).field("ca");
            String config = """
                    server localhost port 22128 nts ntsport 24461 iburst minpoll 1 maxpoll 1
                    server ::1 port 22128 nts ntsport 24461 certset 1 iburst minpoll 1 maxpoll 1
                    ntstrustedcerts %s
                    ntstrustedcerts 1 %s
                    nosystemcert
                    bindaddress 127.0.0.3
                    """.formatted(ca, certificate());
            try (Demo demo = demo("22228", config)) {
                demo.awaitReady(TO_READY);
                String authdata = awaitReport(text -> count(text, ".* NTS +1 .* 0 +0 +8 .*") == 1, "authdata");
                assertEquals(1, count(authdata, "::1 .* NTS +0 +0 +0 +- .*"), authdata);
                String reasons = ask("selectdata", "-v").text();
                assertTrue(reasons.contains("no keys for NTS: no TLS connection"), reasons);
            }
        }
    }

    /** Without a receiver, against three addresses of chronyd at stratum 1: a client of ours gets stratum 2 and a bound that holds. */
    @Test
    void aMachineWithoutAReceiverServesOneStratumBelowItsServers() throws Exception {
        serve(22129);
        Path config = Files.writeString(folder.resolve("servers.conf"), """
                server 127.0.0.1 port 22129 iburst minpoll 1 maxpoll 1
                server 127.0.0.2 port 22129 iburst minpoll 1 maxpoll 1
                server ::1 port 22129 iburst minpoll 1 maxpoll 1
                port 22229
                bindaddress 127.0.0.3
                allow
                controlsocket %s
                """.formatted(socket("control")));
        try (Demo daemon = Demo.startDaemon(List.of(), config)) {
            String tracking = awaitReport(text -> text.contains("Stratum         : 2"), "tracking");
            assertTrue(tracking.contains("Leap status     : Normal"), daemon.transcript());
            String sources =
                    awaitReport(text -> count(text, "\\^\\* .*") == 1 && count(text, "\\^\\+ .*") == 2, "sources");
            assertTrue(ask("status").text().contains("BY SERVERS, stratum 2"), sources);
            Path client = folder.resolve("client.sock");
            started.add(peers.startChronyd(client, "server 127.0.0.3 port 22229 iburst minpoll 0 maxpoll 0", "port 0"));
            String data = "";
            for (int second = 0; second < 15 && !data.contains("Total good RX   : 8"); second++) {
                Thread.sleep(1_000);
                data = peers.chronyc(client, "ntpdata").text();
            }
            assertTrue(data.contains("Stratum         : 2"), data);
            // The machine's clock is the truth here: chronyd serves it, and ours is a copy that follows.
            double offset = Double.parseDouble(data.replaceAll("(?s).*Offset          : (\\S+) seconds.*", "$1"));
            double dispersion = Double.parseDouble(data.replaceAll("(?s).*Root dispersion : (\\S+) seconds.*", "$1"));
            assertTrue(Math.abs(offset) < Math.min(dispersion, 1e-3), data);
        }
    }

    private Path certificate() throws IOException {
        Path certificate = folder.resolve("nts.pem");
        Peers.Output.require(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                folder.resolve("nts.key").toString(),
                "-out",
                certificate.toString(),
                "-subj",
                "/CN=a server",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1",
                "-days",
                "30");
        return certificate;
    }

    /** One server of three is a second off: it is named, and the clock is served. */
    @Test
    void aLyingServerIsNamedAndChangesNothing() throws Exception {
        serve(22124);
        try (Demo liar = Demo.start(
                List.of(), "--for", "120", "--offset", "1", "--ntp-port", "22125", "--control", socket("liar"))) {
            liar.awaitReady(TO_READY);
            String config = """
                    server 127.0.0.1 port 22124 iburst minpoll 1 maxpoll 1
                    server 127.0.0.2 port 22124 iburst minpoll 1 maxpoll 1
                    server ::1 port 22125 iburst minpoll 1 maxpoll 1
                    bindaddress 127.0.0.3
                    """;
            try (Demo demo = demo("22224", config)) {
                assertEquals("1", demo.awaitReady(TO_READY).field("stratum"));
                String sources = awaitReport(
                        text -> count(text, "\\^x ::1 .*") == 1 && count(text, "\\^- 127.*") == 2, "sources");
                assertEquals(1, count(sources, "\\^x ::1 .*"), sources);
                String reasons = ask("selectdata", "-v").text();
                assertTrue(reasons.contains("x ::1") && reasons.contains("    it contradicts"), reasons);
                String status = ask("status").text();
                assertTrue(status.contains("SYNCHRONISED, stratum 1"), status);
                assertTrue(status.contains("3 are asked, 2 agree"), status);
            }
        }
    }

    /** The receiver is a second off, and three servers agree against it: nothing is served, and the reason names them. */
    @Test
    void aLyingReceiverIsNotServedAgainstThreeServers() throws Exception {
        serve(22126);
        String config = """
                server 127.0.0.1 port 22126 iburst minpoll 1 maxpoll 1
                server 127.0.0.2 port 22126 iburst minpoll 1 maxpoll 1
                server ::1 port 22126 iburst minpoll 1 maxpoll 1
                bindaddress 127.0.0.3
                """;
        try (Demo demo = demo("22226", config, "--offset", "1")) {
            String majority =
                    "\"why\":\"a majority of sources (127.0.0.1, 127.0.0.2, ::1) says that the clock is -1.000 s off;";
            String status = awaitReport(text -> text.contains(majority), "status", "--json");
            assertTrue(status.contains("\"synchronised\":false"), demo.transcript());
        }
    }

    private Process serve(int port, String... more) throws IOException {
        List<String> directives = new ArrayList<>(
                List.of("local stratum 1", "port " + port, "allow", "bindaddress 0.0.0.0", "bindaddress ::"));
        directives.addAll(List.of(more));
        Process server =
                peers.startChronyd(folder.resolve("server" + port + ".sock"), directives.toArray(String[]::new));
        started.add(server);
        return server;
    }

    private Demo demo(String port, String config, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("servers.conf"), config);
        List<String> arguments = new ArrayList<>(List.of(
                "--for", "150", "--ntp-port", port, "--control", socket("control"), "--config", file.toString()));
        arguments.addAll(List.of(more));
        return Demo.start(List.of(), arguments.toArray(String[]::new));
    }

    private Peers.Output ask(String... report) {
        List<String> arguments = new ArrayList<>(List.of("--control", socket("control")));
        arguments.addAll(List.of(report));
        return Demo.ask(arguments.toArray(String[]::new));
    }

    private String awaitReport(Predicate<String> good, String... report) throws InterruptedException {
        long end = System.nanoTime() + TO_AGREE.toNanos();
        String text = ask(report).text();
        while (!good.test(text) && System.nanoTime() < end) {
            Thread.sleep(500);
            text = ask(report).text();
        }
        assertTrue(good.test(text), text);
        return text;
    }

    /**
     * All that does not change from one answer to the next is told in the same words. But the poll interval: a server repeats that of the
     * request, and ours say nothing of it; and the version, for chronyd asks in version 3 with long digests, to send them whole.
     */
    private static void assertSameAnswers(String theirs, String ours) {
        Map<String, List<String>> expected = blocks(theirs);
        Map<String, List<String>> found = blocks(ours);
        assertEquals(expected.keySet(), found.keySet(), ours);
        List<String> constant = List.of(
                "Remote port",
                "Local address",
                "Leap status",
                "Mode",
                "Stratum",
                "Precision",
                "Root delay",
                "Root dispersion",
                "Reference ID",
                "NTP tests",
                "Interleaved",
                "Authenticated",
                "TX timestamping",
                "RX timestamping");
        expected.forEach((address, lines) -> {
            List<String> other = found.getOrDefault(address, List.of());
            for (String name : constant) {
                assertEquals(line(lines, name), line(other, name), address);
            }
            // Later versions of chronyc have more lines at the end.
            assertEquals(
                    lines.stream().map(SourcesRig::name).toList(),
                    other.stream().limit(lines.size()).map(SourcesRig::name).toList(),
                    address);
        });
    }

    /** Offsets of both within a millisecond of each other, the same strata and intervals. */
    private static void assertNear(String theirs, String ours) {
        List<String> expected = theirs.lines().filter(l -> l.startsWith("^")).toList();
        for (String line : expected) {
            String[] words = line.substring(2).strip().split("\\s+", 5);
            assertEquals(
                    1,
                    count(ours, "\\^- " + words[0].replace(".", "\\.") + " +" + words[1] + " +" + words[2] + " .*"),
                    ours);
        }
        assertTrue(ours.lines().filter(l -> l.startsWith("^")).noneMatch(l -> l.matches(".*\\d(ms|s)\\[.*")), ours);
    }

    private static Map<String, List<String>> blocks(String report) {
        Map<String, List<String>> blocks = new TreeMap<>();
        List<String> block = new ArrayList<>();
        for (String line : report.lines().toList()) {
            if (line.startsWith("Remote address")) {
                block = new ArrayList<>();
                blocks.put(line, block);
            } else if (!line.isBlank()) {
                block.add(line);
            }
        }
        return blocks;
    }

    private static String name(String line) {
        return line.substring(0, Math.max(0, line.indexOf(':'))).strip();
    }

    private static String line(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> name(line).equals(name))
                .findFirst()
                .orElse("no " + name);
    }

    private static long count(String text, String pattern) {
        return text.lines().filter(line -> line.matches(pattern)).count();
    }

    private Path keys() throws IOException {
        return Files.writeString(folder.resolve("chrony.keys"), Peers.KEYS);
    }

    private String socket(String name) {
        return folder.resolve(name + ".sock").toString();
    }
}
