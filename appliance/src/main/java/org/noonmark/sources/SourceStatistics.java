package org.noonmark.sources;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one server and the straight line through them, in raw time: weighted by their distances, from as far back as the
 * residuals look like chance ({@link RunsTest}). Behaves as chronyc(1) describes sourcestats. Used by one thread.
 */
final class SourceStatistics {
    static final int LEAST_FOR_REGRESSION = 3;

    private static final int CAPACITY = 64;
    /** Frequency error of a server against us while nothing is known: chrony's. */
    private static final double UNKNOWN_SKEW = 2_000e-6;

    private static final double UNKNOWN_DEVIATION_NANOS = 4e9;
    private static final double LEAST_SKEW = 1e-12;
    private static final double LEAST_DEVIATION_NANOS = 1;
    /**
     * How far distances scatter for one standard deviation of the offsets of the quickest exchanges, about. Larger: those that a queue
     * has held up count for less. chrony's is 0.7; where queues are all that scatters, the quickest are far better than the middle ones.
     */
    private static final double DISTANCE_TO_DEVIATION = 5;

    /** How far a crystal's wander bends a line, as a share of the line: samples that differ by less are equally good. */
    private static final double CRYSTAL_SCATTER = 3e-8;

    /**
     * Where a server's time lies at one moment, reference minus raw time.
     *
     * @param lowNanos no less, if the server tells no lies
     * @param highNanos no more
     * @param distanceNanos half of what lies between
     */
    record Interval(long lowNanos, long highNanos, double distanceNanos) {
        Interval widened(double nanos) {
            long each = (long) Math.ceil(nanos);
            return new Interval(lowNanos - each, highNanos + each, distanceNanos + nanos);
        }
    }

    private final int leastSamples;
    private final int mostSamples;
    private final double precisionNanos;
    private final double asymmetry;
    private final CrystalRate rate;
    private final boolean distancesTell;

    /** Samples of the line, and before them as many old ones as serve the runs test alone. */
    private final List<NtpSample> all = new ArrayList<>();

    private int first;
    private boolean fitted;
    private double interceptNanos;
    private double slope;
    private double skew = UNKNOWN_SKEW;
    private double deviationNanos = UNKNOWN_DEVIATION_NANOS;
    private double offsetErrorNanos = UNKNOWN_DEVIATION_NANOS;
    private double stress;
    private int dropped;
    private long used;
    private int runs;
    private int best;

    /**
     * Of packets.
     *
     * @param precisionNanos of the local clock: distances are not told apart any finer
     */
    SourceStatistics(SourceOptions.Limits limits, double precisionNanos, CrystalRate rate) {
        this(limits, precisionNanos, rate, true);
    }

    private SourceStatistics(
            SourceOptions.Limits limits, double precisionNanos, CrystalRate rate, boolean distancesTell) {
        this.rate = rate;
        this.distancesTell = distancesTell;
        leastSamples = limits.minSamples();
        asymmetry = limits.asymmetry();
        mostSamples = limits.maxSamples() == 0 ? CAPACITY : Math.min(limits.maxSamples(), CAPACITY);
        this.precisionNanos = precisionNanos;
    }

    /** Of a clock that is read here: its samples' distances differ by chance, as each is the scatter of few readings, and all count alike. */
    static SourceStatistics ofReadings(SourceOptions.Limits limits, double precisionNanos, CrystalRate rate) {
        return new SourceStatistics(limits, precisionNanos, rate, false);
    }

    /**
     * Adds a sample. One of the same exchange as the newest, told better in interleaved mode, takes its place; one that is older shows that
     * time has gone backward, and begins anew.
     */
    void add(NtpSample sample) {
        if (samples() > 0 && sample.rawNanos() == newestRawNanos()) {
            all.removeLast();
        } else if (samples() > 0 && sample.rawNanos() < newestRawNanos()) {
            forget();
        }
        all.add(sample);
        used++;
        if (samples() > mostSamples) {
            drop(1);
        }
        fit();
    }

    /** Forgets everything: what was measured says nothing of the time to come. */
    void forget() {
        all.clear();
        first = 0;
        fit();
    }

    /** Samples of the line. */
    int samples() {
        return all.size() - first;
    }

    /** Whether there is a line. */
    boolean isFitted() {
        return fitted;
    }

    int runs() {
        return runs;
    }

    /** Reference against raw time, as a share: positive when the reference gains. */
    double slope() {
        return slope;
    }

    /** How far {@link #slope} may be off. */
    double skew() {
        return skew;
    }

    /** Of the samples about the line. */
    double deviationNanos() {
        return deviationNanos;
    }

    /**
     * How far the samples lie from the line when all count alike: by what an exchange may have been held up, those that were held up
     * before count too.
     */
    double scatterOfAllNanos() {
        double squares = 0;
        for (NtpSample sample : line()) {
            double off = sample.referenceMinusRawNanos() - referenceMinusRawNanos(sample.rawNanos());
            squares += off * off;
        }
        return samples() == 0 ? deviationNanos : Math.max(deviationNanos, Math.sqrt(squares / samples()));
    }

    /** For log files: what is known of a {@code source} of these statistics besides. */
    SourceTrace trace(
            double pollScore,
            @Nullable Reply heard,
            long answers,
            SourceTrace.@Nullable Reading reading,
            long sampleLocalNanos) {
        return new SourceTrace(
                used,
                samples() == 0 ? 0 : newest().dispersionNanos(),
                offsetErrorNanos,
                stress,
                dropped,
                asymmetry,
                pollScore,
                heard,
                answers,
                reading,
                sampleLocalNanos);
    }

    /** 0 before the first sample. */
    long newestRawNanos() {
        return all.isEmpty() ? 0 : all.getLast().rawNanos();
    }

    /** 0 before the first sample. */
    long oldestRawNanos() {
        return all.isEmpty() ? 0 : all.get(first).rawNanos();
    }

    /** The newest sample; only when there is one. */
    NtpSample newest() {
        return all.getLast();
    }

    /** The sample that bounds the time best; only when there is one. */
    NtpSample bestSample() {
        return all.get(best);
    }

    /** Of the round trips of the line's samples. */
    double leastDelayNanos() {
        return line().stream().mapToDouble(NtpSample::delayNanos).min().orElse(Double.MAX_VALUE);
    }

    /** Reference minus raw time by the line; only when there is a sample. */
    long referenceMinusRawNanos(long atRawNanos) {
        return newest().referenceMinusRawNanos() + Math.round(interceptNanos + slope * (atRawNanos - newestRawNanos()));
    }

    /** How far the sample lies off the line; 0 before the first. */
    double surpriseNanos(NtpSample sample) {
        return samples() == 0 ? 0 : sample.referenceMinusRawNanos() - referenceMinusRawNanos(sample.rawNanos());
    }

    /** Where the server's time lies at {@code atRawNanos}, by the sample that bounds it best; only when there is one. */
    Interval interval(long atRawNanos) {
        NtpSample sample = all.get(best);
        double elapsed = Math.abs((double) (atRawNanos - sample.rawNanos()));
        double distance = sample.rootDistanceNanos() + elapsed * skew;
        long centre = sample.referenceMinusRawNanos() + Math.round((atRawNanos - sample.rawNanos()) * slope);
        long half = (long) Math.ceil(distance);
        return new Interval(centre - half, centre + half, distance);
    }

    private List<NtpSample> line() {
        return all.subList(first, all.size());
    }

    /** Leaves so many of the line's oldest samples to the runs test. */
    private void drop(int oldest) {
        first += oldest;
        int spare = first - samples();
        if (spare > 0) {
            all.subList(0, spare).clear();
            first -= spare;
        }
    }

    private void fit() {
        fitted = samples() >= LEAST_FOR_REGRESSION;
        if (fitted) {
            fitLine();
        } else {
            interceptNanos = 0;
            slope = 0;
            skew = UNKNOWN_SKEW;
            deviationNanos = UNKNOWN_DEVIATION_NANOS;
            offsetErrorNanos = UNKNOWN_DEVIATION_NANOS;
            stress = 0;
            dropped = 0;
            runs = 0;
        }
        findBest();
    }

    private void fitLine() {
        int count = all.size();
        double[] time = new double[count];
        double[] offset = new double[count];
        NtpSample newest = newest();
        double leastDelay = leastDelayNanos();
        for (int i = 0; i < count; i++) {
            NtpSample sample = all.get(i);
            offset[i] = sample.referenceMinusRawNanos()
                    - newest.referenceMinusRawNanos()
                    + asymmetry * (sample.delayNanos() - leastDelay);
            time[i] = sample.rawNanos() - newest.rawNanos();
        }
        double[] weight = weights();
        int start = first;
        WeightedLine line = WeightedLine.through(time, offset, weight, start);
        double[] residuals = line.residuals(time, offset);
        while (!isStraight(residuals, start, count)) {
            start++;
            line = WeightedLine.through(time, offset, weight, start);
            residuals = line.residuals(time, offset);
        }
        runs = RunsTest.runs(residuals, start, count);
        double least = scatterNanos();
        WeightedLine likely = line.towards(rate.share(), rate.deviation(), least * least);
        interceptNanos = likely.intercept();
        stress = Math.abs(likely.slope() - slope) / skew;
        dropped = start - first;
        offsetErrorNanos = line.interceptError(count - start);
        slope = likely.slope();
        // Where the samples and what was expected contradict each other, either may be right.
        double contradiction = Math.abs(line.slope() - slope);
        skew = Math.clamp(line.slopeError() * StudentT.quantile(count - start - 2) + contradiction, LEAST_SKEW, 1.0);
        deviationNanos = Math.max(LEAST_DEVIATION_NANOS, line.deviation());
        drop(start - first);
    }

    private boolean isStraight(double[] residuals, int start, int count) {
        int samples = count - start;
        int from = Math.max(0, count - 2 * samples);
        return samples <= LEAST_FOR_REGRESSION
                || samples <= leastSamples
                || RunsTest.isLikely(RunsTest.runs(residuals, from, count), count - from);
    }

    private double leastDistance() {
        return line().stream().mapToDouble(NtpSample::distanceNanos).min().orElse(0);
    }

    /** How far offsets scatter as far as distances tell. */
    private double scatterNanos() {
        double[] distances =
                line().stream().mapToDouble(NtpSample::distanceNanos).sorted().toArray();
        double least = distances[0];
        double spread = (distances[distances.length / 2] - least) / DISTANCE_TO_DEVIATION;
        spread = Math.clamp(spread, Math.min(precisionNanos, least), Math.max(precisionNanos, least));
        return spread + CRYSTAL_SCATTER * (newestRawNanos() - oldestRawNanos());
    }

    /** One over the variance that a sample's distance tells of; 0 for those before the line. */
    private double[] weights() {
        double least = leastDistance();
        double spread = scatterNanos();
        double[] weight = new double[all.size()];
        Arrays.fill(weight, 0, first, 0);
        for (int i = first; i < weight.length; i++) {
            double excess = Math.max(0, all.get(i).distanceNanos() - least - precisionNanos);
            double deviation = 1 + excess / spread;
            weight[i] = distancesTell ? 1 / (deviation * deviation) : 1;
        }
        return weight;
    }

    private void findBest() {
        best = first;
        double least = Double.MAX_VALUE;
        for (int i = first; i < all.size(); i++) {
            NtpSample sample = all.get(i);
            double distance = sample.rootDistanceNanos() + (newestRawNanos() - sample.rawNanos()) * skew;
            if (distance < least) {
                least = distance;
                best = i;
            }
        }
    }
}
