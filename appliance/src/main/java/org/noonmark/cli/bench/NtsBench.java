package org.noonmark.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.noonmark.nts.Aead;
import org.noonmark.nts.CookieKeys;
import org.noonmark.nts.CookieKeysText;
import org.noonmark.nts.CookieMaker;
import org.noonmark.nts.SharedCookieMaker;

/**
 * {@code dev bench nts}: requests with NTS (AES-SIV-CMAC-256, one new cookie for each) that a server answers on one core, in the same
 * manner as {@link NtpBench} and in the same rounds as chronyd, which is its own NTS server with a certificate made for this. Where there
 * are more sessions than a packet thread keeps ciphers of, ours makes them anew for each request, as chronyd always does.
 */
public final class NtsBench {
    private static final int USAGE = 2;
    static final int KE_PORT = 3_460;
    private static final int SETTLE_MILLIS = 100;
    private static final int LATENCY_MILLIS = 500;
    private static final int COOKIES = 8;

    private enum Side {
        CHRONY(Chronyd.PORT),
        SOCKET(NtpBenchServer.SOCKET_PORT),
        XDP(NtpBenchServer.XDP_PORT);

        private final int port;

        Side(int port) {
            this.port = port;
        }
    }

    private record Turn(double rps, ResultLine at20k) {}

    private final int rounds;
    private final int clients;
    private final int sessions;
    private String mode = "";

    private NtsBench(int rounds, int clients, int sessions) {
        this.rounds = rounds;
        this.clients = clients;
        this.sessions = sessions;
    }

    /** Runs; the exit code is 0 when every answer was right. */
    public static int run(String[] args) {
        Optional<Path> chronyd = Chronyd.find();
        int rounds = 5;
        int clients = 1_000;
        int sessions = 100;
        try {
            for (int i = 0; i < args.length; i += 2) {
                String value = i + 1 < args.length ? args[i + 1] : "";
                switch (args[i]) {
                    case "--chronyd" -> chronyd = Optional.of(Path.of(value));
                    case "--rounds" -> rounds = NtpBench.number(value, 1_000);
                    case "--clients" -> clients = NtpBench.number(value, 1_000_000);
                    case "--sessions" -> sessions = NtpBench.number(value, 8_192);
                    default -> throw new NumberFormatException();
                }
            }
        } catch (NumberFormatException wrong) {
            System.err.println(
                    "usage: bench nts [--chronyd PROGRAM] [--rounds 1..1000] [--clients 1..1000000] [--sessions 1..8192]");
            return USAGE;
        }
        if (chronyd.isEmpty()) {
            System.err.println(
                    "bench nts: no chronyd on PATH. Install chrony (its service need not run), or give --chronyd PROGRAM");
            return 1;
        }
        try {
            new NtsBench(rounds, clients, sessions).measure(chronyd.get());
            return 0;
        } catch (IOException | GeneralSecurityException | IllegalStateException e) {
            System.err.println("bench nts: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private void measure(Path program) throws IOException, InterruptedException, GeneralSecurityException {
        Path folder = Files.createTempDirectory("noonmark-bench-nts");
        try (BenchNetwork network = BenchNetwork.create(1, false);
                Chronyd chronyd = Chronyd.start(network.serverPrefix(), program, certificate(folder));
                BenchProcess server = BenchProcess.start(
                        network.serverPrefix(),
                        List.of(
                                "nts-server",
                                BenchNetwork.SERVER_CARD,
                                BenchNetwork.SERVER_ADDRESS,
                                "best",
                                ownSessions(folder).toString()));
                BenchProcess load =
                        BenchProcess.start(network.clientPrefix(), List.of("nts-load", BenchNetwork.CLIENT_CARD))) {
            server.hear();
            chronyd.requireRunning();
            Path theirs = folder.resolve("chrony");
            try (BenchProcess exchange = BenchProcess.start(
                    network.serverPrefix(),
                    List.of(
                            "nts-ke",
                            BenchNetwork.SERVER_ADDRESS,
                            Integer.toString(KE_PORT),
                            Integer.toString(sessions),
                            theirs.toString()))) {
                exchange.hear();
            }
            for (Side side : Side.values()) {
                load.ask("load " + side.port + " " + (side == Side.CHRONY ? theirs : folder.resolve("ours")));
            }
            print(turns(network, server, load));
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private Map<Side, List<Turn>> turns(BenchNetwork network, BenchProcess server, BenchProcess load)
            throws IOException, InterruptedException {
        Map<Side, List<Turn>> turns = new EnumMap<>(Side.class);
        // The first round warms all three up.
        for (int round = 0; round <= rounds; round++) {
            for (int i = 0; i < Side.values().length; i++) {
                // Who goes first changes, so that a machine that slows down favours nobody.
                Side side = Side.values()[(i + round) % Side.values().length];
                Turn turn = turn(side, network, server, load);
                if (round > 0) {
                    turns.computeIfAbsent(side, _ -> new ArrayList<>()).add(turn);
                }
            }
        }
        return turns;
    }

    private Turn turn(Side side, BenchNetwork network, BenchProcess server, BenchProcess load)
            throws IOException, InterruptedException {
        if (side == Side.XDP) {
            mode = server.ask("on").endsWith("native") ? "native" : "generic";
            if (mode.equals("native")) {
                network.receiveXdpOnServersCore();
            }
        }
        Thread.sleep(SETTLE_MILLIS);
        String target = network.serverMac() + " " + side.port + " " + clients + " ";
        NtpBench.Offer offer = new NtpBench.Offer(load, target, "");
        ResultLine slow = offer.at(20_000, LATENCY_MILLIS);
        double most = NtpBench.search(offer);
        if (side == Side.XDP) {
            server.ask("off");
        }
        return new Turn(most, slow);
    }

    /** Sessions with our server, whose keys are in a file beside; the file of keys. */
    private Path ownSessions(Path folder) throws IOException {
        SecureRandom random = new SecureRandom();
        CookieKeys keys = CookieKeys.first(random);
        CookieMaker maker = new SharedCookieMaker(() -> keys, random);
        List<NtsSession> own = new ArrayList<>();
        Aead aead = Aead.AES_SIV_CMAC_256;
        for (int i = 0; i < sessions; i++) {
            byte[] c2s = new byte[aead.keyLength()];
            byte[] s2c = new byte[aead.keyLength()];
            random.nextBytes(c2s);
            random.nextBytes(s2c);
            own.add(NtsSession.of(
                    aead,
                    c2s,
                    s2c,
                    Stream.generate(() -> maker.seal(aead, c2s, s2c))
                            .limit(COOKIES)
                            .toList()));
        }
        NtsSession.write(folder.resolve("ours"), own);
        return Files.writeString(folder.resolve("keys"), CookieKeysText.format(keys));
    }

    /** Directives that make chronyd a server of NTS, with a certificate by Java's own tool. */
    static List<String> certificate(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("store");
        String password = "changeit";
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "bench",
                        "-keyalg",
                        // GnuTLS does not read Java's form of elliptic keys, which leaves out the public one.
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=bench",
                        "-ext",
                        "san=ip:" + BenchNetwork.SERVER_ADDRESS,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        password)
                .inheritIO()
                .start();
        if (tool.waitFor() != 0) {
            throw new IOException("keytool made no certificate");
        }
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            made.load(in, password.toCharArray());
        }
        Path key = pem(
                folder.resolve("key.pem"),
                "PRIVATE KEY",
                made.getKey("bench", password.toCharArray()).getEncoded());
        Path certificate = pem(
                folder.resolve("cert.pem"),
                "CERTIFICATE",
                made.getCertificate("bench").getEncoded());
        return List.of("ntsserverkey " + key, "ntsservercert " + certificate, "ntsport " + KE_PORT);
    }

    private static Path pem(Path file, String what, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
    }

    private void print(Map<Side, List<Turn>> turns) {
        List<Turn> theirs = turns.getOrDefault(Side.CHRONY, List.of());
        for (Side side : List.of(Side.SOCKET, Side.XDP)) {
            List<Turn> ours = turns.getOrDefault(side, List.of());
            double[] ratios = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                ratios[i] = ours.get(i).rps() / theirs.get(i).rps();
            }
            Arrays.sort(ratios);
            ResultLine line = new ResultLine()
                    .put("bench", "nts")
                    .put("path", side == Side.XDP ? "xdp" : "socket")
                    .put("mode", side == Side.XDP ? mode : "kernel")
                    .put("aead", Aead.AES_SIV_CMAC_256.id())
                    .put("sessions", sessions)
                    .put("clients", clients)
                    .put("rounds", rounds)
                    .put("ours_rps", median(ours, Turn::rps))
                    .put("chrony_rps", median(theirs, Turn::rps))
                    .put("ratio", ratios[rounds / 2])
                    .put("ratio_min", ratios[0])
                    .put("ratio_max", ratios[rounds - 1]);
            for (String figure : List.of("p50_us", "p99_us", "t3_p50_us", "t3_p99_us")) {
                line.put(figure, median(ours, turn -> turn.at20k().number(figure)));
                line.put("chrony_" + figure, median(theirs, turn -> turn.at20k().number(figure)));
            }
            System.out.println(line.text());
        }
    }

    private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
        double[] sorted = turns.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
