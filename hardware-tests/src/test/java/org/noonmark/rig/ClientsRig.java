package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo at port 123, judged by the clients that are a system's own: NTPsec, ntpd-rs and systemd-timesyncd, all at once, without
 * authentication, in a network namespace beside the demo's. Each has to say that it is synchronised, all but ntpd-rs by IPv4 and by IPv6.
 */
class ClientsRig {
    private static final Duration TO_READY = Duration.ofSeconds(60);
    private static final int PATIENCE_SECONDS = 50;
    private static final List<String> SERVERS = List.of("10.77.0.1", "fd77::1");

    /** Of NTPsec's peerstats: day, second, address, status; 6 as the second of its figures is the source that it follows. */
    private static final Pattern FOLLOWED = Pattern.compile("(?m)^\\S+ \\S+ \\S+ [0-9a-f]6[0-9a-f]{2} ");

    @TempDir
    private Path folder;

    private final List<Process> running = new ArrayList<>();
    private Namespace servers;
    private Namespace clients;
    private NtsPeers peers;

    @BeforeEach
    void prepare() throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "network namespaces need root");
        peers = NtsPeers.unpacked(folder);
        servers = Namespace.create("served");
        clients = Namespace.create("clients");
        Namespace.join(servers, "vs", clients, "vc");
    }

    @AfterEach
    void end() throws Exception {
        for (Process each : running) {
            each.destroyForcibly();
            each.waitFor();
        }
        for (Namespace each : new Namespace[] {servers, clients}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void theClientsOfOthersSynchronise() throws Exception {
        String config = Files.writeString(folder.resolve("more.conf"), """
                bindaddress 10.77.0.1
                bindaddress fd77::1
                allow 10.77.0.0/24
                allow fd77::/64
                """).toString();
        String control = folder.resolve("control.sock").toString();
        try (Demo demo = Demo.start(
                servers.prefix(), "--for", "150", "--ntp-port", "123", "--control", control, "--config", config)) {
            demo.awaitReady(TO_READY);
            for (String server : SERVERS) {
                start(timesyncd(server), peers.timesyncd(clients.prefix(), server));
            }
            // It takes no IPv6 address in place of a name, and there are no names here.
            start("ntpd-rs", peers.ntpdRs(clients.prefix(), "-c", ntpdRs()));
            start("ntpsec", peers.ntpsec(clients.prefix(), "-n", "-g", "-c", ntpsec()));
            for (String server : SERVERS) {
                await(timesyncd(server), said -> said.contains("Initial clock synchronization"));
                await("peerstats", said -> said.contains(" " + server + " "));
            }
            await("ntpd-rs", said -> said.contains("accept packet") && said.contains("Offset: "));
            await("peerstats", said -> FOLLOWED.matcher(said).find());
        }
    }

    private static String timesyncd(String server) {
        return "timesyncd-" + server.replace(':', '_');
    }

    private String ntpdRs() throws IOException {
        return Files.writeString(folder.resolve("ntpd-rs.toml"), """
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
                mode = "server"
                address = "10.77.0.1"
                """.formatted(folder.resolve("observe")))
                .toString();
    }

    private String ntpsec() throws IOException {
        return Files.writeString(folder.resolve("ntp.conf"), """
                statsdir %s/
                statistics peerstats
                filegen peerstats file peerstats type none enable
                server 10.77.0.1 iburst minpoll 0 maxpoll 0
                server fd77::1 iburst minpoll 0 maxpoll 0
                """.formatted(folder))
                .toString();
    }

    private void start(String name, ProcessBuilder builder) throws IOException {
        running.add(builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(name).toFile())
                .start());
    }

    /** Waits until the file of that name says so. */
    private void await(String name, Predicate<String> isSo) throws Exception {
        Path file = folder.resolve(name);
        for (int second = 0; second < PATIENCE_SECONDS; second++) {
            if (isSo.test(text(file))) {
                return;
            }
            Thread.sleep(Duration.ofSeconds(1));
        }
        assertTrue(isSo.test(text(file)), name + " says: " + text(file));
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
