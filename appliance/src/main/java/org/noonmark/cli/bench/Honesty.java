package org.noonmark.cli.bench;

import java.util.Arrays;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.sim.Trace;

/**
 * Holds what the core would tell its clients against the truth, at every second at which it serves: {@code checks} of them; {@code
 * over}: seconds at which the true error was beyond the advertised bound; {@code worst}: largest error as a share of that bound;
 * {@code bound50_us}: median of it while edges are followed; {@code wrong_s}: seconds served with a wrong whole second (no bound
 * holds that, and they are not among the checks); {@code hobound}: median of the bound so long into an outage.
 */
final class Honesty {
    private static final int[] OUTAGE_SECONDS = {600, 3_600, 86_400};
    private static final double WRONG_SECOND_NANOS = 400e6;

    private final double[] bounds;
    private final double[] followed;
    private int follows;
    private int checks;
    private int over;
    private int wrongSeconds;
    private double worst;

    Honesty(int seconds) {
        bounds = new double[seconds];
        followed = new double[seconds];
    }

    /** At the {@code second}-th second the clock is {@code errorNanos} off and shows {@code localNanos}; {@code status} is the last. */
    void onSecond(int second, double errorNanos, long localNanos, ClockStatus status) {
        bounds[second] = Double.NaN;
        if (!status.state().isSynchronised()) {
            return;
        }
        double error = Math.abs(errorNanos);
        if (error > WRONG_SECOND_NANOS) {
            wrongSeconds++;
            return;
        }
        double age = Math.max(0, localNanos - status.updatedNanos());
        double bound = status.errorBoundNanos()
                + Math.abs(status.residualOffsetNanos())
                + age * (status.errorGrowthPpb() * 1e-9);
        bounds[second] = bound;
        checks++;
        over += error > bound ? 1 : 0;
        worst = Math.max(worst, error / bound);
        if (localNanos - status.referenceNanos() < 1_500_000_000L) {
            followed[follows++] = bound;
        }
    }

    void tell(ResultLine line, Trace trace) {
        double[] sorted = Arrays.copyOf(followed, follows);
        Arrays.sort(sorted);
        line.put("checks", checks).put("over", over).put("worst", worst).put("wrong_s", wrongSeconds);
        line.put("bound50_us", follows == 0 ? Double.NaN : sorted[follows / 2] * 1e-3);
        for (int into : OUTAGE_SECONDS) {
            double[] told = trace.outages().stream()
                    .filter(outage -> outage.seconds() >= into && outage.startSecond() + into < bounds.length)
                    .mapToDouble(outage -> bounds[outage.startSecond() + into])
                    .sorted()
                    .toArray();
            if (told.length > 0) {
                line.put("hobound" + into + "_us", told[told.length / 2] * 1e-3);
            }
        }
    }
}
