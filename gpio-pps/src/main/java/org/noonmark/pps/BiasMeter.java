package org.noonmark.pps;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How much later than the edge itself the kernel stamps it, measured: the same pulse seen by polling, with a bracket that holds the true
 * edge. Edges come from two threads.
 */
public final class BiasMeter {
    /** Stamps of one pulse lie within that; those of two do not. */
    private static final long SAME_PULSE_NANOS = 1_000_000;

    private static final int WINDOW = 512;
    private static final int ENOUGH = 120;

    /** What polling itself was seen to err by, against a clock in the network card: less than a microsecond (SatPulse, 2026). */
    private static final long POLLING_ERROR_NANOS = 500;

    /** Of a normal distribution, in median deviations. */
    private static final double SIGMAS_PER_MEDIAN_DEVIATION = 1.4826;

    private static final double SIGMAS = 3;

    private final String pin;
    private final long[] lateNanos = new long[WINDOW];
    private final long[] brackets = new long[WINDOW];
    private int pairs;
    private long kernelNanos = Long.MIN_VALUE;
    private long polledNanos = Long.MIN_VALUE;
    private long bracketNanos;

    /** {@code pin} is what people call it, such as "GPIO 18". */
    public BiasMeter(String pin) {
        this.pin = pin;
    }

    /** The kernel stamped an edge. */
    public synchronized void onKernelEdge(long stampNanos) {
        kernelNanos = stampNanos;
        pair();
    }

    /** An edge was seen by polling, at most half of {@code widthNanos} from {@code stampNanos}. */
    public synchronized void onPolledEdge(long stampNanos, long widthNanos) {
        polledNanos = stampNanos;
        bracketNanos = widthNanos;
        pair();
    }

    /** The clock was set: what was heard of it before is void. */
    public synchronized void onStepped() {
        kernelNanos = Long.MIN_VALUE;
        polledNanos = Long.MIN_VALUE;
    }

    /** What was found: empty before two minutes of pulses. The doubt is that of the bracket, of polling, and of the scatter. */
    public synchronized Optional<StampLatency> latency() {
        int count = Math.min(pairs, WINDOW);
        if (count < ENOUGH) {
            return Optional.empty();
        }
        long middle = median(lateNanos, count);
        long[] deviations = new long[count];
        for (int i = 0; i < count; i++) {
            deviations[i] = Math.abs(lateNanos[i] - middle);
        }
        double sigma = SIGMAS_PER_MEDIAN_DEVIATION * median(deviations, count);
        double doubt = median(brackets, count) / 2.0 + POLLING_ERROR_NANOS + SIGMAS * sigma;
        return Optional.of(new StampLatency(
                middle,
                (long) Math.ceil(doubt),
                String.format(Locale.ROOT, "measured on this machine by polling %s", pin)));
    }

    private void pair() {
        if (kernelNanos == Long.MIN_VALUE
                || polledNanos == Long.MIN_VALUE
                || Math.abs(kernelNanos - polledNanos) > SAME_PULSE_NANOS) {
            return;
        }
        lateNanos[pairs % WINDOW] = kernelNanos - polledNanos;
        brackets[pairs % WINDOW] = bracketNanos;
        pairs++;
        kernelNanos = Long.MIN_VALUE;
        polledNanos = Long.MIN_VALUE;
    }

    private static long median(long[] values, int count) {
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[count / 2];
    }
}
