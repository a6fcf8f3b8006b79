package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A real board with the image on it, which has had its fix for some minutes. {@code ./dev rig board HOST --for 24h} gives the system
 * properties {@code board.host}, as ssh(1) takes it, and {@code board.for}.
 */
@Tag("board")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BoardRig {
    private static final Path FOLDER = Path.of("target", "board");
    private static final int NTP_PORT = 123;

    private static final String HOST = System.getProperty("board.host", "");
    /** Long enough for a sure count of the pulses; for something to study, a day is asked for. */
    private static final Duration RECORD = Duration.parse("PT" + System.getProperty("board.for", "20s"));

    private static final Board BOARD = Board.at(HOST);

    @BeforeAll
    static void reachTheBoard() throws Exception {
        assertFalse(HOST.isEmpty(), "no board named: ./dev rig board HOST");
        System.out.println("rig=board host=" + HOST + " kernel=" + BOARD.ran("uname -r") + " model="
                + BOARD.ran("tr -d '\\0' </proc/device-tree/model || true").replace(' ', '_'));
    }

    @Test
    @Order(1)
    void theServiceRunsAndNothingHasFailed() throws Exception {
        assertEquals("active", BOARD.run("systemctl is-active noonmark.service").output());
        assertEquals("", BOARD.ran("systemctl list-units --failed --plain --no-legend"));
        assertEquals(
                "0", BOARD.ran("systemctl show --property NRestarts --value noonmark.service"), "restarts since boot");
    }

    @Test
    @Order(2)
    void theClockIsDisciplinedAndNothingIsAmiss() throws Exception {
        JsonNode status = new ObjectMapper().readTree(BOARD.ran("noonmark status --json"));
        assertEquals("disciplined", status.path("state").asText(), status.toString());
        assertEquals("[]", status.path("troubles").toString());
        assertTrue(status.path("errorBoundNanos").asLong() < 1_000_000, status.toString());
        System.out.printf(
                Locale.ROOT,
                "rig=board bound_us=%.1f frequency_ppm=%.3f%n",
                status.path("errorBoundNanos").asLong() / 1e3,
                status.path("tracking").path("frequencyPpm").asDouble());
    }

    @Test
    @Order(3)
    void theKernelHoldsItsClockForSynchronised() throws Exception {
        assertEquals("yes", BOARD.ran("timedatectl show --property NTPSynchronized --value"));
    }

    /** This machine's own clock is no judge; the board's by SSH is, to the second. */
    @Test
    @Order(4)
    void servesItsTimeToTheNetwork() throws Exception {
        InetSocketAddress server = new InetSocketAddress(address(), NTP_PORT);
        NtpQuestion.Answer answer = NtpQuestion.ask(server);
        assertTrue(answer.isSynchronised(), answer.toString());
        assertEquals(1, answer.stratum(), answer.toString());
        double before = System.currentTimeMillis() / 1e3;
        double theirs = Double.parseDouble(BOARD.ran("date +%s.%N"));
        double after = System.currentTimeMillis() / 1e3;
        double offset = answer.offsetNanos() / 1e9;
        assertTrue(
                theirs - after < offset + 0.1 && offset - 0.1 < theirs - before,
                "served " + answer + ", shown " + theirs);
        System.out.printf(
                Locale.ROOT,
                "rig=board offset_to_here_us=%.0f round_trip_us=%.0f%n",
                answer.offsetNanos() / 1e3,
                answer.roundTripNanos() / 1e3);
    }

    @Test
    @Order(5)
    void theSandboxIsAsTightAsPromised() throws Exception {
        String report = BOARD.ran("systemd-analyze security --no-pager noonmark.service | tail -n 1");
        Matcher score = Pattern.compile("noonmark\\.service: ([0-9.]+)").matcher(report);
        assertTrue(score.find(), report);
        assertTrue(Double.parseDouble(score.group(1)) <= 2.5, report);
    }

    @Test
    @Order(6)
    void isNeitherHotNorShortOfPower() throws Exception {
        double celsius = Double.parseDouble(BOARD.ran("cat /sys/class/thermal/thermal_zone0/temp")) / 1e3;
        System.out.printf(Locale.ROOT, "rig=board celsius=%.1f%n", celsius);
        assertTrue(celsius < 80, "the processor slows down at 80 C; it has " + celsius);
        // raspberrypi-hwmon: 1 once the supply has fallen below 4.63 V.
        String alarms = BOARD.ran("cat /sys/class/hwmon/hwmon*/in0_lcrit_alarm 2>/dev/null || true");
        assertFalse(alarms.contains("1"), "the power supply is too weak");
    }

    @Test
    @Order(7)
    void everyEdgeIsNearItsSecond() throws Exception {
        Files.createDirectories(FOLDER);
        String now = LocalDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        Path file = FOLDER.resolve("edges-" + HOST.replaceAll("[^A-Za-z0-9.-]", "_") + "-" + now + ".txt");
        BOARD.recordEdges(file, RECORD);
        List<EdgeStamp> edges = edges(file);
        EdgeStamp first = edges.getFirst();
        EdgeStamp last = edges.getLast();
        long pulses = last.sequence() - first.sequence();
        double seconds = (last.nanos() - first.nanos()) / 1e9;
        long worst = edges.stream()
                .mapToLong(edge -> Math.abs(edge.fromSecondNanos()))
                .max()
                .orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "rig=board edges=%d not_read=%d worst_us=%.1f sd_us=%.2f file=%s%n",
                edges.size(),
                pulses + 1 - edges.size(),
                worst / 1e3,
                deviation(edges) / 1e3,
                file.toAbsolutePath());
        assertEquals(seconds, (double) pulses, 0.5, "one pulse a second");
        assertTrue(worst < 1_000_000, "an edge " + worst + " ns from its second");
    }

    /** The host as the resolver of this machine knows it: ssh may know it by another name. */
    private static String address() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("ssh", "-G", HOST).start();
        try (var lines = process.inputReader()) {
            String name = lines.lines()
                    .filter(line -> line.startsWith("hostname "))
                    .findFirst()
                    .orElse("hostname " + HOST);
            process.waitFor();
            return name.substring("hostname ".length());
        }
    }

    private static List<EdgeStamp> edges(Path file) throws IOException {
        List<EdgeStamp> edges = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ", -1);
            edges.add(EdgeStamp.parse(words[1] + "#" + words[0]).orElseThrow());
        }
        return edges;
    }

    private static double deviation(List<EdgeStamp> edges) {
        double mean =
                edges.stream().mapToLong(EdgeStamp::fromSecondNanos).average().orElse(0);
        double squares = 0;
        for (EdgeStamp edge : edges) {
            squares += (edge.fromSecondNanos() - mean) * (edge.fromSecondNanos() - mean);
        }
        return Math.sqrt(squares / edges.size());
    }
}
