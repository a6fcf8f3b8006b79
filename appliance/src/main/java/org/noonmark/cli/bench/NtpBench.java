package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * {@code dev bench ntp [--chronyd PROGRAM] [--rounds N] [--clients N] [--mode best|generic]}: requests that a server answers on one core, reception included, in
 * namespaces of our own; ours by sockets and by AF_XDP beside chronyd's, in alternating turns, because the machine's speed changes from
 * second to second: the ratio of a round is what to trust. The rate is the highest that loses less than 1 % of the requests, answers later
 * than 20 ms counted as lost.
 */
public final class NtpBench {
    private static final int USAGE = 2;
    private static final double LEAST_RPS = 20_000;
    private static final double MOST_RPS = 900_000;
    private static final double FINE = 1.04;
    private static final double LOST = 0.01;
    private static final int SEARCH_MILLIS = 250;
    private static final int LATENCY_MILLIS = 500;
    private static final int SETTLE_MILLIS = 100;

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

    private record Turn(double rps, ResultLine at20k, ResultLine at100k) {}

    private final int rounds;
    private final int clients;
    private final boolean generic;
    private String mode = "";

    private NtpBench(int rounds, int clients, boolean generic) {
        this.rounds = rounds;
        this.clients = clients;
        this.generic = generic;
    }

    /** Runs; the exit code is 0 when every answer was right. */
    public static int run(String[] args) {
        Optional<Path> chronyd = Chronyd.find();
        int rounds = 5;
        int clients = 1_000;
        boolean generic = false;
        try {
            for (int i = 0; i < args.length; i += 2) {
                String value = i + 1 < args.length ? args[i + 1] : "";
                switch (args[i]) {
                    case "--chronyd" -> chronyd = Optional.of(Path.of(value));
                    case "--rounds" -> rounds = number(value, 1_000);
                    case "--mode" -> generic = isGeneric(value);
                    case "--clients" -> clients = number(value, 1_000_000);
                    default -> throw new NumberFormatException();
                }
            }
        } catch (NumberFormatException wrong) {
            System.err.println(
                    "usage: bench ntp [--chronyd PROGRAM] [--rounds 1..1000] [--clients 1..1000000] [--mode best|generic]");
            return USAGE;
        }
        if (chronyd.isEmpty()) {
            System.err.println(
                    "bench ntp: no chronyd on PATH. Install chrony (its service need not run), or give --chronyd PROGRAM");
            return 1;
        }
        try {
            new NtpBench(rounds, clients, generic).measure(chronyd.get());
            return 0;
        } catch (IOException | IllegalStateException e) {
            System.err.println("bench ntp: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static boolean isGeneric(String mode) {
        return switch (mode) {
            case "generic" -> true;
            case "best" -> false;
            default -> throw new NumberFormatException();
        };
    }

    private static int number(String text, int max) {
        int number = Integer.parseInt(text);
        if (number < 1 || number > max) {
            throw new NumberFormatException();
        }
        return number;
    }

    private void measure(Path program) throws IOException, InterruptedException {
        try (BenchNetwork network = BenchNetwork.create();
                Chronyd chronyd = Chronyd.start(network.serverPrefix(), program);
                BenchProcess server = BenchProcess.start(
                        network.serverPrefix(),
                        List.of(
                                "ntp-server",
                                BenchNetwork.SERVER_CARD,
                                BenchNetwork.SERVER_ADDRESS,
                                generic ? "generic" : "best"));
                BenchProcess load =
                        BenchProcess.start(network.clientPrefix(), List.of("ntp-load", BenchNetwork.CLIENT_CARD))) {
            server.hear();
            chronyd.requireRunning();
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
            for (Side side : List.of(Side.SOCKET, Side.XDP)) {
                System.out.println(
                        line(side, turns.getOrDefault(side, List.of()), turns.getOrDefault(Side.CHRONY, List.of()))
                                .text());
            }
        }
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
        ResultLine slow = offer(load, target, 20_000, LATENCY_MILLIS);
        ResultLine fast = offer(load, target, 100_000, LATENCY_MILLIS);
        double most = search(load, target);
        if (side == Side.XDP) {
            server.ask("off");
        }
        return new Turn(most, slow, fast);
    }

    /** The highest rate without loss, between two bounds that come together. */
    private static double search(BenchProcess load, String target) throws IOException {
        double good = LEAST_RPS;
        double bad = MOST_RPS;
        double best = 0;
        while (bad / good > FINE) {
            double rate = Math.sqrt(good * bad);
            ResultLine result = offer(load, target, rate, SEARCH_MILLIS);
            double lost = 1 - (result.number("good") - result.number("late")) / result.number("sent");
            if (lost < LOST) {
                good = rate;
                best = Math.max(best, result.number("rps"));
            } else {
                bad = rate;
            }
        }
        return best;
    }

    private static ResultLine offer(BenchProcess load, String target, double rate, int millis) throws IOException {
        ResultLine result = ResultLine.of(load.ask(target + String.format(Locale.ROOT, "%.0f", rate) + " " + millis));
        if (result.number("wrong") > 0) {
            throw new IllegalStateException("wrong answers: " + result.text());
        }
        return result;
    }

    private ResultLine line(Side side, List<Turn> ours, List<Turn> theirs) {
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ratios[i] = ours.get(i).rps() / theirs.get(i).rps();
        }
        Arrays.sort(ratios);
        ResultLine line = new ResultLine()
                .put("bench", "ntp")
                .put("path", side == Side.XDP ? "xdp" : "socket")
                .put("mode", side == Side.XDP ? mode : "kernel")
                .put("case", "plain")
                .put("clients", clients)
                .put("rounds", rounds)
                .put("ours_rps", median(ours, Turn::rps))
                .put("chrony_rps", median(theirs, Turn::rps))
                .put("ratio", ratios[rounds / 2])
                .put("ratio_min", ratios[0])
                .put("ratio_max", ratios[rounds - 1]);
        for (String key : List.of("p50_us", "p99_us", "t3_mean_us", "t3_p50_us", "t3_p99_us")) {
            line.put(key, median(ours, turn -> turn.at20k().number(key)));
            line.put("chrony_" + key, median(theirs, turn -> turn.at20k().number(key)));
        }
        for (String key : List.of("p50_us", "p99_us")) {
            line.put("at100k_" + key, median(ours, turn -> turn.at100k().number(key)));
            line.put(
                    "chrony_at100k_" + key, median(theirs, turn -> turn.at100k().number(key)));
        }
        return line;
    }

    private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
        double[] sorted = turns.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
