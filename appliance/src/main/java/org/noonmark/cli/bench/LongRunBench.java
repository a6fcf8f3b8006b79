package org.noonmark.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code dev bench long}: the whole daemon on a simulated receiver, with the memory it has on the appliance, asked 20 000 times a second
 * for an hour, with {@code --load mixed} every other half minute with NTS by new keys: its heap, its memory in RAM, its pauses for garbage,
 * and whether these show in the transmit stamps. Those are judged second by second: how far the latest and the earliest of a second lie
 * from its median, in seconds with a pause and in those without.
 */
public final class LongRunBench {
    private static final String ARGUMENTS =
            "[--for SECONDS] [--path socket|xdp] [--load plain|mixed] [--rate 1..1000000] [--urgent yes|no]";
    private static final int WINDOW_MILLIS = 1_000;
    private static final int TURNS = 30;
    private static final List<String> MEMORY = List.of("-Xms64m", "-Xmx64m", "-Xmn8m", "-Xss256k");
    private static final Pattern PAUSE = Pattern.compile("\\[([^]]+)].*Pause.* (\\d+)M->(\\d+)M\\(.* ([0-9.]+)ms");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ");

    /** A stop of the whole program, from its log. */
    private record Pause(Instant at, int heapMegabytes, int leftMegabytes, double millis) {}

    private record Window(Instant from, Instant to, ResultLine result, long residentKilobytes) {
        boolean holds(Pause pause) {
            return !pause.at().isBefore(from) && !pause.at().isAfter(to);
        }

        /** How far stamps lie from the median, us. */
        double spreadMicros() {
            double median = result.number("t3_p50_us");
            return Math.max(result.number("t3_p99_us") - median, median - result.number("t3_p1_us"));
        }
    }

    private final int seconds;
    private final int rate;
    private final boolean xdp;
    private final boolean mixed;
    private final boolean urgent;

    private LongRunBench(int seconds, int rate, boolean xdp, boolean mixed, boolean urgent) {
        this.urgent = urgent;
        this.seconds = seconds;
        this.rate = rate;
        this.xdp = xdp;
        this.mixed = mixed;
    }

    /** Runs; the exit code is 0 when it ran to the end. */
    public static int run(String[] args) {
        return BenchArguments.run("long", ARGUMENTS, args, given -> {
            int seconds = given.number("--for", 3_600, 1_000_000);
            int rate = given.number("--rate", 20_000, 1_000_000);
            boolean xdp = given.word("--path", "socket", "xdp").equals("xdp");
            boolean mixed = given.word("--load", "plain", "mixed").equals("mixed");
            boolean urgent = given.isYes("--urgent");
            return () -> new LongRunBench(seconds, rate, xdp, mixed, urgent).measure();
        });
    }

    private void measure() throws IOException {
        Path folder = Files.createTempDirectory("noonmark-long");
        Path log = folder.resolve("gc.log");
        Path config = Files.writeString(
                folder.resolve("long.conf"),
                "bindaddress " + BenchNetwork.SERVER_ADDRESS + "\nbindaddress ::1\nallow " + BenchNetwork.CLIENTS
                        + "\nallow " + BenchNetwork.SERVER_ADDRESS + "\n"
                        + (xdp ? "xdp " + BenchNetwork.SERVER_CARD + "\n" : ""));
        try (BenchNetwork network = BenchNetwork.create(1, urgent)) {
            Process daemon = daemon(network.serverPrefix(), folder, config, log);
            if (xdp) {
                network.receiveXdpOnServersCore(false);
            }
            try {
                String target = network.serverMac() + " 123 1000 " + rate + " " + WINDOW_MILLIS;
                NtsTraffic nts = new NtsTraffic(network, folder);
                List<Window> windows = new ArrayList<>();
                Instant end = Instant.now().plusSeconds(seconds);
                while (Instant.now().isBefore(end)) {
                    askPlainly(network, target + " plain", daemon.pid(), end, windows);
                    if (mixed) {
                        nts.ask(123, target, TURNS);
                    }
                }
                ResultLine line = line(windows, pauses(log));
                if (mixed) {
                    nts.report(line);
                }
                System.out.println(line.text());
            } finally {
                daemon.destroy();
            }
        }
    }

    /** Until the end, or until it is the turn of requests with NTS: the card of the clients is for one of the two. */
    private void askPlainly(BenchNetwork network, String turn, long daemon, Instant end, List<Window> windows)
            throws IOException {
        try (BenchProcess load =
                BenchProcess.start(network.clientPrefix(), List.of("ntp-load", BenchNetwork.CLIENT_CARD))) {
            for (int i = 0; (!mixed || i < TURNS) && Instant.now().isBefore(end); i++) {
                Instant from = Instant.now();
                ResultLine result = ResultLine.of(load.ask(turn));
                windows.add(new Window(from, Instant.now(), result, BenchProcess.residentKilobytes(daemon)));
            }
        }
    }

    private Process daemon(List<String> prefix, Path folder, Path config, Path log) throws IOException {
        List<String> command = BenchProcess.ownCommand(prefix);
        command.removeIf(word -> word.startsWith("-Xm"));
        int options = 1 + command.indexOf(BenchProcess.java());
        command.addAll(options, MEMORY);
        command.add(options, "-Xlog:gc:file=" + log + ":utctime");
        command.addAll(List.of(
                "demo",
                "--for",
                Integer.toString(seconds + 60),
                "--ntp-port",
                "123",
                "--control",
                folder.resolve("control.sock").toString(),
                "--config",
                config.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader said = process.inputReader();
        for (String line = said.readLine(); line == null || !line.startsWith("READY "); line = said.readLine()) {
            if (line == null) {
                throw new IOException("the daemon has ended");
            }
        }
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return process;
    }

    private static List<Pause> pauses(Path log) throws IOException {
        List<Pause> pauses = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.find()) {
                pauses.add(new Pause(
                        OffsetDateTime.parse(pause.group(1), TIME).toInstant(),
                        Integer.parseInt(pause.group(2)),
                        Integer.parseInt(pause.group(3)),
                        Double.parseDouble(pause.group(4))));
            }
        }
        return pauses;
    }

    private ResultLine line(List<Window> windows, List<Pause> all) {
        List<Pause> pauses = all.stream()
                .filter(pause -> windows.stream().anyMatch(window -> window.holds(pause)))
                .toList();
        List<Window> with = windows.stream()
                .filter(window -> pauses.stream().anyMatch(window::holds))
                .toList();
        List<Window> without =
                windows.stream().filter(window -> !with.contains(window)).toList();
        double sent =
                windows.stream().mapToDouble(w -> w.result().number("sent")).sum();
        double good =
                windows.stream().mapToDouble(w -> w.result().number("good")).sum();
        return new ResultLine()
                .put("bench", "long")
                .put("path", xdp ? "xdp" : "socket")
                .put("windows", windows.size())
                .put("rate", rate)
                .put("answered", good / sent)
                .put("rss_first_kb", windows.getFirst().residentKilobytes())
                .put("rss_quarter_kb", atPart(windows, 1))
                .put("rss_half_kb", atPart(windows, 2))
                .put("rss_three_quarters_kb", atPart(windows, 3))
                .put("rss_last_kb", windows.getLast().residentKilobytes())
                .put(
                        "rss_most_kb",
                        windows.stream()
                                .mapToLong(Window::residentKilobytes)
                                .max()
                                .orElse(0))
                .put("pauses", pauses.size())
                .put(
                        "pause_most_ms",
                        pauses.stream().mapToDouble(Pause::millis).max().orElse(0))
                .put("pause_all_ms", pauses.stream().mapToDouble(Pause::millis).sum())
                .put(
                        "heap_most_mb",
                        pauses.stream().mapToInt(Pause::heapMegabytes).max().orElse(0))
                .put(
                        "heap_left_mb",
                        pauses.stream().mapToInt(Pause::leftMegabytes).max().orElse(0))
                .put("t3_spread_us", median(without))
                .put("t3_spread_pause_us", median(with));
    }

    /** What the daemon had in RAM when so many quarters of the time were over: whether it still grows. */
    private static long atPart(List<Window> windows, int quarters) {
        return windows.get((windows.size() - 1) * quarters / 4).residentKilobytes();
    }

    private static double median(List<Window> windows) {
        double[] sorted =
                windows.stream().mapToDouble(Window::spreadMicros).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
