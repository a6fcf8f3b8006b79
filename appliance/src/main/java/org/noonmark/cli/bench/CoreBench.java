package org.noonmark.cli.bench;

import java.io.PrintStream;
import java.util.Locale;
import org.noonmark.app.CoreCost;

/** {@code dev bench core}: what the daemon's timing core costs where it runs. */
public final class CoreBench {
    private CoreBench() {}

    /** Runs; the exit code is 0. */
    public static int run(PrintStream out) {
        CoreCost.Findings found = new CoreCost().measure();
        out.printf(
                Locale.ROOT,
                "bench=core seconds=%d mean_us=%.2f p50_us=%.2f p99_us=%.2f garbage_bytes_per_s=%d core_bytes=%d%n",
                found.seconds(),
                found.meanMicros(),
                found.medianMicros(),
                found.p99Micros(),
                found.garbageBytes(),
                found.coreBytes());
        return 0;
    }
}
