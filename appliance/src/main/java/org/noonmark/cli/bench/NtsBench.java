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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final String ARGUMENTS =
            "[--chronyd PROGRAM] [--rounds 1..1000] [--clients 1..1000000] [--sessions 1..8192]";
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
        return BenchArguments.run("nts", ARGUMENTS, args, given -> {
            Optional<Path> chronyd = given.chronyd();
            NtsBench bench = new NtsBench(
                    given.number("--rounds", 5, 1_000),
                    given.number("--clients", 1_000, 1_000_000),
                    given.number("--sessions", 100, 8_192));
            return () -> bench.measure(BenchArguments.require(chronyd));
        });
    }

    private void measure(Path program) throws IOException, InterruptedException, GeneralSecurityException {
        try (BenchFolder files = BenchFolder.create("nts");
                BenchNetwork network = BenchNetwork.create(1, false);
                Chronyd chronyd = Chronyd.start(network.serverPrefix(), program, certificate(files.path()));
                BenchProcess server = BenchProcess.start(
                        network.serverPrefix(),
                        List.of(
                                "nts-server",
                                BenchNetwork.SERVER_CARD,
                                BenchNetwork.SERVER_ADDRESS,
                                "best",
                                ownSessions(files.path()).toString()));
                BenchProcess load =
                        BenchProcess.start(network.clientPrefix(), List.of("nts-load", BenchNetwork.CLIENT_CARD))) {
            server.hear();
            chronyd.requireRunning();
            Path theirs = files.file("chrony");
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
                load.ask("load " + side.port + " " + (side == Side.CHRONY ? theirs : files.file("ours")));
            }
            print(Rounds.measure(Side.class, rounds, side -> turn(side, network, server, load)));
        }
    }

    private Turn turn(Side side, BenchNetwork network, BenchProcess server, BenchProcess load)
            throws IOException, InterruptedException {
        if (side == Side.XDP) {
            mode = server.ask("on").endsWith("native") ? "native" : "generic";
            if (mode.equals("native")) {
                network.receiveXdpOnServersCore(false);
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
            ResultLine line = new ResultLine()
                    .put("bench", "nts")
                    .put("path", side == Side.XDP ? "xdp" : "socket")
                    .put("mode", side == Side.XDP ? mode : "kernel")
                    .put("aead", Aead.AES_SIV_CMAC_256.id())
                    .put("sessions", sessions)
                    .put("clients", clients)
                    .put("rounds", rounds);
            Rounds.putRatio(line, "rps", ours, theirs, Turn::rps);
            for (String figure : List.of("p50_us", "p99_us", "t3_p50_us", "t3_p99_us")) {
                line.put(figure, Rounds.median(ours, turn -> turn.at20k().number(figure)));
                line.put(
                        "chrony_" + figure,
                        Rounds.median(theirs, turn -> turn.at20k().number(figure)));
            }
            System.out.println(line.text());
        }
    }
}
