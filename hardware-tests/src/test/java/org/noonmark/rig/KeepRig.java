package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the image keeps, on QEMU's board: a backup, a factory reset, a restore that makes it the box of the backup again; then its data partition is
 * spoilt while the power is off, first so that it can be repaired, then so that it cannot. Each time it must serve stratum 1.
 */
class KeepRig {
    /** Emulated, on a busy PC. */
    private static final Duration TO_SERVE = Duration.ofMinutes(20);

    private static final Duration TO_ANSWER = Duration.ofMinutes(12);
    private static final int SECTOR = 512;
    /** Of a master boot record: the last of its four entries of 16 octets, and in it the first sector and their number. */
    private static final int FOURTH_PARTITION = 446 + 3 * 16;

    private static final int FIRST_SECTOR = 8;
    /** The superblock, the descriptors of the groups, and the room that is left for more of these; behind them are the files' names. */
    private static final int HEAD_BYTES = 5 * 4096;

    private static final String PHRASE = "printf 'four words of mine\\n' >/tmp/phrase && ";

    private final Peers peers = Peers.unpacked();

    @TempDir(factory = ShortFolder.class)
    private Path folder;

    private Namespace network;
    private Path key;
    private long started;
    private int boards;

    /** By what its owner and its clients know a box. */
    private record Identity(String hostKey, String authority) {}

    @BeforeEach
    void makeNetworkAndOwner() throws Exception {
        network = Namespace.create("keep");
        key = folder.resolve("key");
        Peers.Output.require("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "rig", "-f", key.toString());
        started = System.nanoTime();
    }

    @AfterEach
    void removeNetwork() throws Exception {
        network.close();
    }

    @Test
    void whatIsKeptCanBeTakenAwayAndBroughtBack() throws Exception {
        SdCard card = SdCard.setUp(folder);
        Identity first;
        Path backup = folder.resolve("backup");
        try (PoweredBoard board = board(card)) {
            first = identity(board);
            board.run(PHRASE + "sudo -n noonmark config backup /tmp/box --passphrase-file /tmp/phrase");
            Files.write(backup, Base64.getDecoder().decode(board.run("sudo -n base64 -w0 /tmp/box")));
            board.ssh("sudo -n noonmark factory-reset --yes");
            awaitEnd(board);
            Identity fresh = identity(board);
            say("factory reset done");
            assertNotEquals(first.hostKey(), fresh.hostKey());
            assertNotEquals(first.authority(), fresh.authority());
            assertEquals("stratum-one", board.run("hostname"), "noonmark.toml stays");
        }
        try (PoweredBoard board = board(card)) {
            identity(board);
            board.copy(backup, "/tmp/box");
            board.run(PHRASE + "sudo -n noonmark config restore /tmp/box --passphrase-file /tmp/phrase");
            board.ssh("sudo -n reboot");
            awaitEnd(board);
            assertEquals(first, identity(board));
            say("restore done");
        }
        spoil(card, true);
        try (PoweredBoard board = board(card)) {
            assertEquals(first, identity(board));
            assertTrue(board.run("cat /run/noonmark-data/mended").contains("is repaired"));
            say("repair done");
        }
        spoil(card, false);
        try (PoweredBoard board = board(card)) {
            assertNotEquals(first.authority(), identity(board).authority());
            assertTrue(board.run("cat /run/noonmark-data/mended").contains("made anew"));
            assertEquals("stratum-one", board.run("hostname"), "settings come back from noonmark.toml");
        }
        String report = card.read("noonmark-report.txt");
        assertNotNull(report, "a report on the boot partition");
        assertTrue(report.contains("made anew"), report);
        System.out.println("rig=keep backup=1 factory_reset=1 restore=1 repaired=1 made_anew=1");
    }

    private PoweredBoard board(SdCard card) throws Exception {
        PoweredBoard board = new PoweredBoard(
                VirtualBoard.VIRT, card, Files.createDirectory(folder.resolve("b" + boards++)), network, key);
        // One that the test asks for, and each first boot may change config.txt.
        board.allowStarts(4);
        board.powerOn();
        return board;
    }

    /** Of a box that serves. */
    private Identity identity(PoweredBoard board) throws Exception {
        say("serves: " + board.await("an answer of stratum 1", () -> synchronised(board), TO_SERVE));
        String hostKey = board.await("sshd", board::hostKey, TO_ANSWER);
        String authority = board.await(
                "the authority",
                () -> {
                    Peers.Output said = board.ssh("noonmark nts ca");
                    return said.exitCode() == 0 ? said.text() : null;
                },
                TO_ANSWER);
        return new Identity(hostKey, authority);
    }

    /** It restarts itself: QEMU ends. */
    private static void awaitEnd(PoweredBoard board) throws Exception {
        long deadline = System.nanoTime() + TO_ANSWER.toNanos();
        while (board.machine().isRunning()) {
            assertTrue(System.nanoTime() < deadline, () -> "it does not restart");
            Thread.sleep(500);
        }
    }

    private PoweredBoard.@Nullable Measurement synchronised(PoweredBoard board) throws IOException {
        PoweredBoard.Measurement answer = board.measure(peers);
        return answer != null && answer.leap().equals("N") && answer.stratum() == 1 ? answer : null;
    }

    /** Its data partition's head is lost, or all of it. */
    private static void spoil(SdCard card, boolean headAlone) throws IOException {
        long first;
        long sectors;
        try (RandomAccessFile disk = new RandomAccessFile(card.file().toFile(), "rw")) {
            disk.seek(FOURTH_PARTITION + FIRST_SECTOR);
            first = Integer.toUnsignedLong(Integer.reverseBytes(disk.readInt()));
            sectors = Integer.toUnsignedLong(Integer.reverseBytes(disk.readInt()));
            if (headAlone) {
                byte[] noise = new byte[HEAD_BYTES];
                new Random(8).nextBytes(noise);
                disk.seek(first * SECTOR);
                disk.write(noise);
            }
        }
        if (!headAlone) {
            Peers.Output.require(
                    "fallocate",
                    "--punch-hole",
                    "--offset",
                    Long.toString(first * SECTOR),
                    "--length",
                    Long.toString(sectors * SECTOR),
                    card.file().toString());
        }
    }

    private void say(String what) {
        System.out.println("keep: " + (System.nanoTime() - started) / 1_000_000_000 + " s: " + what);
    }
}
