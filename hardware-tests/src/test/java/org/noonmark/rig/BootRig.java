package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image that {@code ./dev image} made, on QEMU's boards, from power-on: set up by the file on its boot partition, judged over the
 * network by chronyd and ssh. {@code -Dnoonmark.image=FILE} names the image. The tests with the tag {@code settings} are further files.
 */
class BootRig {
    /** Emulated without hardware help on a busy PC; a board takes a tenth of it. */
    private static final Duration TO_LOGIN = Duration.ofMinutes(8);

    private static final Duration TO_SERVE = Duration.ofMinutes(5);

    private final Peers peers = Peers.unpacked();

    @TempDir(factory = ShortFolder.class)
    private Path folder;

    private Namespace network;
    private Path key;
    private String publicKey;
    private long started;

    @BeforeEach
    void makeNetworkAndOwner(TestInfo test) throws Exception {
        network = Namespace.create("boot");
        key = folder.resolve("key");
        Peers.Output made = Peers.Output.of(
                new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "rig", "-f", key.toString()));
        assertEquals(0, made.exitCode(), made.text());
        publicKey = Files.readString(folder.resolve("key.pub")).strip();
        started = System.nanoTime();
        say(test.getDisplayName());
    }

    @AfterEach
    void removeNetwork() throws Exception {
        network.close();
    }

    @Test
    void servesStratumOneFromPowerOnWithoutAHand() throws Exception {
        SdCard card = card(settings("good-custom-receiver.toml"));
        try (PoweredBoard board = new PoweredBoard(VirtualBoard.VIRT, card, folder, network, key)) {
            board.powerOn();
            PoweredBoard.Measurement served =
                    board.await("an answer of stratum 1", () -> synchronised(board), TO_LOGIN.plus(TO_SERVE));
            say("stratum 1, " + served);
            assertEquals(1, served.stratum());
            assertCovered(served);
            assertCleanBoot(board);
            assertOwnerSeesStatus(board, "stratum 1");
            assertCarriesNothingForbidden(board);
            assertListensAtTheDocumentedPorts(board);
            assertDataPartitionFillsTheCard(board);
            assertEquals("stratum-one", board.run("hostname"));
        }
        assertAllApplied(card);
    }

    @Test
    void aPi3BootsAndSaysThatItIsNotSynchronisedWithoutPulses() throws Exception {
        SdCard card = card(settings("good-adafruit.toml"));
        try (PoweredBoard board = new PoweredBoard(VirtualBoard.RASPI3B, card, folder, network, key)) {
            board.powerOn();
            awaitLogin(board);
            PoweredBoard.Measurement answer = board.await("an NTP answer", () -> board.measure(peers), TO_SERVE);
            say("unsynchronised as it must be, " + answer);
            assertEquals("?", answer.leap());
            board.await(
                    "the receiver's sentences",
                    () -> board.ssh("noonmark gps --json").text().contains("\"fix\":\"3d\"") ? "yes" : null,
                    TO_SERVE);
            assertEquals(2, board.starts(), "a pulse on another pin than the image's takes one restart");
            assertCleanBoot(board);
        }
        assertAllApplied(card);
    }

    /** The only way in is the card: a settings file without a usable key, then the same file mended on a PC. */
    @Test
    void anOwnerWhoIsLockedOutGetsInAgainByEditingTheFile() throws Exception {
        SdCard card = card(settings("broken-ssh-key.toml"));
        String hostKey;
        try (PoweredBoard board = new PoweredBoard(VirtualBoard.VIRT, card, folder, network, key)) {
            board.powerOn();
            board.await("an NTP answer", () -> board.measure(peers), TO_LOGIN);
            hostKey = board.await("sshd", board::hostKey, TO_SERVE);
            assertNotEquals(0, board.ssh("true").exitCode(), "nobody's key is allowed");
        }
        assertReported(card, "line 8", "line 9", "line 10");
        card.write("noonmark.toml", settings("good-custom-receiver.toml"));
        try (PoweredBoard board = new PoweredBoard(VirtualBoard.VIRT, card, folder, network, key)) {
            board.powerOn();
            awaitLogin(board);
            assertEquals(hostKey, board.hostKey(), "the box is still the same to its owner's ssh");
        }
    }

    @Test
    @Tag("settings")
    void aFileThatABrokenEditorLeftStillLetsItsOwnerIn() throws Exception {
        SdCard card = card(settings("broken-syntax.toml"));
        try (PoweredBoard board = new PoweredBoard(VirtualBoard.VIRT, card, folder, network, key)) {
            board.powerOn();
            awaitLogin(board);
            assertEquals("noonmark", board.run("hostname"));
        }
        assertReported(card, "line 4", "line 9", "line 10", "line 12");
    }

    @Test
    @Tag("settings")
    void anAddressByHandIsSetUp() throws Exception {
        SdCard card = card(settings("good-static-network.toml"));
        try (PoweredBoard board = new PoweredBoard(VirtualBoard.VIRT, card, folder, network, key)) {
            board.powerOn();
            awaitLogin(board);
            String addresses = board.run("ip -br address");
            assertTrue(addresses.contains("10.0.2.15/24") && addresses.contains("fd00:2::15/64"), addresses);
            assertTrue(board.run("ip route").contains("default via 10.0.2.2"));
            assertTrue(board.run("timedatectl show -p Timezone").contains("Europe/Berlin"));
        }
        assertAllApplied(card);
    }

    private PoweredBoard.@Nullable Measurement synchronised(PoweredBoard board) throws IOException {
        PoweredBoard.Measurement answer = board.measure(peers);
        return answer != null && answer.leap().equals("N") ? answer : null;
    }

    private void awaitLogin(PoweredBoard board) throws Exception {
        board.await("a login by SSH", () -> board.ssh("true").exitCode() == 0 ? "in" : null, TO_LOGIN);
        say("login, start " + board.starts());
    }

    /** The receiver's second is this host's, so the offset is the board's true error, but for half of the network's delay. */
    private static void assertCovered(PoweredBoard.Measurement answer) {
        assertTrue(
                Math.abs(answer.offsetSeconds()) <= answer.rootDistanceSeconds() + answer.delaySeconds() / 2,
                answer.toString());
    }

    private void assertCleanBoot(PoweredBoard board) throws Exception {
        // Without a proven time the gate of time-sync.target stays shut for a quarter of an hour, and nothing but it is
        // waited for.
        board.await(
                "the end of the boot",
                () -> {
                    Peers.Output jobs = board.ssh("systemctl list-jobs --no-legend --no-pager --plain");
                    return jobs.exitCode() == 0 && jobs.text().lines().allMatch(BootRig::isGate) ? "up" : null;
                },
                TO_SERVE);
        assertEquals("", board.run("systemctl list-units --failed --no-legend --no-pager --plain"));
        say("up, " + board.run("cut -d' ' -f1 /proc/uptime") + " s after power-on");
        assertEquals("", board.run("journalctl -b -p warning -u 'noonmark*' --no-pager -q"), "warnings of ours");
        say("warnings of the kernel and others:\n" + board.run("journalctl -b -p warning --no-pager -q -o cat"));
    }

    /** The start-up cache is made in minutes of idle time, and the doctor waits for the gate; those too are nothing anybody waits for. */
    private static boolean isGate(String job) {
        return job.contains("noonmark-wait.service")
                || job.contains("time-sync.target")
                || job.contains("noonmark-aot.service")
                || job.contains("noonmark-doctor.service")
                || job.contains("No jobs");
    }

    private void assertOwnerSeesStatus(PoweredBoard board, String expected) throws Exception {
        // Pulses that a loaded host delays for seconds on end may interrupt the service for a moment.
        String status = board.await(
                "a status with " + expected,
                () -> {
                    String now = board.ssh("time -p noonmark status").text();
                    return now.toLowerCase(Locale.ROOT).contains(expected) ? now : null;
                },
                TO_SERVE);
        say("status over SSH:\n" + status);
    }

    private static void assertCarriesNothingForbidden(PoweredBoard board) {
        String found = board.ssh("for each in gcc cc python3 chronyd ntpd ntpdate; do command -v $each; done; "
                        // An account that a password opens: its second field begins with neither * nor !.
                        + "sudo -n cat /etc/shadow | cut -d: -f1,2 | grep -v ':[!*]'")
                .text();
        assertEquals("", found.strip());
    }

    /**
     * The kernel's own tables of sockets, as no scan over QEMU's network reaches ports that it does not forward: what listens, by protocol and
     * port, on anything but loopback.
     */
    private static void assertListensAtTheDocumentedPorts(PoweredBoard board) throws IOException {
        Set<String> documented = documentedPorts();
        assertTrue(documented.containsAll(Set.of("TCP 22", "UDP 123")), documented::toString);
        for (String family : List.of("", "6")) {
            Set<String> open = openPorts(board, family);
            // The DHCP client opens its port when it has an address to renew.
            Set<String> always = new TreeSet<>(documented);
            always.removeAll(Set.of("UDP 68", "UDP 546"));
            Set<String> reached = new TreeSet<>(open);
            // Who listens on all of IPv6 with TCP takes IPv4 as well.
            openPorts(board, "6").stream()
                    .filter(port -> port.startsWith("TCP"))
                    .forEach(reached::add);
            assertTrue(reached.containsAll(always), () -> "IPv" + (family.isEmpty() ? "4" : family) + ": " + open);
            assertTrue(documented.containsAll(open), () -> "IPv" + (family.isEmpty() ? "4" : family) + ": " + open);
            System.out.println("rig=boot ports=" + String.join(",", open).replace(' ', '_') + " family="
                    + (family.isEmpty() ? "ipv4" : "ipv6"));
        }
    }

    /** As the README's table has them. */
    private static Set<String> documentedPorts() throws IOException {
        return Files.readString(Path.of("..", "README.md"))
                .lines()
                .filter(line -> line.startsWith("| UDP ") || line.startsWith("| TCP "))
                .map(line -> line.split("\\|", -1)[1])
                .flatMap(cell -> Arrays.stream(cell.split(",", -1)))
                .map(String::strip)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Of IPv4, or of IPv6 alone. */
    private static Set<String> openPorts(PoweredBoard board, String family) {
        Set<String> open = new TreeSet<>();
        for (String protocol : List.of("tcp", "udp")) {
            board.run("cat /proc/net/" + protocol + family)
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    // TCP_LISTEN, and for UDP "not connected": others are this machine's own questions.
                    .filter(fields -> fields.length > 3 && fields[3].equals(protocol.equals("tcp") ? "0A" : "07"))
                    .filter(fields -> !isLoopback(fields[1]))
                    .map(fields -> protocol.toUpperCase(Locale.ROOT) + " "
                            + Integer.parseInt(fields[1].replaceAll(".*:", ""), 16))
                    .forEach(open::add);
        }
        return open;
    }

    /** As the kernel prints it: words of four octets, each in the processor's order. */
    private static boolean isLoopback(String local) {
        String address = local.replaceAll(":.*", "");
        return address.equals("00000000000000000000000001000000") || address.endsWith("7F");
    }

    private static void assertDataPartitionFillsTheCard(PoweredBoard board) {
        String mebibytes =
                board.ssh("df -B1M --output=size /data | tail -n1").text().strip();
        assertTrue(Integer.parseInt(mebibytes) > 1_500, "the data partition has " + mebibytes + " MiB");
        String writable = board.ssh("sudo -n touch /boot/firmware/x && echo boot; sudo -n touch /data/x && echo data; "
                        + "awk '$2 == \"/\" { print $3 }' /proc/mounts")
                .text();
        assertTrue(writable.contains("data") && writable.contains("overlay"), writable);
        assertFalse(writable.lines().anyMatch("boot"::equals), "the boot partition is read-only");
    }

    private void assertAllApplied(SdCard card) throws IOException {
        String report = report(card);
        assertTrue(report.contains("Applied and in force:") && !report.contains("Refused:"), report);
    }

    private void assertReported(SdCard card, String... faults) throws IOException {
        String report = report(card);
        assertTrue(report.contains("Refused:"), report);
        for (String fault : faults) {
            assertTrue(report.contains("noonmark.toml " + fault + ":"), () -> fault + " is not in: " + report);
        }
    }

    private String report(SdCard card) throws IOException {
        String report = card.read("noonmark-report.txt");
        assertNotNull(report, "a report on the boot partition");
        say("report:\n" + report);
        return report;
    }

    private SdCard card(String settings) throws IOException {
        Path image = Path.of(Objects.requireNonNull(System.getProperty("noonmark.image"), "-Dnoonmark.image=FILE"));
        SdCard card = SdCard.flash(image, folder.resolve("sd.img"));
        card.write("noonmark.toml", settings);
        return card;
    }

    private String settings(String name) throws IOException {
        try (InputStream resource =
                Objects.requireNonNull(BootRig.class.getResourceAsStream("/provisioning/" + name), name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).replace("@KEY@", publicKey);
        }
    }

    private void say(String what) {
        System.out.println("boot: " + (System.nanoTime() - started) / 1_000_000_000 + " s: " + what);
    }
}
