package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo, judged by the clients of others. Loopback and an own network namespace only. */
class PeersRig {
    private static final Duration TO_READY = Duration.ofSeconds(30);
    /** The server is ready before this, and still running after it. */
    private static final long LEAD_SECONDS = 22;

    private static final List<String> HERE = List.of();
    private static final Pattern WRONG_BY = Pattern.compile("System clock wrong by (-?[0-9.]+) seconds");
    private static final Path CAPTURES = Path.of("..", "nmea", "src", "test", "resources", "receivers", "gpsd");

    private final Peers peers = Peers.unpacked();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void chronydAcceptsTheServerAtStratumOne(String address) throws Exception {
        try (Demo demo = Demo.start(HERE, "--for", "30", "--ntp-port", "21123", "--control", control())) {
            assertEquals("1", demo.awaitReady(TO_READY).field("stratum"));
            String report = chronyd(address, 21123).text();
            assertTrue(WRONG_BY.matcher(report).find(), report);
            String measured = Files.readString(folder.resolve("measurements.log"));
            assertTrue(measured.contains(" " + address), measured);
            // Columns of chrony's measurements.log: date, time, address, leap (N: normal), stratum.
            assertTrue(measured.lines().allMatch(line -> line.matches("\\S+ \\S+ +\\S+ +N +1 .*")), measured);
            assertEquals(0, demo.awaitExit(Duration.ofSeconds(40)), demo.transcript());
        }
    }

    /** Every type of key that Debian's chronyd has: a server for each, at an address of its own, and none may be missing. */
    @Test
    void chronydAcceptsAnswersAuthenticatedByEveryTypeOfKey() throws Exception {
        Path keys = Files.writeString(folder.resolve("chrony.keys"), Peers.KEYS);
        try (Demo demo = Demo.start(
                HERE, "--for", "40", "--ntp-port", "21423", "--control", control(), "--config", config(keys))) {
            demo.awaitReady(TO_READY);
            List<String> directives = new ArrayList<>(List.of("keyfile " + keys, "minsources " + Peers.KEY_TYPES));
            for (int key = 1; key <= Peers.KEY_TYPES; key++) {
                directives.add("server 127.0.0." + key + " port 21423 iburst key " + key);
            }
            directives.add("server ::1 port 21423 iburst key 2");
            String report = chronyd(directives).text();
            assertTrue(WRONG_BY.matcher(report).find(), report);
            String measured = Files.readString(folder.resolve("measurements.log"));
            for (int key = 1; key <= Peers.KEY_TYPES; key++) {
                assertMeasured(measured, "127.0.0." + key);
            }
            assertMeasured(measured, "::1");
        }
    }

    @Test
    void aClientWithAnotherKeyGetsNoAnswer() throws Exception {
        Path keys = Files.writeString(folder.resolve("chrony.keys"), Peers.KEYS);
        Path wrong = Files.writeString(folder.resolve("wrong.keys"), Peers.KEYS.replace("0123", "3210"));
        try (Demo demo = Demo.start(
                HERE, "--for", "30", "--ntp-port", "21523", "--control", control(), "--config", config(keys))) {
            demo.awaitReady(TO_READY);
            String report = chronyd(
                            List.of("keyfile " + wrong, "server 127.0.0.1 port 21523 iburst key 5"),
                            Duration.ofSeconds(8))
                    .text();
            assertFalse(WRONG_BY.matcher(report).find(), report);
        }
    }

    /** Every answer after the second is interleaved, but where a request was lost (chrony's measurements.log: mode 4, I). */
    @ParameterizedTest
    @ValueSource(strings = {"", " key 5"})
    void chronydSpeaksInterleavedModeWithIt(String key) throws Exception {
        Path keys = Files.writeString(folder.resolve("chrony.keys"), Peers.KEYS);
        try (Demo demo = Demo.start(
                HERE, "--for", "40", "--ntp-port", "21623", "--control", control(), "--config", config(keys))) {
            demo.awaitReady(TO_READY);
            peers.askingChronyd(
                    HERE,
                    Duration.ofSeconds(12),
                    logging(List.of(
                            "keyfile " + keys,
                            "server 127.0.0.1 port 21623 minpoll -4 maxpoll -4 xleave" + key,
                            "server ::1 port 21623 minpoll -4 maxpoll -4 xleave" + key)));
            String measured = Files.readString(folder.resolve("measurements.log"));
            for (String address : List.of("127.0.0.1", "::1")) {
                List<String> lines = assertMeasured(measured, address);
                assertTrue(lines.size() > 60, measured);
                // The first two are basic; and one after each pause of this machine that made an answer late.
                long interleaved =
                        lines.stream().filter(line -> line.contains(" 4I ")).count();
                assertTrue(interleaved >= 0.95 * (lines.size() - 2), measured);
            }
        }
    }

    /** Seconds by which the simulated world is ahead of the host: a fraction, and both sides of two ends of time. */
    @Test
    void servesTheSimulatedWorldsTimeAndNotTheHosts() throws Exception {
        assertOffsetIsReported(37.25, "21223");
    }

    @Test
    void servesAcrossTheEndOfTheNtpEra() throws Exception {
        assertOffsetIsReported(secondsUntil("2036-02-07T06:28:16Z"), "21224");
    }

    @Test
    void servesAcrossTheEndOf32BitUnixTime() throws Exception {
        assertOffsetIsReported(secondsUntil("2038-01-19T03:14:08Z"), "21225");
    }

    @Test
    void ntpdigAcceptsTheServerOnPort123() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "network namespaces need root");
        String namespace = "noonmark-rig-" + ProcessHandle.current().pid();
        assertRan("ip", "netns", "add", namespace);
        try {
            assertRan("ip", "netns", "exec", namespace, "ip", "link", "set", "lo", "up");
            List<String> inside = List.of("ip", "netns", "exec", namespace);
            // ntpdig takes text for keys of up to 20 characters, knows no prefixes, and has a name of its own for
            // AES-CMAC.
            String text = "1 MD5 tulipsandcrocus1\n2 SHA1 tulipsandcrocus1\n5 AES128 tulipsandcrocus1\n";
            Path keys = Files.writeString(folder.resolve("chrony.keys"), text);
            Path ntpdigsKeys = Files.writeString(folder.resolve("ntp.keys"), text.replace("AES128", "AES"));
            try (Demo demo = Demo.start(
                    inside, "--for", "30", "--ntp-port", "123", "--control", control(), "--config", config(keys))) {
                demo.awaitReady(TO_READY);
                for (String address : List.of("127.0.0.1", "::1")) {
                    Peers.Output answer = peers.ntpdig(inside, address);
                    assertEquals(0, answer.exitCode(), answer.text());
                    assertTrue(answer.text().contains(" s1 "), answer.text());
                    for (String key : List.of("1", "2", "5")) {
                        Peers.Output signed = peers.ntpdig(inside, address, "-a", key, "-k", ntpdigsKeys.toString());
                        assertEquals(0, signed.exitCode(), signed.text());
                        assertTrue(signed.text().contains(" s1 "), signed.text());
                    }
                }
            }
        } finally {
            assertRan("ip", "netns", "del", namespace);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ublox-8.log", "mt3339.log", "quectel-l76k-nmea.log", "sirfstarv-nmea.log"})
    void servesFromARecordedReceiver(String capture) throws Exception {
        try (Demo demo = Demo.start(
                HERE,
                "--capture",
                CAPTURES.resolve(capture).toString(),
                "--for",
                "25",
                "--ntp-port",
                "21323",
                "--control",
                control())) {
            assertEquals("1", demo.awaitReady(TO_READY).field("stratum"));
            String report = chronyd("127.0.0.1", 21323).text();
            assertTrue(WRONG_BY.matcher(report).find(), report);
            assertEquals(0, demo.awaitExit(Duration.ofSeconds(40)), demo.transcript());
        }
    }

    private void assertOffsetIsReported(double offsetSeconds, String port) throws Exception {
        String offset = String.format(Locale.ROOT, "%.2f", offsetSeconds);
        try (Demo demo =
                Demo.start(HERE, "--for", "40", "--offset", offset, "--ntp-port", port, "--control", control())) {
            demo.awaitReady(TO_READY);
            double before = wrongBy(chronyd("127.0.0.1", Integer.parseInt(port)).text());
            assertEquals(offsetSeconds, before, 0.001);
            // Where the world's time has an end, it lies between this question and the next.
            demo.awaitLine("t=25s ", Duration.ofSeconds(40));
            double after = wrongBy(chronyd("127.0.0.1", Integer.parseInt(port)).text());
            assertEquals(offsetSeconds, after, 0.001);
        }
    }

    private Peers.Output chronyd(String address, int port) {
        return chronyd(List.of("server " + address + " port " + port + " iburst"));
    }

    private Peers.Output chronyd(List<String> directives) {
        return chronyd(directives, Duration.ofSeconds(20));
    }

    private Peers.Output chronyd(List<String> directives, Duration limit) {
        return peers.chronyd(HERE, limit, logging(directives));
    }

    private String[] logging(List<String> directives) {
        List<String> all = new ArrayList<>(directives);
        all.addAll(List.of(
                "pidfile " + folder.resolve("chronyd.pid"),
                "cmdport 0",
                "bindcmdaddress /",
                "logdir " + folder,
                "logbanner 0",
                "log rawmeasurements"));
        return all.toArray(String[]::new);
    }

    /** The lines of an address; each must have passed all of chrony's tests of the packet (others are of the client's own figures). */
    private static List<String> assertMeasured(String measured, String address) {
        List<String> lines = measured.lines()
                .filter(line -> List.of(line.split("\\s+", -1)).contains(address))
                .toList();
        assertFalse(lines.isEmpty(), address + " is not in\n" + measured);
        // Columns: date, time, address, leap, stratum, then the results of the tests: 1 passed.
        assertTrue(lines.stream().allMatch(line -> line.matches("\\S+ \\S+ +\\S+ +N +1 111 111 .*")), measured);
        return lines;
    }

    /** More directives for the demo: keys, and every loopback address. */
    private String config(Path keys) throws IOException {
        return Files.writeString(folder.resolve("more.conf"), "keyfile " + keys + "\nbindaddress 0.0.0.0\n")
                .toString();
    }

    private static double wrongBy(String report) {
        Matcher matcher = WRONG_BY.matcher(report);
        assertTrue(matcher.find(), report);
        return Double.parseDouble(matcher.group(1));
    }

    private String control() {
        return folder.resolve("control.sock").toString();
    }

    /** How far ahead a world must be for {@code moment} to come {@link #LEAD_SECONDS} after its start. */
    private static double secondsUntil(String moment) {
        return Instant.parse(moment).getEpochSecond() - Instant.now().getEpochSecond() - LEAD_SECONDS + 0.25;
    }

    private static void assertRan(String... command) throws IOException {
        Peers.Output output = Peers.Output.of(new ProcessBuilder(command));
        assertEquals(0, output.exitCode(), () -> String.join(" ", command) + ": " + output.text());
    }
}
