package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code dev bench ntp}: requests that a server answers on one core, reception included, in namespaces of our own; ours by sockets and by
 * AF_XDP beside chronyd's, in alternating turns, because the machine's speed changes from second to second: the ratio of a round is what to
 * trust. The rate is the highest that loses less than 1 % of the requests, answers later than 20 ms counted as lost, in one of two
 * trials. What each figure is:
 * p50 and p99 from the reading of the client's clock to the answer's arrival at its card; t3 how much later than its transmit stamp says an
 * answer left, which is when it arrived less link, the usual time from the kernel's stamp of leaving to the arrival, as chronyd's
 * interleaved answers tell it; offset what a client would compute of stamps made at its card. {@code --urgent yes} runs all of them before
 * what else the machine does: for one that is not quiet.
 */
public final class NtpBench {
    private static final String ARGUMENTS = "[--chronyd PROGRAM] [--rounds 1..1000] [--case plain|mac|interleaved|all]"
            + " [--clients 1..1000000] [--mode best|generic] [--cores 1..16] [--urgent yes|no]";
    private static final double LEAST_RPS = 20_000;
    private static final double MOST_RPS = 900_000;
    private static final double FINE = 1.04;
    private static final double LOST = 0.01;
    private static final int SEARCH_MILLIS = 250;
    private static final int LATENCY_MILLIS = 500;
    private static final int SETTLE_MILLIS = 100;
    private static final int USUAL_CLIENTS = 1_000;

    private static final List<Case> ALL = List.of(
            new Case(NtpLoad.Kind.PLAIN, USUAL_CLIENTS),
            new Case(NtpLoad.Kind.MAC, USUAL_CLIENTS),
            new Case(NtpLoad.Kind.INTERLEAVED, USUAL_CLIENTS),
            new Case(NtpLoad.Kind.PLAIN, 1),
            new Case(NtpLoad.Kind.PLAIN, 10_000),
            new Case(NtpLoad.Kind.PLAIN, 1_000_000));

    /** Who is measured. */
    private enum Side {
        CHRONY(Chronyd.PORT),
        SOCKET(NtpBenchServer.SOCKET_PORT),
        XDP(NtpBenchServer.XDP_PORT);

        private final int port;

        Side(int port) {
            this.port = port;
        }
    }

    /** What is asked, by how many addresses. */
    private record Case(NtpLoad.Kind kind, int clients) {
        String word() {
            return kind.name().toLowerCase(Locale.ROOT);
        }
    }

    private record Turn(double linkMicros, double rps, ResultLine arrival, ResultLine at20k, ResultLine at100k) {}

    private final int rounds;
    private final boolean generic;
    private final int cores;
    private String mode = "";

    private final boolean urgent;

    private NtpBench(int rounds, boolean generic, int cores, boolean urgent) {
        this.urgent = urgent;
        this.rounds = rounds;
        this.generic = generic;
        this.cores = cores;
    }

    /** Runs; the exit code is 0 when every answer was right. */
    public static int run(String[] args) {
        return BenchArguments.run("ntp", ARGUMENTS, args, given -> {
            Optional<Path> chronyd = given.chronyd();
            int clients = given.number("--clients", USUAL_CLIENTS, 1_000_000);
            String kind = given.word("--case", "plain", "mac", "interleaved", "all");
            NtpBench bench = new NtpBench(
                    given.number("--rounds", 5, 1_000),
                    given.word("--mode", "best", "generic").equals("generic"),
                    given.number("--cores", 1, 16),
                    given.isYes("--urgent"));
            List<Case> cases = kind.equals("all")
                    ? ALL
                    : List.of(new Case(NtpLoad.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), clients));
            return () -> bench.measure(BenchArguments.require(chronyd), cases);
        });
    }

    private void measure(Path program, List<Case> cases) throws IOException, InterruptedException {
        try (BenchNetwork network = BenchNetwork.create(cores, urgent);
                Chronyd chronyd = Chronyd.start(network.serverPrefix(), program);
                BenchProcess server = BenchProcess.start(
                        network.serverPrefix(),
                        List.of(
                                "ntp-server",
                                BenchNetwork.SERVER_CARD,
                                BenchNetwork.SERVER_ADDRESS,
                                generic ? "generic" : "best",
                                Integer.toString(cores)));
                BenchProcess load =
                        BenchProcess.start(network.clientPrefix(), List.of("ntp-load", BenchNetwork.CLIENT_CARD))) {
            server.hear();
            chronyd.requireRunning();
            for (Case each : cases) {
                measure(each, network, server, load);
            }
        }
    }

    private void measure(Case asked, BenchNetwork network, BenchProcess server, BenchProcess load)
            throws IOException, InterruptedException {
        Map<Side, List<Turn>> turns =
                Rounds.measure(Side.class, rounds, side -> turn(side, asked, network, server, load));
        List<Turn> chrony = turns.getOrDefault(Side.CHRONY, List.of());
        // AF_XDP has no stamps of leaving, and answers in basic mode.
        boolean interleaved = asked.kind() == NtpLoad.Kind.INTERLEAVED;
        for (Side side : interleaved ? List.of(Side.SOCKET) : List.of(Side.SOCKET, Side.XDP)) {
            System.out.println(line(side, asked, turns.getOrDefault(side, List.of()), chrony)
                    .text());
        }
    }

    private Turn turn(Side side, Case asked, BenchNetwork network, BenchProcess server, BenchProcess load)
            throws IOException, InterruptedException {
        if (side == Side.XDP) {
            mode = server.ask("on").endsWith("native") ? "native" : "generic";
        }
        Thread.sleep(SETTLE_MILLIS);
        Offer offer =
                new Offer(load, network.serverMac() + " " + side.port + " " + asked.clients() + " ", asked.word());
        double link = new Offer(
                        load, network.serverMac() + " " + Chronyd.PORT + " " + USUAL_CLIENTS + " ", "interleaved")
                .at(LEAST_RPS, SEARCH_MILLIS)
                .number("t3_p50_us");
        // AF_XDP has just begun: how long its answers take to leave it learns from the first of them.
        offer.at(LEAST_RPS, LATENCY_MILLIS);
        // For the offset stamps count that are made where a frame arrives, as a card's are; the socket's always are.
        ResultLine arrival = offer.at(20_000, LATENCY_MILLIS);
        if (side == Side.XDP && mode.equals("native")) {
            network.receiveXdpOnServersCore(false);
        }
        ResultLine slow = offer.at(20_000, LATENCY_MILLIS);
        ResultLine fast = offer.at(100_000, LATENCY_MILLIS);
        double most = search(offer);
        if (side == Side.XDP) {
            if (mode.equals("native")) {
                network.receiveXdpAsItComes();
            }
            server.ask("off");
        }
        return new Turn(link, most, arrival, slow, fast);
    }

    /** The highest rate without loss, between two bounds that come together. */
    static double search(Offer offer) throws IOException {
        double good = LEAST_RPS;
        double bad = MOST_RPS;
        double best = 0;
        while (bad / good > FINE) {
            double rate = Math.sqrt(good * bad);
            ResultLine result = offer.at(rate, SEARCH_MILLIS);
            if (lost(result) >= LOST) {
                // What else the machine did in that moment shall not decide.
                result = offer.at(rate, SEARCH_MILLIS);
            }
            if (lost(result) < LOST) {
                good = rate;
                best = Math.max(best, result.number("rps"));
            } else {
                bad = rate;
            }
        }
        return best;
    }

    private static double lost(ResultLine result) {
        return 1 - (result.number("good") - result.number("late")) / result.number("sent");
    }

    /** Requests of one kind, a word of {@link NtpLoad} or none, to one server. */
    record Offer(BenchProcess load, String target, String kind) {
        ResultLine at(double rate, int millis) throws IOException {
            ResultLine result = ResultLine.of(
                    load.ask((target + String.format(Locale.ROOT, "%.0f", rate) + " " + millis + " " + kind).strip()));
            if (result.number("wrong") > 0) {
                throw new IllegalStateException("wrong answers: " + result.text());
            }
            return result;
        }
    }

    private ResultLine line(Side side, Case asked, List<Turn> ours, List<Turn> theirs) {
        ResultLine line = new ResultLine()
                .put("bench", "ntp")
                .put("path", side == Side.XDP ? "xdp" : "socket")
                .put("mode", side == Side.XDP ? mode : "kernel")
                .put("case", asked.word())
                .put("clients", asked.clients())
                .put("cores", cores)
                .put("rounds", rounds);
        Rounds.putRatio(line, "rps", ours, theirs, Turn::rps);
        for (String key : List.of("offset_mean_us", "offset_p99_us")) {
            line.put(key, Rounds.median(ours, turn -> turn.arrival().number(key)));
            line.put(
                    "chrony_" + key,
                    Rounds.median(theirs, turn -> turn.arrival().number(key)));
        }
        line.put("link_us", Rounds.median(ours, Turn::linkMicros));
        for (String key : List.of("t3_mean_us", "t3_p50_us", "t3_p99_us")) {
            line.put(key, Rounds.median(ours, turn -> turn.at20k().number(key) - turn.linkMicros()));
            line.put("chrony_" + key, Rounds.median(theirs, turn -> turn.at20k().number(key) - turn.linkMicros()));
        }
        for (String key : List.of("p50_us", "p99_us")) {
            line.put(key, Rounds.median(ours, turn -> turn.at20k().number(key)));
            line.put("chrony_" + key, Rounds.median(theirs, turn -> turn.at20k().number(key)));
        }
        for (String key : List.of("p50_us", "p99_us")) {
            line.put("at100k_" + key, Rounds.median(ours, turn -> turn.at100k().number(key)));
            line.put(
                    "chrony_at100k_" + key,
                    Rounds.median(theirs, turn -> turn.at100k().number(key)));
        }
        return line;
    }
}
