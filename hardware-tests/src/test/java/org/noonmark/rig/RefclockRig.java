package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * gpsd of Debian 13 gives the time of two receivers that say the same on, by shared memory and by socket: of one to our daemon, of the other
 * to Debian's chronyd, as each can have but one reader. Both have the same lines, leave the clock alone, and must say the same of what they read.
 * Shared memory and {@code /run} are the rig's own.
 */
class RefclockRig {
    private static final Duration TO_SELECT = Duration.ofSeconds(90);
    private static final long LATE_MILLIS = 100;
    /** Of one burst, read by two: scheduling of a busy machine. */
    private static final double SAME_SECONDS = 0.02;

    /** gpsd's name for it has a colon, where chronyd looks for an option. */
    private static final String JUDGES_SOCKET = "/run/judge.sock";

    private static final int ENOUGH = 30;

    private static final Pattern READING = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d)\\.\\d{6} (\\w{4}) +(\\d+) N 0 +(\\S+) +(\\S+) +(\\S+)");
    private static final Pattern SAMPLE = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6} (\\w{4})    - N -       -      +(\\S+) +(\\S+)");

    @TempDir
    private Path folder;

    private final List<Process> running = new ArrayList<>();
    private List<String> inside = List.of();

    /** A reading of a log. */
    private record Reading(double rawSeconds, double cookedSeconds) {}

    @BeforeEach
    void prepare() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "namespaces need root");
        Process holder = start(
                "holder",
                new ProcessBuilder(
                        "unshare", "--mount", "--ipc", "sh", "-c", "mount -t tmpfs none /run && exec sleep 600"));
        inside = List.of(
                "nsenter",
                "--target",
                Long.toString(holder.pid()),
                "--mount",
                "--ipc",
                "--wd=" + Path.of("").toAbsolutePath());
        awaitInside("mountpoint", "-q", "/run");
    }

    @AfterEach
    void end() throws InterruptedException {
        Collections.reverse(running);
        for (Process process : running) {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void gpsdIsReadBySharedMemoryAndSocketAsByChronyd() throws Exception {
        Peers peers = Peers.unpacked();
        Path judge = folder.resolve("judge.sock");
        try (SentenceFeed ours = SentenceFeed.start(LATE_MILLIS);
                SentenceFeed theirs = SentenceFeed.start(LATE_MILLIS)) {
            running.add(peers.startChronyd(
                    inside, judge, lines(1, JUDGES_SOCKET, "theirs").toArray(String[]::new)));
            Path config = folder.resolve("noonmark.conf");
            Files.write(config, lines(0, socketOf(ours), "ours"));
            Files.writeString(config, "controlsocket " + control() + "\n", StandardOpenOption.APPEND);
            try (Demo daemon = Demo.startDaemon(inside, config)) {
                awaitInside("test", "-S", socketOf(ours));
                awaitInside("test", "-S", JUDGES_SOCKET);
                awaitInside("ln", "-s", JUDGES_SOCKET, socketOf(theirs));
                startGpsd(ours, theirs);
                Predicate<String> selected =
                        text -> text.matches("(?s).*#\\* (NMEA|SOCK) .*") && text.matches("(?s).*#\\+ (NMEA|SOCK) .*");
                String found = await(selected, () -> ask("sources"), daemon);
                String expected =
                        await(selected, () -> peers.chronyc(judge, "sources").text(), daemon);
                assertSameSources(expected, found);
                assertSameStatistics(peers.chronyc(judge, "sourcestats").text(), ask("sourcestats"));
                String tracking = ask("tracking");
                assertTrue(
                        tracking.matches(
                                "(?s)Reference ID    : (4E4D4541|534F434B) \\((NMEA|SOCK)\\)\nStratum         : 1\n.*"),
                        tracking);
                assertTrue(peers.chronyc(judge, "tracking").text().contains("Stratum         : 1\n"), "chronyd");
                assertEquals(
                        peers.chronyc(judge, "ntpdata").text().strip(),
                        ask("ntpdata").strip());
                await(
                        text -> text.contains("BY CLOCKS, stratum 1") && text.contains("2 are read, 2 agree"),
                        () -> ask("status"),
                        daemon);
                Path log = folder.resolve("ours/refclocks.log");
                await(text -> readings(text).size() >= ENOUGH, () -> text(log), daemon);
                assertSameLogs(daemon);
            }
        }
    }

    /** The configuration of both, but for what is each one's own. */
    private List<String> lines(int unit, String socket, String name) throws IOException {
        Path logs = Files.createDirectory(folder.resolve(name));
        return List.of(
                "refclock SHM " + unit + " refid NMEA offset 0.1 delay 0.05 poll 2",
                "refclock SOCK " + socket + " refid SOCK offset 0.1 delay 0.05 poll 2",
                "logdir " + logs,
                "log refclocks",
                "port 0");
    }

    /** As gpsd names it. */
    private static String socketOf(SentenceFeed feed) {
        return "/run/chrony.clk.127.0.0.1:" + feed.port() + ".sock";
    }

    /** The first device has segment 0, the second segment 1. */
    private void startGpsd(SentenceFeed first, SentenceFeed second) throws IOException {
        start(
                "gpsd",
                NtsPeers.linked(
                        inside,
                        LaterDebian.unpacked("gpsd", "gpsd", "libgcc-s1"),
                        List.of(),
                        "usr/sbin/gpsd",
                        "-N",
                        "-n",
                        "-D",
                        "5",
                        "-S",
                        "22947",
                        "tcp://127.0.0.1:" + first.port(),
                        "tcp://127.0.0.1:" + second.port()));
    }

    private Process start(String name, ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        running.add(process);
        return process;
    }

    private ProcessBuilder inside(String... command) {
        List<String> whole = new ArrayList<>(inside);
        whole.addAll(List.of(command));
        return new ProcessBuilder(whole);
    }

    /** Waits until a command succeeds in there. */
    private void awaitInside(String... command) throws InterruptedException {
        long end = System.nanoTime() + TO_SELECT.toNanos();
        while (Peers.Output.of(inside(command)).exitCode() != 0) {
            assertTrue(System.nanoTime() < end, String.join(" ", command));
            Thread.sleep(100);
        }
    }

    private interface Report {
        String text();
    }

    private static String await(Predicate<String> good, Report report, Demo daemon) throws InterruptedException {
        long end = System.nanoTime() + TO_SELECT.toNanos();
        String text = report.text();
        while (!good.test(text)) {
            assertTrue(System.nanoTime() < end, text + daemon.transcript());
            Thread.sleep(500);
            text = report.text();
        }
        return text;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String control() {
        return folder.resolve("control.sock").toString();
    }

    private String ask(String report) {
        return Demo.ask("--control", control(), report).text();
    }

    /** Name, stratum and interval of each; headers too. */
    private static void assertSameSources(String theirs, String ours) {
        assertEquals(columns(theirs, "MS Name|#.", 4), columns(ours, "MS Name|#.", 4), ours);
        for (String line : ours.lines().filter(l -> l.startsWith("#")).toList()) {
            // Half of 'delay', what readings scatter, and no more.
            assertTrue(line.matches(".*\\+/- +(2[5-9]|[3-9][0-9]|1[0-9][0-9])ms"), line);
        }
    }

    private static void assertSameStatistics(String theirs, String ours) {
        assertEquals(columns(theirs, "Name|NMEA|SOCK", 1), columns(ours, "Name|NMEA|SOCK", 1), ours);
        for (String line : ours.lines().filter(l -> l.matches("(NMEA|SOCK).*")).toList()) {
            String[] words = line.split("\\s+", -1);
            assertEquals(8, words.length, line);
            assertTrue(Integer.parseInt(words[1]) >= 3, line);
        }
    }

    /** The first words of the lines that begin so, without the state, which may be either's. */
    private static List<List<String>> columns(String report, String beginning, int count) {
        return report.lines()
                .filter(line -> line.matches("(" + beginning + ").*"))
                .map(line -> List.of(line.replaceFirst("^#[*+]", "#").split("\\s+", -1)))
                .map(words -> words.getFirst().equals("#") ? words.subList(0, count) : words)
                .map(words -> words.getFirst().matches("NMEA|SOCK") ? words.subList(0, 1) : words)
                .toList();
    }

    /**
     * Each second was read by both, and both found the same; but where this machine was busy while one of the two sentences was on its way, so a
     * few may lie apart. Samples are of the same kind.
     */
    private void assertSameLogs(Demo daemon) throws IOException {
        String theirs = Files.readString(folder.resolve("theirs/refclocks.log"));
        String ours = Files.readString(folder.resolve("ours/refclocks.log"));
        assertEquals(theirs.lines().limit(3).toList(), ours.lines().limit(3).toList());
        Map<String, Reading> expected = readings(theirs);
        Map<String, Reading> found = readings(ours);
        List<Double> apart = new ArrayList<>();
        for (Map.Entry<String, Reading> entry : expected.entrySet()) {
            Optional<Reading> other = Optional.ofNullable(found.get(entry.getKey()));
            if (other.isPresent()) {
                apart.add(Math.abs(other.get().rawSeconds() - entry.getValue().rawSeconds()));
                assertEquals(
                        other.get().rawSeconds() + LATE_MILLIS / 1e3,
                        other.get().cookedSeconds(),
                        SAME_SECONDS,
                        entry.getKey());
            }
        }
        Collections.sort(apart);
        assertTrue(
                apart.size() >= ENOUGH * 2 / 3,
                apart.size() + " of " + expected.size() + " readings\n" + ours + daemon.transcript());
        double most = apart.get(apart.size() * 3 / 4);
        System.out.printf(
                "rig=refclock judge=chronyd feed=gpsd readings_compared=%d median_apart_us=%.0f three_in_four_us=%.0f worst_apart_us=%.0f%n",
                apart.size(), apart.get(apart.size() / 2) * 1e6, most * 1e6, apart.getLast() * 1e6);
        assertTrue(most <= SAME_SECONDS, "apart by " + most + " s\n" + ours + theirs);
        for (String name : List.of("NMEA", "SOCK")) {
            assertTrue(samples(ours, name) >= 3, ours);
            assertTrue(samples(theirs, name) >= 3, theirs);
        }
        // Every line is of one of these forms, or of the banner.
        List<String> banner = ours.lines().limit(3).toList();
        List<String> others = ours.lines()
                .filter(line -> !banner.contains(line))
                .filter(line -> !READING.matcher(line).matches()
                        && !SAMPLE.matcher(line).matches())
                .toList();
        assertEquals(List.of(), others);
    }

    private static Map<String, Reading> readings(String log) {
        Map<String, Reading> readings = new TreeMap<>();
        for (String line : log.lines().toList()) {
            Matcher matcher = READING.matcher(line);
            if (matcher.matches()) {
                readings.put(
                        matcher.group(2) + " " + matcher.group(1),
                        new Reading(Double.parseDouble(matcher.group(4)), Double.parseDouble(matcher.group(5))));
            }
        }
        return readings;
    }

    private static long samples(String log, String name) {
        return log.lines()
                .map(SAMPLE::matcher)
                .filter(matcher -> matcher.matches() && matcher.group(1).equals(name))
                .count();
    }
}
