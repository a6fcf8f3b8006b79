package org.noonmark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.noonmark.app.Daemon;
import org.noonmark.app.NtpQuery;
import org.noonmark.app.SimulatedMachine;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.status.StatusSnapshot;

/** What a demo prints: one READY line when a client's own question was answered well, then a line a second. */
final class DemoScreen {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long GLANCE_MILLIS = 50;

    private final PrintWriter out;
    private final SimulatedMachine machine;
    private final Daemon daemon;
    private final Path control;
    private final long startNanos;
    private boolean ready;

    /** @param startNanos monotonic clock at the start of the demo */
    DemoScreen(PrintWriter out, SimulatedMachine machine, Daemon daemon, Path control, long startNanos) {
        this.out = out;
        this.machine = machine;
        this.daemon = daemon;
        this.control = control;
        this.startNanos = startNanos;
    }

    /**
     * Prints until the end.
     *
     * @param termination the word to end
     * @param runNanos how long from the start
     * @param endTrueNanos end of the world
     * @return exit code: not good when nothing was ready by then
     */
    int run(Termination termination, long runNanos, long endTrueNanos) throws IOException, InterruptedException {
        long shown = 0;
        while (elapsedNanos() < runNanos && machine.trueNanos() < endTrueNanos) {
            if (!ready && isReady()) {
                ready = true;
                out.println(readyLine());
            }
            long second = elapsedNanos() / NANOS_PER_SECOND;
            if (second > shown) {
                shown = second;
                out.println(statusLine(second));
            }
            // Nobody reads any more, as behind "| head": what is printed would be lost.
            if (out.checkError() || termination.await(GLANCE_MILLIS)) {
                break;
            }
        }
        if (!ready) {
            out.println("not ready: " + daemon.snapshot().clock().why());
            out.flush();
        }
        return ready ? ExitCode.OK : ExitCode.NOT_GOOD;
    }

    private long elapsedNanos() {
        return LinuxTime.monotonicNanos() - startNanos;
    }

    private boolean isReady() throws IOException {
        // By the receiver: servers that are asked may have given the time before it is proven.
        StatusSnapshot now = daemon.snapshot();
        if (!now.system().isSynchronised() || now.isFollowingServers()) {
            return false;
        }
        for (InetSocketAddress address : daemon.ntpAddresses()) {
            Optional<NtpQuery.Answer> answer = NtpQuery.ask(address);
            if (answer.isEmpty() || !answer.get().isSynchronised()) {
                return false;
            }
        }
        return !daemon.ntpAddresses().isEmpty() && !daemon.isNtsExpected();
    }

    private String readyLine() {
        String addresses = String.join(",", daemon.snapshot().server().listening());
        return String.format(
                Locale.ROOT,
                "READY ntp=%s%s control=%s stratum=%d after=%.1fs",
                addresses,
                nts(),
                control,
                daemon.snapshot().system().stratum(),
                elapsedNanos() / (double) NANOS_PER_SECOND);
    }

    /** Empty where no keys are established. */
    private String nts() {
        List<String> listening = daemon.ntsStatus().listening();
        return listening.isEmpty()
                ? ""
                : " nts=" + String.join(",", listening) + " ca=" + control.resolveSibling("nts/ca.pem");
    }

    private String statusLine(long second) {
        StatusSnapshot now = daemon.snapshot();
        SystemVariables served = now.system();
        long localNanos = now.clock().updatedNanos();
        boolean synchronised = served.isSynchronised();
        return String.format(
                Locale.ROOT,
                "t=%ds %-11s stratum %-2d offset %s within %s truly off %s seconds by %s satellites %s answers %d",
                second,
                now.clock().state().name().toLowerCase(Locale.ROOT),
                synchronised ? served.stratum() : 16,
                signed(now.clock().lastOffsetNanos()),
                synchronised ? unsigned(served.rootDistanceNanos(localNanos)) : "?",
                signed(-machine.clockErrorNanos()),
                labels(now),
                satellites(now),
                now.server().answered());
    }

    private static String labels(StatusSnapshot now) {
        var labelling = now.clock().labelling();
        return labelling.source().isEmpty()
                ? "nobody"
                : String.format(Locale.ROOT, "%s+%.0fms", labelling.source(), labelling.delayNanos() / 1e6);
    }

    private static String satellites(StatusSnapshot now) {
        return now.receivers().stream()
                .map(r -> r.satellitesUsed() + "/" + r.satellitesSeen())
                .collect(Collectors.joining(","));
    }

    private static String signed(long nanos) {
        return (nanos < 0 ? "-" : "+") + unsigned(Math.abs(nanos));
    }

    private static String unsigned(long nanos) {
        for (Unit unit : Unit.ALL) {
            if (nanos < unit.limitNanos()) {
                return String.format(Locale.ROOT, unit.format(), nanos / unit.nanos());
            }
        }
        return "huge";
    }

    /** The unit in which a time below {@code limitNanos} is said. */
    private record Unit(long limitNanos, double nanos, String format) {
        static final List<Unit> ALL = List.of(
                new Unit(10_000, 1, "%.0fns"),
                new Unit(10_000_000, 1e3, "%.1fus"),
                new Unit(10_000_000_000L, 1e6, "%.1fms"),
                new Unit(Long.MAX_VALUE, 1e9, "%.1fs"));
    }
}
