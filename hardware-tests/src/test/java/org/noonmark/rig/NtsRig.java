package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** The demo's NTS, judged by the clients of others, in a network namespace of their own. */
class NtsRig {
    private static final Duration TO_READY = Duration.ofSeconds(60);
    private static final int NTP_PORT = 31_123;
    private static final int KE_PORT = 34_460;
    private static final int EXCHANGES = 100;
    /** Mode, key id, type and key length in chronyc's authdata. */
    private static final Pattern GCM_SIV = Pattern.compile("\\sNTS\\s+\\d+\\s+30\\s+128\\s");

    private static final Pattern AEAD = Pattern.compile("AeadAesSivCmac(\\d+)");

    @TempDir
    private Path folder;

    private final List<Process> running = new ArrayList<>();
    private Namespace namespace;
    private NtsPeers peers;

    @BeforeEach
    void prepare() throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "network namespaces need root");
        peers = NtsPeers.unpacked(folder);
        namespace = Namespace.create("nts");
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

    /** Two chronyd at 16 a second by name, IPv4 and IPv6 address; ntpd-rs and NTPsec once a second: all at the same time. */
    @Test
    void everyClientExchangesAHundredTimesWithOurAuthorityAlone() throws Exception {
        try (Demo demo = demo("--for", "330")) {
            String ca = demo.awaitReady(TO_READY).field("ca");
            List<Path> measured = new ArrayList<>();
            for (String server : List.of("localhost", "127.0.0.1", "::1")) {
                measured.add(chrony(ca, server, false));
                measured.add(chrony(ca, server, true));
            }
            awaitLines(measured.getLast());
            assertLaterChronyUsesGcmSiv();
            Path rustByName = ntpdRs(ca, "localhost");
            Path rustByAddress = ntpdRs(ca, "127.0.0.1");
            Path raw = ntpsec(ca);
            awaitLines(raw);
            for (Path log : measured) {
                assertTrue(lines(log) >= EXCHANGES, log + " has " + lines(log));
            }
            assertTrue(occurrences(rustByName, "accept packet") >= EXCHANGES, Files.readString(rustByName));
            assertTrue(occurrences(rustByAddress, "accept packet") >= EXCHANGES, Files.readString(rustByAddress));
            Matcher aead = AEAD.matcher(Files.readString(rustByName));
            assertTrue(aead.find() && aead.group(1).equals("512"), "ntpd-rs prefers AEAD 17");
            assertTrue(lines(raw) >= EXCHANGES, raw + " has " + lines(raw));
        }
    }

    @Test
    void aClientThatTrustsAnotherAuthorityGetsNothing() throws Exception {
        try (Demo demo = demo("--for", "60")) {
            demo.awaitReady(TO_READY);
            Path foreign = folder.resolve("foreign.pem");
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
                    folder.resolve("foreign.key").toString(),
                    "-out",
                    foreign.toString(),
                    "-subj",
                    "/CN=another authority",
                    "-days",
                    "30");
            Path measurements = chrony(foreign.toString(), "localhost", false);
            Thread.sleep(Duration.ofSeconds(8));
            assertFalse(Files.exists(measurements) && lines(measurements) > 0, "measurements without trust");
        }
    }

    @Test
    void nothingButTls13AndItsProtocolIsSpoken() throws Exception {
        try (Demo demo = demo("--for", "60")) {
            String ca = demo.awaitReady(TO_READY).field("ca");
            assertTrue(openssl(ca, "-alpn", "ntske/1").contains("Verify return code: 0 (ok)"));
            assertTrue(openssl(ca, "-alpn", "http/1.1").contains("alert number 120"));
            assertTrue(openssl(ca, "-alpn", "ntske/1", "-tls1_2").contains("alert number 70"));
        }
    }

    /** chronyd 4.6.1 asks for AEAD 30 first, and says by record 1024 that it exports its keys as RFC 8915 does. */
    private void assertLaterChronyUsesGcmSiv() throws IOException {
        for (String server : List.of("localhost", "127.0.0.1", "__1")) {
            Path socket = commandSocket(folder.resolve("chrony-later-" + server));
            String report = peers.laterChronyc(socket, "authdata").text();
            assertTrue(GCM_SIV.matcher(report).find(), report);
        }
    }

    /** In a folder that chronyd makes for itself, as it insists on. */
    private static Path commandSocket(Path own) {
        return own.resolve("run").resolve("chronyd.sock");
    }

    /** NTPsec is the slowest: it asks each other second. */
    private static void awaitLines(Path file) throws Exception {
        for (int second = 0; second < 270 && lines(file) < EXCHANGES; second++) {
            Thread.sleep(Duration.ofSeconds(1));
        }
    }

    private Demo demo(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--ntp-port",
                Integer.toString(NTP_PORT),
                "--nts-port",
                Integer.toString(KE_PORT),
                "--control",
                folder.resolve("control.sock").toString()));
        arguments.addAll(List.of(more));
        return Demo.start(namespace.prefix(), arguments.toArray(String[]::new));
    }

    /** The measurements that it will have written. */
    private Path chrony(String ca, String server, boolean later) throws IOException {
        Path own =
                Files.createDirectory(folder.resolve("chrony-" + (later ? "later-" : "") + server.replace(':', '_')));
        String[] arguments = {
            "-dx",
            "-U",
            "-u",
            "root",
            "server " + server + " port " + NTP_PORT + " nts ntsport " + KE_PORT + " minpoll -4 maxpoll -4",
            "ntstrustedcerts " + ca,
            "pidfile " + own.resolve("pid"),
            "cmdport 0",
            "bindcmdaddress " + commandSocket(own),
            "logdir " + own,
            "logbanner 0",
            "log rawmeasurements"
        };
        start(
                own.resolve("out"),
                later
                        ? peers.laterChronyd(namespace.prefix(), arguments)
                        : peers.chronyd(namespace.prefix(), arguments));
        return own.resolve("measurements.log");
    }

    private Path ntpdRs(String ca, String server) throws IOException {
        Path config = Files.writeString(folder.resolve("ntpd-rs-" + server + ".toml"), """
                [observability]
                log-level = "debug"
                observation-path = "%s"
                [synchronization]
                minimum-agreeing-sources = 1
                single-step-panic-threshold = "inf"
                [source-defaults]
                poll-interval-limits = { min = 0, max = 0 }
                initial-poll-interval = 0
                [[source]]
                mode = "nts"
                address = "%s:%d"
                certificate-authority = "%s"
                """.formatted(
                        folder.resolve("observe-" + server), server, KE_PORT, ca));
        Path out = folder.resolve("ntpd-rs-" + server + ".log");
        start(out, peers.ntpdRs(namespace.prefix(), "-c", config.toString()));
        return out;
    }

    /** The raw statistics that it will have written: a line for each answer. */
    private Path ntpsec(String ca) throws IOException {
        Path own = Files.createDirectory(folder.resolve("ntpsec"));
        Path config = Files.writeString(own.resolve("ntp.conf"), """
                disable ntp
                statsdir %s/
                statistics rawstats
                filegen rawstats file rawstats type none enable
                server localhost:%d nts ca %s iburst minpoll 0 maxpoll 0
                """.formatted(own, KE_PORT, ca));
        start(own.resolve("out"), peers.ntpsec(namespace.prefix(), "-n", "-g", "-c", config.toString()));
        return own.resolve("rawstats");
    }

    private void start(Path out, ProcessBuilder builder) throws IOException {
        running.add(
                builder.redirectErrorStream(true).redirectOutput(out.toFile()).start());
    }

    private String openssl(String ca, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + KE_PORT,
                "-CAfile",
                ca,
                "-verify_hostname",
                "localhost"));
        command.addAll(List.of(options));
        ProcessBuilder builder =
                namespace.inside(command).redirectInput(Path.of("/dev/null").toFile());
        return Peers.Output.of(builder).text();
    }

    private static long lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (var lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private static int occurrences(Path file, String text) throws IOException {
        String all = Files.readString(file);
        int count = 0;
        for (int at = all.indexOf(text); at >= 0; at = all.indexOf(text, at + 1)) {
            count++;
        }
        return count;
    }
}
