package org.noonmark.cli.bench;

import java.util.Arrays;
import org.noonmark.sim.Trace;

/**
 * Judges one run over a trace from the true error at each true second (local minus true, nanoseconds). The figures count from one
 * hour in (half-way in short traces), without outages and the ten minutes after them:
 *
 * <ul>
 *   <li>{@code rms max p50 p99 mean}: of the error; p50 and p99 of its absolute value
 *   <li>{@code f1 f64}: RMS error of the clock's rate over 1 s and over 64 s
 *   <li>{@code t10us t1us}: first second from which the error stays below for a minute, at most 3 s excepted; -1: never
 *   <li>{@code ho600 ho3600 ho86400, homax}: RMS and worst error so long into an outage; {@code reacq}: seconds to below 1 us again;
 *       {@code slew_ppm}: fastest rate over a second that clients see in the two minutes after it
 * </ul>
 */
final class ClockScore {
    private static final int SETTLE_SECONDS = 3_600;
    private static final int HOLD_SECONDS = 60;
    private static final int SLACK_SECONDS = 3;
    private static final int NEVER = 99_999;

    private final Trace trace;
    private final double[] errorNanos;

    ClockScore(Trace trace, double[] errorNanos) {
        this.trace = trace;
        this.errorNanos = errorNanos;
    }

    /** The result line. */
    ResultLine line(String who) {
        boolean[] counted = counted();
        double[] errors = new double[errorNanos.length];
        int n = 0;
        double sum = 0;
        double squares = 0;
        for (int k = 0; k < errorNanos.length; k++) {
            if (counted[k]) {
                errors[n++] = Math.abs(errorNanos[k]);
                sum += errorNanos[k];
                squares += errorNanos[k] * errorNanos[k];
            }
        }
        double[] sorted = Arrays.copyOf(errors, n);
        Arrays.sort(sorted);
        ResultLine line = new ResultLine();
        line.put("bench", trace.name()).put("who", who).put("n", errorNanos.length);
        line.put("rms_us", Math.sqrt(squares / n) * 1e-3);
        line.put("max_us", sorted[n - 1] * 1e-3);
        line.put("p50_us", sorted[n / 2] * 1e-3);
        line.put("p99_us", sorted[(int) (n * 0.99)] * 1e-3);
        line.put("mean_us", sum / n * 1e-3);
        line.put("f1_ppb", rate(counted, 1, 1));
        line.put("f64_ppb", rate(counted, 64, 8));
        line.put("t10us_s", settled(10_000, 0)).put("t1us_s", settled(1_000, 0));
        if (!trace.outages().isEmpty()) {
            outages(line);
        }
        return line;
    }

    private boolean[] counted() {
        int n = errorNanos.length;
        int settle = n > 2 * SETTLE_SECONDS ? SETTLE_SECONDS : n / 2;
        boolean[] counted = new boolean[n];
        Arrays.fill(counted, settle, n, true);
        for (Trace.Outage outage : trace.outages()) {
            int end = Math.min(n, outage.startSecond() + outage.seconds() + 600);
            Arrays.fill(counted, Math.min(outage.startSecond(), end), end, false);
        }
        return counted;
    }

    private double rate(boolean[] counted, int lag, int stride) {
        double squares = 0;
        int n = 0;
        for (int k = 0; k + lag < errorNanos.length; k += stride) {
            if (counted[k] && counted[k + lag]) {
                double rate = (errorNanos[k + lag] - errorNanos[k]) / lag;
                squares += rate * rate;
                n++;
            }
        }
        return Math.sqrt(squares / Math.max(1, n));
    }

    private int settled(double limitNanos, int from) {
        int n = errorNanos.length;
        int bad = 0;
        for (int k = from; k < Math.min(n, from + HOLD_SECONDS); k++) {
            bad += isOver(k, limitNanos);
        }
        for (int k = from; k < n - HOLD_SECONDS; k++) {
            if (isOver(k, limitNanos) == 0 && bad <= SLACK_SECONDS) {
                return k - from;
            }
            bad += isOver(k + HOLD_SECONDS, limitNanos) - isOver(k, limitNanos);
        }
        return -1;
    }

    private int isOver(int k, double limitNanos) {
        return Math.abs(errorNanos[k]) > limitNanos ? 1 : 0;
    }

    private void outages(ResultLine line) {
        for (int into : new int[] {600, 3_600, 86_400}) {
            double squares = 0;
            double worst = 0;
            int n = 0;
            for (Trace.Outage outage : trace.outages()) {
                if (outage.seconds() >= into && outage.startSecond() + into < errorNanos.length) {
                    double error = errorNanos[outage.startSecond() + into];
                    squares += error * error;
                    worst = Math.max(worst, Math.abs(error));
                    n++;
                }
            }
            if (n > 0) {
                line.put("ho" + into + "_us", Math.sqrt(squares / n) * 1e-3);
                line.put("homax" + into + "_us", worst * 1e-3);
            }
        }
        double sum = 0;
        double slew = 0;
        int n = 0;
        for (Trace.Outage outage : trace.outages()) {
            int end = outage.startSecond() + outage.seconds();
            if (end + 2 * HOLD_SECONDS < errorNanos.length) {
                int seconds = settled(1_000, end);
                sum += seconds < 0 ? NEVER : seconds;
                slew = Math.max(slew, fastest(end, end + 2 * HOLD_SECONDS));
                n++;
            }
        }
        line.put("hon", trace.outages().size());
        line.put("reacq_s", sum / Math.max(1, n));
        line.put("slew_ppm", slew * 1e-3);
    }

    /** Largest error of the rate over one second, ppb, from second {@code from} to {@code to}. */
    private double fastest(int from, int to) {
        double fastest = 0;
        for (int k = from; k < to; k++) {
            fastest = Math.max(fastest, Math.abs(errorNanos[k + 1] - errorNanos[k]));
        }
        return fastest;
    }
}
