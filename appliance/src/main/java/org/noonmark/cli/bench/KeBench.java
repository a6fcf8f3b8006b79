package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.UnusableException;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.nts.Aead;
import org.noonmark.nts.CookieKeys;
import org.noonmark.nts.KeNegotiation;
import org.noonmark.nts.SharedCookieMaker;
import org.noonmark.server.KeOptions;
import org.noonmark.server.KeyEstablishmentServer;
import org.noonmark.server.SelfHandshake;
import org.noonmark.server.TlsIdentity;

/**
 * {@code dev bench ntske [--chronyd PROGRAM] [--rounds N] [--sessions N]}: key establishments (whole TLS handshake with RSA, request, eight
 * cookies) that a server does in a second of processor time, ours and chronyd's with the same key and certificate, for the same client and in
 * alternating turns. Processor time, because the client costs more than either server and would be what is measured by the clock on the wall.
 */
public final class KeBench {
    private static final int USAGE = 2;
    private static final int OWN_PORT = 3_461;
    private static final int WARM_UP = 5;

    private KeBench() {}

    /** Runs; the exit code is 0 when all keys were had. */
    public static int run(String[] args) {
        Optional<Path> chronyd = Chronyd.find();
        int rounds = 5;
        int sessions = 400;
        try {
            for (int i = 0; i < args.length; i += 2) {
                String value = i + 1 < args.length ? args[i + 1] : "";
                switch (args[i]) {
                    case "--chronyd" -> chronyd = Optional.of(Path.of(value));
                    case "--rounds" -> rounds = NtpBench.number(value, 1_000);
                    case "--sessions" -> sessions = NtpBench.number(value, 100_000);
                    default -> throw new NumberFormatException();
                }
            }
        } catch (NumberFormatException wrong) {
            System.err.println("usage: bench ntske [--chronyd PROGRAM] [--rounds 1..1000] [--sessions 1..100000]");
            return USAGE;
        }
        if (chronyd.isEmpty()) {
            System.err.println(
                    "bench ntske: no chronyd on PATH. Install chrony (its service need not run), or give --chronyd PROGRAM");
            return 1;
        }
        try {
            measure(chronyd.get(), rounds, sessions);
            return 0;
        } catch (IOException | GeneralSecurityException | IllegalStateException e) {
            System.err.println("bench ntske: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void measure(Path program, int rounds, int sessions)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path folder = Files.createTempDirectory("noonmark-bench-ntske");
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        double[] ratios = new double[rounds];
        try (BenchNetwork network = BenchNetwork.create(1, false);
                Chronyd chronyd = Chronyd.start(network.serverPrefix(), program, NtsBench.certificate(folder));
                BenchProcess server =
                        BenchProcess.start(network.serverPrefix(), List.of("ntske-server", folder.toString()))) {
            server.hear();
            chronyd.requireRunning();
            establish(network, folder, OWN_PORT, WARM_UP * sessions);
            establish(network, folder, NtsBench.KE_PORT, sessions);
            for (int round = 0; round < rounds; round++) {
                double before = Double.parseDouble(server.ask("cpu"));
                establish(network, folder, OWN_PORT, sessions);
                ours[round] = sessions / (Double.parseDouble(server.ask("cpu")) - before);
                Duration then = chronyd.processorTime();
                establish(network, folder, NtsBench.KE_PORT, sessions);
                theirs[round] = sessions / (chronyd.processorTime().minus(then).toNanos() / 1e9);
                ratios[round] = ours[round] / theirs[round];
            }
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        Arrays.sort(ours);
        Arrays.sort(theirs);
        Arrays.sort(ratios);
        System.out.println(new ResultLine()
                .put("bench", "ntske")
                .put("sessions", sessions)
                .put("rounds", rounds)
                .put("ours_per_cpu_s", ours[rounds / 2])
                .put("chrony_per_cpu_s", theirs[rounds / 2])
                .put("ratio", ratios[rounds / 2])
                .put("ratio_min", ratios[0])
                .put("ratio_max", ratios[rounds - 1])
                .text());
    }

    private static void establish(BenchNetwork network, Path folder, int port, int sessions) throws IOException {
        List<String> words = List.of(
                "nts-ke",
                BenchNetwork.SERVER_ADDRESS,
                Integer.toString(port),
                Integer.toString(sessions),
                folder.resolve("sessions").toString());
        try (BenchProcess exchange = BenchProcess.start(network.serverPrefix(), words)) {
            exchange.hear();
        }
    }

    /** {@code bench ntske-server FOLDER}: our server, which tells at each line of its input how many seconds of processor time it has taken. */
    public static int serve(String[] args) {
        try {
            Path folder = Path.of(args[0]);
            SSLContext identity = TlsIdentity.of(List.of(CertifiedKey.of(
                    Files.readString(folder.resolve("cert.pem")), Files.readString(folder.resolve("key.pem")))));
            SelfHandshake.run(identity);
            SecureRandom random = new SecureRandom();
            CookieKeys keys = CookieKeys.first(random);
            AccessTable everybody =
                    new AccessTable(List.of(AccessRule.of(true, false, new byte[4], 0, "allow 0.0.0.0/0")));
            KeOptions options = new KeOptions(
                    new KeNegotiation(List.of(Aead.AES_SIV_CMAC_256), Optional.empty(), 123),
                    100,
                    1,
                    KeOptions.PATIENCE,
                    Optional.empty());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            try (KeyEstablishmentServer server = KeyEstablishmentServer.start(
                    List.of(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), OWN_PORT)),
                    options,
                    () -> identity,
                    new SharedCookieMaker(() -> keys, random),
                    () -> everybody,
                    _ -> true,
                    LinuxTime::monotonicNanos,
                    work -> Thread.ofPlatform().daemon().unstarted(work))) {
                System.out.println("serves " + server.addresses());
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    Duration taken =
                            ProcessHandle.current().info().totalCpuDuration().orElseThrow();
                    System.out.println(taken.toNanos() / 1e9);
                }
            }
            return 0;
        } catch (IOException | UnusableException e) {
            System.err.println("bench ntske-server: " + e.getMessage());
            return 1;
        }
    }
}
