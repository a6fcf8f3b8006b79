package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our daemon without a receiver, its clock a copy of this machine's, as the client of servers by three makers in a namespace: NTPsec's ntpd,
 * ntpd-rs and chronyd. {@link SourcesRig} holds it against chronyd alone, with each type of key.
 */
class ServersRig {
    private static final Duration TO_AGREE = Duration.ofSeconds(90);
    /** Of NTPsec those that OpenSSL has; SHA256 and SHA512 are cut to 20 octets there, as in NTPv4 they are here. */
    private static final String NTPSEC_KEYS = """
            1 MD5 0123456789abcdef0123456789abcdef01234567
            2 SHA1 0123456789abcdef0123456789abcdef01234567
            3 SHA256 0123456789abcdef0123456789abcdef01234567
            4 AES-128 0123456789abcdef0123456789abcdef
            5 AES-256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
            6 SHA512 0123456789abcdef0123456789abcdef01234567
            """;

    private static final String OUR_KEYS = """
            1 MD5 HEX:0123456789abcdef0123456789abcdef01234567
            2 SHA1 HEX:0123456789abcdef0123456789abcdef01234567
            3 SHA256 HEX:0123456789abcdef0123456789abcdef01234567
            4 AES128 HEX:0123456789abcdef0123456789abcdef
            5 AES256 HEX:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
            6 SHA512 HEX:0123456789abcdef0123456789abcdef01234567
            """;

    private static final int KEY_COUNT = 6;
    private static final String CHRONYD = "10.77.3.1";
    private static final String POLITE = "10.77.3.2";
    private static final List<String> ADDRESSES = List.of(
            "10.77.1.1",
            "10.77.1.2",
            "10.77.1.3",
            "10.77.1.4",
            "10.77.1.5",
            "10.77.1.6",
            "10.77.1.7",
            "fd77::1",
            "10.77.2.1",
            "10.77.2.2",
            "fd77::2",
            CHRONYD,
            POLITE);

    @TempDir
    private Path folder;

    private final List<Process> running = new ArrayList<>();
    private Namespace namespace;
    private NtsPeers peers;

    @BeforeEach
    void prepare() throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "network namespaces need root");
        peers = NtsPeers.unpacked(folder);
        namespace = Namespace.create("servers");
        for (String address : ADDRESSES) {
            namespace.addAddress(address);
        }
        certificate();
        startNtpsec();
        startNtpdRs();
        start(
                "chronyd",
                chronyd("server", "local stratum 1", "port 2123", "allow", "bindaddress 0.0.0.0", "bindaddress ::"));
    }

    @AfterEach
    void end() throws Exception {
        for (Process each : running) {
            each.destroyForcibly();
            each.waitFor();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    /** Plain by IPv4 and IPv6, with each key that both have, with NTS, interleaved where the server can: all agree, and one is followed. */
    @Test
    void hearsNtpsecNtpdRsAndChronydAtOnceAndFollowsThem() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int key = 1; key <= KEY_COUNT; key++) {
            lines.add("server 10.77.1." + key + " key " + key);
        }
        lines.addAll(List.of(
                "server 10.77.1.7",
                "server fd77::1",
                "server 127.0.0.1 nts",
                "server 10.77.2.1 port 1123",
                "server fd77::2 port 1123",
                "server 10.77.2.2 port 1123 nts ntsport 14460",
                "server " + CHRONYD + " port 2123 xleave"));
        lines.replaceAll(line -> line + " iburst minpoll 1 maxpoll 1");
        // Those without a key are to be heard too.
        lines.addAll(List.of("authselectmode ignore", "ntstrustedcerts " + file("nts.pem"), "nosystemcert"));
        int servers = 13;
        try (Demo daemon = daemon(lines)) {
            String sources = awaitReport(servers, "\\^[*+-] .* 377 .*", "sources");
            assertEquals(1, count(sources, "\\^\\* .*"), sources);
            assertEquals(0, count(sources, "\\^[x?~] .*"), sources);
            String authdata = ask("authdata");
            assertEquals(KEY_COUNT, count(authdata, "10\\.77\\.1\\.\\d +SK .*"), authdata);
            assertEquals(2, count(authdata, ".* NTS +1 +\\d+ .*"), authdata);
            String tracking = ask("tracking");
            assertTrue(tracking.contains("Stratum         : 2"), tracking);
            assertTrue(tracking.contains("Leap status     : Normal"), tracking);
            assertInterleavedWith(CHRONYD);
            System.out.printf(
                    "rig=servers servers=%d interleaved=1 keys=%d nts=2 last_offset_us=%.1f%n",
                    servers, KEY_COUNT, Math.abs(number(tracking, "Last offset +: ([-+0-9.]+) seconds")) * 1e6);
            assertTrue(Math.abs(number(tracking, "System time +: ([-+0-9.]+) seconds")) < 1e-3, daemon.transcript());
        }
    }

    /** With chrony's own intervals: after iburst as many requests as chronyd sends to the same server in the same time. */
    @Test
    void asksAsSeldomAsChronyd() throws Exception {
        String line = "server " + POLITE + " port 2123 iburst";
        start("judge", chronyd("judge", line, "port 0"));
        try (Demo daemon = daemon(List.of(line))) {
            // Both bursts are over after 8 s, and the next request is due a minute later.
            Thread.sleep(Duration.ofSeconds(25));
            String theirs = Peers.unpacked().chronyc(socket("judge"), "ntpdata").text();
            String ours = ask("ntpdata");
            assertEquals(number(theirs, "Total TX +: (\\d+)"), number(ours, "Total TX +: (\\d+)"), daemon.transcript());
            assertEquals(number(theirs, "Total RX +: (\\d+)"), number(ours, "Total RX +: (\\d+)"), ours);
        }
    }

    private void assertInterleavedWith(String address) {
        String block = ask("ntpdata")
                .split("(?=Remote address  : " + Pattern.quote(address) + ")", 2)[1]
                .split("\n\n", 2)[0];
        assertTrue(block.matches("(?s).*Interleaved +: Yes.*"), block);
    }

    private Demo daemon(List<String> lines) throws IOException {
        List<String> config = new ArrayList<>(lines);
        config.addAll(List.of(
                "keyfile " + Files.writeString(file("our.keys"), OUR_KEYS),
                "port 22229",
                "bindaddress 127.0.0.50",
                "controlsocket " + file("control.sock")));
        return Demo.startDaemon(
                namespace.prefix(), Files.writeString(file("servers.conf"), String.join("\n", config) + "\n"));
    }

    private void startNtpsec() throws IOException {
        Path config = Files.writeString(file("ntp.conf"), """
                tos orphan 1 orphanwait 1
                nts enable
                nts cert %s
                nts key %s
                nts cookie %s
                keys %s
                trustedkey 1 2 3 4 5 6
                restrict default
                """.formatted(
                        file("nts.pem"),
                        file("nts.key"),
                        file("ntpsec.cookies"),
                        Files.writeString(file("ntpsec.keys"), NTPSEC_KEYS)));
        start("ntpsec", peers.ntpsec(namespace.prefix(), "-n", "-g", "-c", config.toString()));
    }

    /** By its own clock: what it followed here would have an address of this machine, and look like an echo. */
    private void startNtpdRs() throws IOException {
        StringBuilder config = new StringBuilder("""
                [observability]
                observation-path = "%s"
                [synchronization]
                local-stratum = 1
                [[nts-ke-server]]
                listen = "10.77.2.2:14460"
                certificate-chain-path = "%s"
                private-key-path = "%s"
                ntp-port = 1123
                key-exchange-timeout-ms = 30000
                """.formatted(file("observe"), file("nts.pem"), file("nts.key")));
        for (String address : List.of("10.77.2.1", "10.77.2.2", "[fd77::2]")) {
            config.append("[[server]]\nlisten = \"").append(address).append(":1123\"\n");
        }
        start(
                "ntpd-rs",
                peers.ntpdRs(
                        namespace.prefix(),
                        "-c",
                        Files.writeString(file("ntp.toml"), config).toString()));
    }

    private ProcessBuilder chronyd(String name, String... directives) throws IOException {
        Path own = Files.createDirectory(folder.resolve(name));
        List<String> arguments = new ArrayList<>(List.of("-dx", "-U", "-u", "root"));
        arguments.addAll(List.of(directives));
        arguments.addAll(List.of("cmdport 0", "bindcmdaddress " + socket(name), "pidfile " + own.resolve("pid")));
        return peers.chronyd(namespace.prefix(), arguments.toArray(String[]::new));
    }

    /** In a folder that chronyd makes for itself, as it insists on. */
    private Path socket(String name) {
        return folder.resolve(name).resolve("run").resolve("chronyd.sock");
    }

    private void certificate() throws IOException {
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
                file("nts.key").toString(),
                "-out",
                file("nts.pem").toString(),
                "-subj",
                "/CN=servers",
                "-addext",
                "subjectAltName=IP:127.0.0.1,IP:10.77.2.2",
                "-days",
                "30");
    }

    private void start(String name, ProcessBuilder builder) throws IOException {
        running.add(builder.redirectErrorStream(true)
                .redirectOutput(file(name + ".log").toFile())
                .start());
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private String ask(String... report) {
        List<String> arguments =
                new ArrayList<>(List.of("--control", file("control.sock").toString()));
        arguments.addAll(List.of(report));
        return Demo.ask(arguments.toArray(String[]::new)).text();
    }

    /** Until so many lines match, whatever other lines there are. */
    private String awaitReport(int lines, String pattern, String report) throws Exception {
        long end = System.nanoTime() + TO_AGREE.toNanos();
        String text = ask(report);
        while (count(text, pattern) < lines && System.nanoTime() < end) {
            Thread.sleep(1_000);
            text = ask(report);
        }
        assertEquals(lines, count(text, pattern), text + ask("selectdata", "-v") + logs());
        return text;
    }

    private String logs() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("ntpsec", "ntpd-rs", "chronyd")) {
            all.append('\n').append(Files.readString(file(name + ".log")));
        }
        return all.toString();
    }

    private static double number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), text);
        return Double.parseDouble(matcher.group(1));
    }

    private static long count(String text, String pattern) {
        return text.lines().filter(line -> line.matches(pattern)).count();
    }
}
