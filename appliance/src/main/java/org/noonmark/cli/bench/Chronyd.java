package org.noonmark.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.noonmark.linux.UdpSocket;

/** chronyd as a peer to measure against: serves its own clock on a free loopback port and never touches the machine's (-x). */
final class Chronyd implements AutoCloseable {
    private static final int START_ATTEMPTS = 5;
    private static final long ATTEMPT_MILLIS = 200;

    private final Process process;
    private final InetSocketAddress address;

    private Chronyd(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Looks on PATH and in the directories where Debian has daemons. */
    static Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(directory -> Path.of(directory, "chronyd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @throws IOException when it does not start or does not answer; the message has what it said */
    static Chronyd start(Path program) throws IOException {
        InetSocketAddress address = freePort();
        Path pidFile = Path.of(System.getProperty("java.io.tmpdir"), "noonmark-bench-" + address.getPort() + ".pid");
        // -U -u: as whoever runs the measurement. The directives stand in place of a file.
        List<String> command = List.of(
                program.toString(),
                "-x",
                "-n",
                "-U",
                "-u",
                System.getProperty("user.name"),
                "-f",
                "/dev/null",
                "local stratum 1",
                "allow 127.0.0.0/8",
                "bindaddress 127.0.0.1",
                "port " + address.getPort(),
                "cmdport 0",
                "bindcmdaddress /",
                "pidfile " + pidFile);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Chronyd chronyd = new Chronyd(process, address);
        if (!chronyd.answers()) {
            chronyd.close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            throw new IOException(program + " does not serve; it said: " + (said.isEmpty() ? "nothing" : said));
        }
        return chronyd;
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        // By its handle: Process.destroy would also close the output that is still to be read.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks until it answers: the first requests come before it listens. */
    private boolean answers() {
        try (NtpLoad probe = new NtpLoad(address, 1)) {
            for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
                if (process.waitFor(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
                if (probe.answered()) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static InetSocketAddress freePort() {
        try (UdpSocket socket = UdpSocket.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            return socket.localAddress();
        }
    }
}
