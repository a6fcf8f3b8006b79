package org.noonmark.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A virtual board with a card in it, and power. When its system restarts itself QEMU ends, as it lacks the firmware that would read the
 * boot partition again; the board is then powered on again with what the partition holds now. Used by one thread.
 */
final class PoweredBoard implements AutoCloseable {
    private static final int NTP_PORT = 10_123;
    private static final int SSH_PORT = 10_022;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** QEMU's Raspberry Pi stands still at times, with all its processors, and has not the watchdog that resets a real one. */
    private static final int MOST_RESETS = 2;

    private static final Duration STILL = Duration.ofSeconds(90);
    private static final Duration TO_COME_BACK = Duration.ofMinutes(4);

    private final VirtualBoard board;
    private final SdCard card;
    private final Path folder;
    private final Namespace network;
    private final Path key;
    private String words = "";
    private boolean pulses = true;
    private int mostStarts = 2;
    private int starts;
    private int resets;
    private @Nullable Qemu machine;
    private @Nullable HostReceiver receiver;

    /**
     * Not powered yet.
     *
     * @param folder for the console logs, sockets and what is read off the card; its path must be short enough for a socket (80)
     * @param key private key of an owner whose public one the card's settings allow
     */
    PoweredBoard(VirtualBoard board, SdCard card, Path folder, Namespace network, Path key) {
        this.board = board;
        this.card = card;
        this.folder = folder;
        this.network = network;
        this.key = key;
    }

    /** What the kernel is told besides, from the next start on. */
    void tell(String more) {
        words = " " + more;
    }

    /** Whether the receiver pulses, from the next start on; on {@code virt} it does. */
    void setPulses(boolean pulses) {
        this.pulses = pulses;
    }

    /** How often the system may have started by itself before that is a fault; twice, unless it is told. */
    void allowStarts(int most) {
        mostStarts = most;
    }

    /** Reads the boot partition and starts the system. */
    void powerOn() throws IOException, InterruptedException {
        starts++;
        Path boot = folder.resolve("boot-" + starts);
        card.copyBootFiles(boot);
        BootFiles files = BootFiles.in(boot);
        Path tree = board.deviceTree(files, boot);
        Path serial = folder.resolve("receiver-" + starts);
        Path protocol = folder.resolve("machine-" + starts);
        List<String> command = new ArrayList<>(network.prefix());
        command.add("qemu-system-aarch64");
        command.addAll(board.shape());
        command.addAll(board.devices(card.file(), serial, console()));
        String commandLine = files.commandLine() + " " + board.commandLine() + words;
        command.addAll(
                files.isUBoot()
                        ? board.throughUBoot(files, tree, commandLine)
                        : board.directly(files, tree, commandLine));
        command.addAll(List.of(
                "-netdev",
                "user,id=net,hostfwd=udp:127.0.0.1:" + NTP_PORT + "-:123,hostfwd=tcp:127.0.0.1:" + SSH_PORT + "-:22",
                "-qmp",
                "unix:" + protocol + ",server=on,wait=off",
                "-display",
                "none",
                "-no-reboot"));
        Qemu started = Qemu.start(command, console());
        machine = started;
        awaitSocket(serial);
        receiver = board == VirtualBoard.VIRT && pulses
                ? HostReceiver.pulsing(serial, protocol)
                : HostReceiver.speaking(serial);
    }

    /** How often it was started, resets apart: 2 after one restart of its own. */
    int starts() {
        return starts - resets;
    }

    private boolean standsStill() throws IOException {
        return board == VirtualBoard.RASPI3B
                && machine().isRunning()
                && Files.getLastModifiedTime(console())
                        .toInstant()
                        .isBefore(Instant.now().minus(STILL))
                && ssh("true").exitCode() != 0;
    }

    /** The running machine. */
    Qemu machine() {
        Qemu running = machine;
        if (running == null) {
            throw new IllegalStateException("powerOn() comes first");
        }
        return running;
    }

    /** Where the console of the present start is written. */
    Path console() {
        return folder.resolve("console-" + starts + ".log");
    }

    /**
     * Asks again and again until the answer of {@code question} is not null, and powers the board on again whenever it has restarted.
     *
     * @throws AssertionError after {@code limit}, or when the system restarts more than twice by itself
     */
    <T> T await(String what, Question<T> question, Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            if (!machine().isRunning()) {
                powerOff();
                if (starts() > mostStarts) {
                    throw new AssertionError("it restarts for ever:\n" + tail());
                }
                powerOn();
            }
            T answer = question.ask();
            if (answer != null) {
                return answer;
            }
            if (resets < MOST_RESETS && standsStill()) {
                System.out.println("boot: the emulator stands still: reset");
                resets++;
                powerOff();
                powerOn();
                deadline = System.nanoTime() + TO_COME_BACK.plus(limit).toNanos();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        what + ": not within " + limit + "\n" + testimony() + "\nthe console ends with:\n" + tail());
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    /** A command on the board, as its owner would give it over SSH. */
    Peers.Output ssh(String command) {
        return Peers.Output.of(network.inside(sshCommand(command)));
    }

    private List<String> sshCommand(String command) {
        return List.of(
                "ssh",
                "-q",
                "-p",
                Integer.toString(SSH_PORT),
                "-i",
                key.toString(),
                "-o",
                "BatchMode=yes",
                "-o",
                "ConnectTimeout=10",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "admin@127.0.0.1",
                command);
    }

    /** Copies a file onto the board, as root. */
    void copy(Path file, String to) throws IOException, InterruptedException {
        Process process = network.inside(sshCommand("sudo -n tee " + to + " >/dev/null"))
                .redirectInput(file.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(file + " was not copied to " + to + ": " + said);
        }
    }

    /** What a command printed that must succeed, over SSH. */
    String run(String command) {
        Peers.Output output = ssh(command);
        if (output.exitCode() != 0) {
            throw new AssertionError("'" + command + "' ended with " + output.exitCode() + ": " + output.text());
        }
        return output.text().strip();
    }

    /** The board's SSH host key, as a stranger sees it; null while nobody answers. */
    @Nullable String hostKey() {
        return Peers.Output.of(network.inside(List.of(
                        "ssh-keyscan", "-T", "20", "-t", "ed25519", "-p", Integer.toString(SSH_PORT), "127.0.0.1")))
                .text()
                .lines()
                .filter(line -> line.contains(" ssh-ed25519 "))
                .findFirst()
                .orElse(null);
    }

    /** What chronyd measures of the board's server, without setting anything; null while it does not answer at all. */
    @Nullable Measurement measure(Peers peers) throws IOException {
        Path log = folder.resolve("measurements.log");
        Files.deleteIfExists(log);
        peers.chronyd(
                network.prefix(),
                Duration.ofSeconds(8),
                "server 127.0.0.1 port " + NTP_PORT + " iburst",
                "pidfile " + folder.resolve("chronyd.pid"),
                "cmdport 0",
                "bindcmdaddress /",
                "logdir " + folder,
                "logbanner 0",
                "log rawmeasurements");
        return Files.exists(log) ? Measurement.last(Files.readAllLines(log)) : null;
    }

    /** Switches the machine off as a power cut does. */
    void powerOff() throws IOException {
        if (receiver != null) {
            receiver.close();
            receiver = null;
        }
        if (machine != null) {
            machine.close();
        }
    }

    /** What the board itself says of its service, with the stacks of a daemon that hangs; or that it cannot be asked. */
    private String testimony() {
        Peers.Output said = ssh("systemctl list-jobs --no-pager; systemctl status noonmark --no-pager;"
                + " sudo -n systemctl kill --kill-whom=main -s QUIT noonmark; sleep 5; ip -br address;"
                + " journalctl -b -u 'noonmark*' --no-pager -o short-monotonic | tail -n 300");
        return said.exitCode() == 0 ? said.text() : "SSH ended with " + said.exitCode() + ": " + said.text();
    }

    /** The end of the console. */
    String tail() throws IOException {
        List<String> lines = machine().console();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    @Override
    public void close() throws IOException {
        powerOff();
    }

    private void awaitSocket(Path socket) throws IOException, InterruptedException {
        for (int i = 0; i < 100 && !Files.exists(socket); i++) {
            if (!machine().isRunning()) {
                throw new IOException(
                        "QEMU does not start: " + Files.readString(console().resolveSibling("qemu.log")));
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /** Something that may have no answer yet. */
    interface Question<T> {
        /** The answer, or null to be asked again. */
        @Nullable T ask() throws IOException, InterruptedException;
    }

    /**
     * A line of chrony's measurements.log.
     *
     * @param leap N, + or -, or ? for a server that is not synchronised
     * @param offsetSeconds the board's time minus this host's
     */
    record Measurement(
            String leap,
            int stratum,
            double offsetSeconds,
            double delaySeconds,
            double rootDelaySeconds,
            double rootDispersionSeconds) {
        private static final int LEAP = 3;

        /** Of the last line, or null when there is none. */
        static @Nullable Measurement last(List<String> lines) {
            if (lines.isEmpty()) {
                return null;
            }
            String[] fields = lines.getLast().strip().split("\\s+", -1);
            return new Measurement(
                    fields[LEAP],
                    Integer.parseInt(fields[LEAP + 1]),
                    Double.parseDouble(fields[11]),
                    Double.parseDouble(fields[12]),
                    Double.parseDouble(fields[14]),
                    Double.parseDouble(fields[15]));
        }

        /** The error that the server admits to: half its root delay and its root dispersion. */
        double rootDistanceSeconds() {
            return rootDelaySeconds / 2 + rootDispersionSeconds;
        }
    }
}
