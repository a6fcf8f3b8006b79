package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image that updates itself, on QEMU's boards, with Debian's U-Boot: {@code -Dnoonmark.image=FILE} is the image, {@code
 * -Dnoonmark.bundle=FILE} the bundle of another build, signed with the same key.
 */
class UpdateRig {
    /** Emulated, on a busy PC. */
    private static final Duration TO_SERVE = Duration.ofMinutes(20);

    private static final Duration TO_ANSWER = Duration.ofMinutes(12);
    /** The whole slot is written and each block of the bundle is checked, by an emulated processor. */
    private static final Duration TO_INSTALL = Duration.ofMinutes(20);

    private static final String BUNDLE = "/data/second.raucb";

    private final Peers peers = Peers.unpacked();

    @TempDir(factory = ShortFolder.class)
    private Path folder;

    private Namespace network;
    private Path key;
    private long started;

    @BeforeEach
    void makeNetworkAndOwner(TestInfo test) throws Exception {
        network = Namespace.create("update");
        key = folder.resolve("key");
        Peers.Output.require("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "rig", "-f", key.toString());
        started = System.nanoTime();
        say(test.getDisplayName());
    }

    @AfterEach
    void removeNetwork() throws Exception {
        network.close();
    }

    /**
     * The slot choice alone: U-Boot starts the slot whose turn it is, counts its tries, and goes to the other one when they are used up. The
     * receiver talks into U-Boot's console all the while.
     */
    @Test
    void aPi3StartsTheSlotWhoseTurnItIs() throws Exception {
        SdCard card = SdCard.setUp(folder);
        card.copySlotAToB();
        card.setBootState(Map.of("BOOT_ORDER", "B A", "BOOT_B_LEFT", "2", "BOOT_A_LEFT", "3"));
        try (PoweredBoard board = board(VirtualBoard.RASPI3B, card, "pi")) {
            // Nobody gives a try back, as the power always goes before the system is up.
            for (String slot : new String[] {"mmcblk0p3", "mmcblk0p3", "mmcblk0p2"}) {
                board.powerOn();
                String root = board.machine().awaitLine("noonmark-initramfs: root ", TO_ANSWER);
                say(root);
                assertTrue(root.contains("/dev/" + slot + ","), root);
                board.powerOff();
            }
        }
        System.out.println("rig=update part=slot-choice board=raspi3b starts=3 right=3");
    }

    /** None of these takes a lock, or leaves a trace but a sentence. */
    @Test
    void whatIsNotAWholeBundleOfOursChangesNothing() throws Exception {
        SdCard card = SdCard.setUp(folder);
        try (PoweredBoard board = board(VirtualBoard.VIRT, card, "refuse")) {
            board.powerOn();
            awaitLogin(board);
            assertEquals("A", slot(board));
            // A start takes one of the slot's tries, and gives all three back when it went well.
            board.await("the end of the start", () -> state(board).contains("BOOT_A_LEFT=3") ? "3" : null, TO_ANSWER);
            String before = state(board);
            board.copy(signedByAStranger(), "/data/stranger.raucb");
            assertRefused(board, "/data/stranger.raucb", "signature");
            board.copy(cutInHalf(), "/data/half.raucb");
            assertRefused(board, "/data/half.raucb", "");
            board.run("sudo -n rm /data/*.raucb");
            board.copy(bundle(), BUNDLE);
            board.run("sudo -n sh -c 'fallocate -l $(($(df -k --output=avail /data | tail -n 1) - 256))K /data/fill'");
            assertRefused(board, BUNDLE, "KiB free");
            board.run("sudo -n rm /data/fill");
            assertEquals(before, state(board), "the order of the slots is as it was");
            board.run("sudo -n test ! -s /data/update/trial");
            assertNotEquals(0, board.ssh("noonmark update " + BUNDLE).exitCode(), "only root may");
        }
        System.out.println("rig=update part=refusals board=virt stranger=refused half=refused full=refused");
    }

    @Test
    void aNewSystemStaysWhenItReachesLockAndElseTheOldOneComesBack() throws Exception {
        SdCard card = SdCard.setUp(folder);
        String hostKey;
        String authority;
        try (PoweredBoard board = board(VirtualBoard.VIRT, card, "first")) {
            board.powerOn();
            awaitLock(board, "A");
            hostKey = board.await("sshd", board::hostKey, TO_ANSWER);
            authority = board.await("the authority", () -> authority(board), TO_ANSWER);
            board.copy(bundle(), BUNDLE);
            // Power goes while the other slot is being written, which is from about 45 % on.
            board.run("sudo -n systemd-run --unit=update noonmark update " + BUNDLE);
            board.await("the writing", () -> progress(board) >= 60 ? "yes" : null, TO_INSTALL);
            board.machine().kill();
            say("power cut while the other slot was written");
        }
        try (PoweredBoard board = board(VirtualBoard.VIRT, card, "second")) {
            board.powerOn();
            awaitLock(board, "A");
            assertTrue(last(board).contains("cut off while slot B was written"), last(board));
            begin(board);
            awaitLock(board, "B");
            board.await("the end of the trial", () -> last(board).contains("is kept") ? "kept" : null, TO_ANSWER);
            say("kept: " + board.run("noonmark update status"));
            assertTrue(state(board).contains("BOOT_B_LEFT=3"), state(board));
            assertEquals(hostKey, board.hostKey());
            assertEquals(authority, authority(board), "keys for NTS are kept");
            assertEquals("stratum-one", board.run("hostname"));
            assertEquals("", board.run("systemctl list-units --failed --no-legend --no-pager --plain"));
            // Back over A, with a receiver that has no pulses from the restart on, and less patience.
            board.setPulses(false);
            board.tell("noonmark.trial=120");
            begin(board);
            board.await("slot A on trial", () -> slot(board).equals("A") ? "A" : null, TO_SERVE);
            say("slot A on trial, without pulses");
            board.setPulses(true);
            board.await("slot B again", () -> slot(board).equals("B") ? "B" : null, TO_SERVE);
            board.await("the verdict", () -> last(board).contains("this one is back") ? "back" : null, TO_ANSWER);
            say("back: " + board.run("noonmark update status"));
            awaitLock(board, "B");
            assertEquals(hostKey, board.hostKey());
        }
        System.out.println("rig=update part=cycle board=virt cut=1 kept=1 rolled_back=1");
    }

    private void begin(PoweredBoard board) throws Exception {
        int before = board.starts();
        board.run("sudo -n systemctl reset-failed update.service; sudo -n systemd-run --unit=update noonmark update "
                + BUNDLE);
        board.await(
                "the installation",
                () -> {
                    Peers.Output journal = board.ssh("sudo -n journalctl -b -u update --no-pager -o cat");
                    assertTrue(!journal.text().contains("was not installed"), journal::text);
                    // When it has restarted already, the journal of the new start has nothing of it.
                    return journal.text().contains("starts now") || board.starts() > before ? "installed" : null;
                },
                TO_INSTALL);
        say("written, restarts");
    }

    private static int progress(PoweredBoard board) {
        String journal =
                board.ssh("sudo -n journalctl -b -u update --no-pager -o cat").text();
        return journal.lines()
                .map(String::strip)
                .filter(line -> line.matches("\\d+% .*"))
                .mapToInt(line -> Integer.parseInt(line.substring(0, line.indexOf('%'))))
                .max()
                .orElse(0);
    }

    private void assertRefused(PoweredBoard board, String file, String why) {
        Peers.Output refused = board.ssh("sudo -n noonmark update " + file + " 2>&1");
        say("refused with " + refused.exitCode() + ": " + refused.text());
        assertNotEquals(0, refused.exitCode());
        assertNotEquals(255, refused.exitCode(), "that is ssh's");
        assertTrue(refused.text().contains(why), refused.text());
        assertTrue(
                refused.text().contains("Nothing has changed") || refused.text().contains("stays as it is"),
                refused.text());
        assertEquals("A", slot(board));
    }

    private void awaitLogin(PoweredBoard board) throws Exception {
        board.await("a login by SSH", () -> board.ssh("true").exitCode() == 0 ? "in" : null, TO_ANSWER);
        say("login, start " + board.starts());
    }

    private void awaitLock(PoweredBoard board, String slot) throws Exception {
        PoweredBoard.Measurement served = board.await(
                "stratum 1 from slot " + slot,
                () -> {
                    PoweredBoard.Measurement answer = synchronised(board);
                    return answer != null && slot(board).equals(slot) ? answer : null;
                },
                TO_SERVE);
        say("slot " + slot + " serves: " + served);
    }

    private PoweredBoard.@Nullable Measurement synchronised(PoweredBoard board) throws IOException {
        PoweredBoard.Measurement answer = board.measure(peers);
        return answer != null && answer.leap().equals("N") && answer.stratum() == 1 ? answer : null;
    }

    /** Empty while it cannot be asked. */
    private static String slot(PoweredBoard board) {
        return board.ssh("tr ' ' '\\n' </proc/cmdline | sed -n 's/^rauc.slot=//p'")
                .text()
                .strip();
    }

    private static String last(PoweredBoard board) {
        return board.ssh("cat /data/update/last").text();
    }

    private static String state(PoweredBoard board) {
        return board.run("sudo -n fw_printenv | sort");
    }

    private static @Nullable String authority(PoweredBoard board) {
        Peers.Output certificate = board.ssh("noonmark nts ca");
        return certificate.exitCode() == 0 && certificate.text().contains("BEGIN CERTIFICATE")
                ? certificate.text()
                : null;
    }

    /** The same content under the signature of a key that the image does not know: RAUC's manifest is what is signed, at the bundle's end. */
    private Path signedByAStranger() throws IOException {
        Path strange = folder.resolve("stranger.raucb");
        Files.copy(bundle(), strange, StandardCopyOption.REPLACE_EXISTING);
        Path signature = folder.resolve("signature.der");
        try (FileChannel file = FileChannel.open(strange, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES);
            file.read(length, file.size() - Long.BYTES);
            long at = file.size() - Long.BYTES - length.flip().getLong();
            ByteBuffer old = ByteBuffer.allocate(Math.toIntExact(file.size() - Long.BYTES - at));
            file.read(old, at);
            Files.write(signature, old.array());
            byte[] made = signedAnew(signature);
            file.truncate(at);
            file.write(ByteBuffer.wrap(made), at);
            file.write(ByteBuffer.allocate(Long.BYTES).putLong(made.length).flip(), at + made.length);
        }
        return strange;
    }

    private byte[] signedAnew(Path signature) throws IOException {
        String manifest = folder.resolve("manifest").toString();
        String strangerKey = folder.resolve("stranger.key").toString();
        String certificate = folder.resolve("stranger.pem").toString();
        Path made = folder.resolve("stranger.der");
        Peers.Output.require(
                "openssl",
                "cms",
                "-verify",
                "-noverify",
                "-inform",
                "DER",
                "-in",
                signature.toString(),
                "-out",
                manifest);
        Peers.Output.require(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "36500",
                "-subj",
                "/CN=Stranger",
                "-keyout",
                strangerKey,
                "-out",
                certificate);
        Peers.Output.require(
                "openssl",
                "cms",
                "-sign",
                "-nodetach",
                "-binary",
                "-outform",
                "DER",
                "-in",
                manifest,
                "-signer",
                certificate,
                "-inkey",
                strangerKey,
                "-out",
                made.toString());
        return Files.readAllBytes(made);
    }

    private Path cutInHalf() throws IOException {
        Path half = folder.resolve("half.raucb");
        Files.copy(bundle(), half, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel file = FileChannel.open(half, StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
        }
        return half;
    }

    private static Path bundle() {
        return Path.of(Objects.requireNonNull(System.getProperty("noonmark.bundle"), "-Dnoonmark.bundle=FILE"));
    }

    private PoweredBoard board(VirtualBoard kind, SdCard card, String name) throws IOException {
        PoweredBoard board = new PoweredBoard(kind, card, Files.createDirectory(folder.resolve(name)), network, key);
        // First boot, two updates, a rollback, and each new system may change config.txt once.
        board.allowStarts(8);
        return board;
    }

    private void say(String what) {
        System.out.println("update: " + (System.nanoTime() - started) / 1_000_000_000 + " s: " + what);
    }
}
