package org.noonmark.cli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.noonmark.linux.LinuxTime;
import org.noonmark.linux.OverlayClock;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.server.NtpServer;
import org.noonmark.time.NtpTime;

/**
 * {@code dev bench ntp [--chronyd PROGRAM] [--rounds N] [--clients N]}: requests answered in a second over loopback sockets, ours beside
 * chronyd's in alternating turns, because the machine's speed changes from second to second: the ratio of a round is what to trust.
 * The rate is with 64 requests under way, the time to an answer with one.
 */
public final class NtpBench {
    private static final int USAGE = 2;
    private static final int OUTSTANDING = 64;
    private static final long TURN_NANOS = 400_000_000L;
    private final int rounds;
    private final int clients;

    private record Round(NtpLoad.Turn rate, NtpLoad.Turn single) {}

    private NtpBench(int rounds, int clients) {
        this.rounds = rounds;
        this.clients = clients;
    }

    /** Runs; the exit code is 0 when every answer was right. */
    public static int run(String[] args) {
        Optional<Path> chronyd = Chronyd.find();
        int rounds = 9;
        int clients = 1_000;
        try {
            for (int i = 0; i < args.length; i += 2) {
                String value = i + 1 < args.length ? args[i + 1] : "";
                switch (args[i]) {
                    case "--chronyd" -> chronyd = Optional.of(Path.of(value));
                    case "--rounds" -> rounds = number(value, 1_000);
                    case "--clients" -> clients = number(value, 65_000);
                    default -> throw new NumberFormatException();
                }
            }
        } catch (NumberFormatException wrong) {
            System.err.println("usage: bench ntp [--chronyd PROGRAM] [--rounds 1..1000] [--clients 1..65000]");
            return USAGE;
        }
        try {
            new NtpBench(rounds, clients).measure(chronyd, System.out);
            return 0;
        } catch (IOException | IllegalStateException e) {
            System.err.println("bench ntp: " + e.getMessage());
            return 1;
        }
    }

    private static int number(String text, int max) {
        int number = Integer.parseInt(text);
        if (number < 1 || number > max) {
            throw new NumberFormatException();
        }
        return number;
    }

    private void measure(Optional<Path> program, PrintStream out) throws IOException {
        try (NtpServer server = serve();
                NtpLoad ours = new NtpLoad(server.addresses().getFirst(), clients)) {
            if (program.isEmpty()) {
                System.err.println(
                        "bench ntp: no chronyd on PATH, so ours alone. Install chrony (its service need not run), or"
                                + " give --chronyd PROGRAM");
                out.println(oursAlone(ours));
                return;
            }
            try (Chronyd chronyd = Chronyd.start(program.get());
                    NtpLoad theirs = new NtpLoad(chronyd.address(), clients)) {
                out.println(sideBySide(ours, theirs));
            }
        }
    }

    private String oursAlone(NtpLoad ours) {
        List<Round> own = new ArrayList<>();
        round(ours);
        for (int i = 0; i < rounds; i++) {
            own.add(round(ours));
        }
        return line(own);
    }

    private String sideBySide(NtpLoad ours, NtpLoad theirs) {
        List<Round> own = new ArrayList<>();
        List<Round> chrony = new ArrayList<>();
        round(ours);
        round(theirs);
        for (int i = 0; i < rounds; i++) {
            // Who goes first changes, so that a machine that slows down favours nobody.
            if (i % 2 == 0) {
                own.add(round(ours));
                chrony.add(round(theirs));
            } else {
                chrony.add(round(theirs));
                own.add(round(ours));
            }
        }
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ratios[i] =
                    own.get(i).rate().answersPerSecond() / chrony.get(i).rate().answersPerSecond();
        }
        Arrays.sort(ratios);
        return line(own)
                + String.format(
                        Locale.ROOT,
                        " chrony_rps=%.0f ratio=%.2f ratio_min=%.2f ratio_max=%.2f chrony_p50_us=%.1f chrony_p99_us=%.1f",
                        median(chrony, round -> round.rate().answersPerSecond()),
                        ratios[rounds / 2],
                        ratios[0],
                        ratios[rounds - 1],
                        median(chrony, round -> round.single().medianMicros()),
                        median(chrony, round -> round.single().p99Micros()));
    }

    private String line(List<Round> own) {
        return String.format(
                Locale.ROOT,
                "bench=ntp path=socket case=plain clients=%d outstanding=%d rounds=%d ours_rps=%.0f p50_us=%.1f p99_us=%.1f",
                clients,
                OUTSTANDING,
                rounds,
                median(own, round -> round.rate().answersPerSecond()),
                median(own, round -> round.single().medianMicros()),
                median(own, round -> round.single().p99Micros()));
    }

    private static Round round(NtpLoad load) {
        return new Round(load.run(OUTSTANDING, TURN_NANOS), load.run(1, TURN_NANOS));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static NtpServer serve() {
        AccessTable loopback =
                new AccessTable(List.of(AccessRule.of(true, false, new byte[] {127, 0, 0, 0}, 8, "allow 127.0.0.0/8")));
        OverlayClock clock = new OverlayClock(LinuxTime::realtimeNanos);
        long now = clock.nanos();
        SystemVariables stratumOne = new SystemVariables(
                0, 1, -24, SystemVariables.asciiReferenceId("GPS"), NtpTime.ofUnixNanos(now), 0, 1_000, now, 1_000);
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        return NtpServer.start(
                List.of(address), () -> loopback, NtpOptions.PLAIN, () -> stratumOne, clock, Thread::new);
    }
}
