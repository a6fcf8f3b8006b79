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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.noonmark.server.NativeAlgorithms;
import org.noonmark.server.SelfHandshake;
import org.noonmark.server.TlsIdentity;

/**
 * {@code dev bench ntske [--chronyd PROGRAM] [--rounds N] [--sessions N] [--pair FILE]}: key establishments (whole TLS handshake with RSA,
 * or with key and certificate in FILE, request, eight cookies) that a server does in a second of processor time, ours and chronyd's with the
 * same key and certificate, for the same client and in alternating turns. Processor time, because the client costs more than either server
 * and would be what is measured by the clock on the wall.
 */
public final class KeBench {
    private static final String ARGUMENTS =
            "[--chronyd PROGRAM] [--rounds 1..1000] [--sessions 1..100000] [--pair FILE]";
    private static final int OWN_PORT = 3_461;
    private static final int WARM_UP = 5;

    private KeBench() {}

    /** Runs; the exit code is 0 when all keys were had. */
    public static int run(String[] args) {
        return BenchArguments.run("ntske", ARGUMENTS, args, given -> {
            Optional<Path> chronyd = given.chronyd();
            int rounds = given.number("--rounds", 5, 1_000);
            int sessions = given.number("--sessions", 2_000, 100_000);
            Optional<Path> pair = given.file("--pair");
            return () -> measure(BenchArguments.require(chronyd), rounds, sessions, pair);
        });
    }

    private static void measure(Path program, int rounds, int sessions, Optional<Path> pair)
            throws IOException, InterruptedException, GeneralSecurityException {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        try (BenchFolder files = BenchFolder.create("ntske");
                BenchNetwork network = BenchNetwork.create(1, false);
                Chronyd chronyd = Chronyd.start(network.serverPrefix(), program, certificate(files.path(), pair));
                BenchProcess server = BenchProcess.start(
                        network.serverPrefix(),
                        List.of("ntske-server", files.path().toString()))) {
            server.hear();
            chronyd.requireRunning();
            establish(network, files, OWN_PORT, WARM_UP * sessions);
            establish(network, files, NtsBench.KE_PORT, sessions);
            for (int round = 0; round < rounds; round++) {
                double before = Double.parseDouble(server.ask("cpu"));
                establish(network, files, OWN_PORT, sessions);
                ours.add(sessions / (Double.parseDouble(server.ask("cpu")) - before));
                Duration then = chronyd.processorTime();
                establish(network, files, NtsBench.KE_PORT, sessions);
                theirs.add(sessions / (chronyd.processorTime().minus(then).toNanos() / 1e9));
            }
        }
        ResultLine line = new ResultLine()
                .put("bench", "ntske")
                .put("key", pair.isEmpty() ? "rsa2048" : "given")
                .put("sessions", sessions)
                .put("rounds", rounds);
        System.out.println(
                Rounds.putRatio(line, "per_cpu_s", ours, theirs, rate -> rate).text());
    }

    /** Leaves them in the folder; what chronyd is to be told of them. */
    private static List<String> certificate(Path folder, Optional<Path> pair)
            throws IOException, InterruptedException, GeneralSecurityException {
        if (pair.isEmpty()) {
            return NtsBench.certificate(folder);
        }
        Path key = Files.copy(pair.get(), folder.resolve("key.pem"));
        Path certificate = Files.copy(pair.get(), folder.resolve("cert.pem"));
        return List.of("ntsserverkey " + key, "ntsservercert " + certificate, "ntsport " + NtsBench.KE_PORT);
    }

    private static void establish(BenchNetwork network, BenchFolder files, int port, int sessions) throws IOException {
        List<String> words = List.of(
                "nts-ke",
                BenchNetwork.SERVER_ADDRESS,
                Integer.toString(port),
                Integer.toString(sessions),
                files.file("sessions").toString());
        try (BenchProcess exchange = BenchProcess.start(network.serverPrefix(), words)) {
            exchange.hear();
        }
    }

    /**
     * {@code bench ntske-server FOLDER}: our server, which tells at each line of its input how many seconds of processor time it has taken.
     */
    public static int serve(String[] args) {
        TlsIdentity.makeNoTickets();
        NativeAlgorithms.prefer();
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
