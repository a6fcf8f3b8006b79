package org.noonmark.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.noonmark.pps.StampLatency;
import org.noonmark.provisioning.PulseLateness;
import org.noonmark.status.PulseStatus;

/** How late pulses are stamped, from what the owner says and what is known of the board: one figure, and whose it is. */
final class StampDelay {
    private StampDelay() {}

    /** What is taken off each stamp, and what is left in doubt. */
    static PulseStatus.Delay of(PulseLateness said, StampLatency board) {
        long latencyNanos = said.latencyNanos().orElse(board.meanNanos());
        return new PulseStatus.Delay(
                latencyNanos + said.cableDelayNanos() + said.offsetNanos(),
                said.latencyErrorNanos().orElse(board.uncertaintyNanos()),
                source(said, board, latencyNanos));
    }

    private static String source(PulseLateness said, StampLatency board, long latencyNanos) {
        String configured = "by the configuration";
        List<String> parts = new ArrayList<>();
        String whose = said.latencyNanos().isPresent() ? configured : board.source();
        parts.add(micros(latencyNanos) + " latency (" + whose + ")");
        if (said.cableDelayNanos() != 0) {
            parts.add(micros(said.cableDelayNanos()) + " antenna cable");
        }
        if (said.offsetNanos() != 0) {
            parts.add(micros(said.offsetNanos()) + " offset");
        }
        boolean ownMean = said.latencyNanos().isPresent();
        boolean ownError = said.latencyErrorNanos().isPresent();
        if (ownMean != ownError) {
            parts.add("doubt " + (ownError ? configured : "of the board"));
        }
        return String.join("; ", parts);
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.3g us", nanos * 1e-3);
    }
}
