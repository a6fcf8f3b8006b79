package org.noonmark.discipline;

import java.util.List;

/**
 * What a run has learned of its crystal and its pulses, to begin the next one with.
 *
 * @param frequencyPpb correction that the crystal needs at {@code referenceCelsius}; positive: it is slow
 * @param frequencySigmaPpb its uncertainty when it was saved
 * @param referenceCelsius what the sensor showed there; NaN without a sensor
 * @param perDegree effect of each of the temperature's terms
 * @param jitterNanos one sigma of a clean edge
 * @param forecasts how far each way of foretelling the frequency was off, for each horizon
 */
public record Learned(
        double frequencyPpb,
        double frequencySigmaPpb,
        double referenceCelsius,
        List<Term> perDegree,
        double jitterNanos,
        List<Forecast> forecasts) {
    /** Ageing, and another air around the board than when it was saved, ppb. */
    static final double LEAST_SIGMA_PPB = 300;

    private static final double MOST_PPB = 500_000;
    private static final double MOST_PPB_PER_DEGREE = 5_000;
    private static final double MOST_CELSIUS = 150;
    private static final double MOST_JITTER_NANOS = 1e8;

    /** What one degree does, ppb, and one sigma of it. */
    public record Term(double ppb, double sigmaPpb) {
        private boolean isSane() {
            return Math.abs(ppb) <= MOST_PPB_PER_DEGREE && sigmaPpb > 0 && sigmaPpb <= MOST_PPB_PER_DEGREE;
        }
    }

    /** Mean square of the errors, ppb squared, and trials so far. */
    public record Forecast(double meanSquare, double trials) {
        private boolean isSane() {
            return meanSquare >= 0 && Double.isFinite(meanSquare) && trials >= 0 && Double.isFinite(trials);
        }
    }

    public Learned {
        perDegree = List.copyOf(perDegree);
        forecasts = List.copyOf(forecasts);
    }

    /** Whether it can have been saved by this program: a file may be damaged, or from another version. */
    public boolean isSane() {
        return Math.abs(frequencyPpb) <= MOST_PPB
                && frequencySigmaPpb >= 0
                && frequencySigmaPpb <= MOST_PPB
                && (Double.isNaN(referenceCelsius) || Math.abs(referenceCelsius) <= MOST_CELSIUS)
                && jitterNanos > 0
                && jitterNanos <= MOST_JITTER_NANOS
                && perDegree.size() == TemperatureFilter.TERMS
                && perDegree.stream().allMatch(Term::isSane)
                && forecasts.size() == HoldoverPredictor.TRIALS
                && forecasts.stream().allMatch(Forecast::isSane);
    }

    /** With how much doubt a new run begins. */
    double startSigmaPpb() {
        return Math.max(frequencySigmaPpb, LEAST_SIGMA_PPB);
    }
}
