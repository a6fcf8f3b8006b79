package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole image loses its power while it writes what it keeps: QEMU is killed, at a moment that nobody has chosen; then it is switched on
 * again, must serve stratum 1 and be the same box. {@code -Dpowercut.guest=N} says how often, {@code -Dpowercut.seed=N} when. The first cut
 * falls into the first boot, which writes most; the others into a daemon that changes its cookie keys without a pause.
 */
class PowerCutRig {
    private static final int CUTS = Integer.getInteger("powercut.guest", 2);
    private static final long SEED = Long.getLong("powercut.seed", 1);

    /** Emulated, on a busy PC. */
    private static final Duration TO_SERVE = Duration.ofMinutes(15);

    private static final Duration TO_ANSWER = Duration.ofMinutes(5);

    /** From the first sign of systemd to the end of the first boot's writing takes about a minute there. */
    private static final int FIRST_BOOT_SECONDS = 60;

    private final Peers peers = Peers.unpacked();
    private final SplittableRandom random = new SplittableRandom(SEED);

    @TempDir(factory = ShortFolder.class)
    private Path folder;

    private Namespace network;
    private Path key;
    private long started;

    @BeforeEach
    void makeNetworkAndOwner() throws Exception {
        network = Namespace.create("cut");
        key = folder.resolve("key");
        Peers.Output.require("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "rig", "-f", key.toString());
        started = System.nanoTime();
    }

    @AfterEach
    void removeNetwork() throws Exception {
        network.close();
    }

    @Test
    void aBoxThatLostItsPowerWhileItWroteServesAndIsTheSame() throws Exception {
        SdCard card = SdCard.setUp(folder);
        String hostKey = "";
        int done = 0;
        for (int cut = 0; cut <= CUTS; cut++) {
            try (PoweredBoard board = new PoweredBoard(
                    VirtualBoard.VIRT, card, Files.createDirectory(folder.resolve("b" + cut)), network, key)) {
                board.powerOn();
                if (cut == 0 && CUTS > 0) {
                    board.machine().awaitLine("noonmark-initramfs: root ", TO_ANSWER);
                    cutAfter(random.nextInt(FIRST_BOOT_SECONDS), board);
                    done++;
                    continue;
                }
                PoweredBoard.Measurement served =
                        board.await("an answer of stratum 1", () -> synchronised(board), TO_SERVE);
                say("start " + cut + " serves: " + served);
                hostKey = assertSame(board, hostKey);
                if (cut < CUTS) {
                    board.run("sudo -n systemd-run --unit=writes sh -c 'while :; do noonmark rekey; done'");
                    cutAfter(2 + random.nextInt(20), board);
                    done++;
                }
            }
        }
        System.out.println("rig=powercut part=guest cuts=" + done + " seed=" + SEED + " losses=0");
        assertEquals(CUTS, done);
    }

    private void cutAfter(int seconds, PoweredBoard board) throws Exception {
        Thread.sleep(Duration.ofSeconds(seconds).plusMillis(random.nextInt(1_000)));
        board.machine().kill();
        say("power cut after " + seconds + " s");
    }

    /** The box is the one that its owner knows, nothing of ours complains, and the file system is whole. */
    private String assertSame(PoweredBoard board, String hostKey) throws Exception {
        String now = board.await("sshd", board::hostKey, TO_ANSWER);
        assertTrue(hostKey.isEmpty() || hostKey.equals(now), "the host key has changed");
        assertEquals("stratum-one", board.run("hostname"));
        assertEquals("Timezone=Europe/Berlin", board.run("timedatectl show -p Timezone"));
        assertEquals(
                "",
                board.run("systemctl list-units --failed --no-legend --no-pager --plain"),
                () -> board.ssh("sudo -n journalctl -b -u 'noonmark-*' --no-pager -q -o short-monotonic")
                        .text());
        String journal = board.run("sudo -n journalctl -b --no-pager -q -o cat");
        assertFalse(
                journal.contains("NTS cookie keys cannot be read") || journal.contains("no NTS cookie keys"), journal);
        assertFalse(journal.contains("a new one is made") || journal.contains("it is ignored"), journal);
        assertFalse(journal.contains("EXT4-fs error"), journal);
        assertEquals("", board.ssh("cat /run/noonmark-data/mended 2>/dev/null").text());
        return now;
    }

    private PoweredBoard.@Nullable Measurement synchronised(PoweredBoard board) throws IOException {
        PoweredBoard.Measurement answer = board.measure(peers);
        return answer != null && answer.leap().equals("N") && answer.stratum() == 1 ? answer : null;
    }

    private void say(String what) {
        System.out.println("powercut: " + (System.nanoTime() - started) / 1_000_000_000 + " s: " + what);
    }
}
