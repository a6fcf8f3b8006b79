package org.noonmark.discipline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Tracks offset and frequency of the clock from the offsets of edges. Time passes by {@link #advance}, with the correction that was
 * really in force. Nothing is allocated after construction. Used by one thread.
 *
 * <p>Five hypotheses on the crystal ({@link ModelBank}) meet each edge; {@link PulseNoise} says what the edge is worth. When edges
 * stay away, {@link HoldoverPredictor} says which frequency to hold.
 */
final class ClockEstimator {
    /** The models are brought up at each edge; without one, when this much time has passed. */
    private static final double SETTLE_SECONDS = 1.5;

    private static final int MOST_STEPS = 30;

    /**
     * So long nothing needs to be foretold. Simulated, bursts of 30 missing edges: the worst of them end 1.15 times as far off as the reference
     * estimator's, with 20 here 1.20 times, with 45 1.26 times.
     */
    private static final double HOLDOVER_SECONDS = 10;

    /** No crystal leaves its frequency further on average, whatever becomes of its warmth. */
    private static final double LOOSEST_PPB = 5_000;

    /** How far off a forecast may be, over what it was on average, before edges that say so are junk. */
    private static final double DOUBT_SIGMAS = 6;

    /** Edges before the predictor takes notes: the frequency is still being found. */
    private static final int FIRST_EDGES = 60;

    /** A board that warms up is seen to do so by then; what looks like a drift later is the crystal's walk as often as not. */
    private static final int EDGES_TO_SEE_DRIFT = 240;

    /** And one that has been powered for so long, twice as long as a drift lasts, has done most of it before the first edge. */
    private static final double WARM_SECONDS = 2 * CrystalModel.DRIFT_SECONDS;

    /** Among so many edges at the start, two that lie so far off say that the frequency is not this crystal's. */
    private static final int EDGES_TO_KNOW = 12;

    private static final double STRANGE_SIGMAS = 8;

    /** A few pulses tell their jitter to a third or so of it; too much is learned down from, too little is late pulses that are none. */
    private static final double JITTER_MARGIN = 2;

    /**
     * And they are not believed to jitter by less. Simulated, jitter of 80 ns: without that the clock strays by 46 ns in the fourth minute,
     * with it by 49, and by 67 from the first guess; but hardware's stamps leave the rate over a second at 0.900 ppb, 0.915 without.
     */
    private static final double LEAST_EARLY_NANOS = 200;

    /** Of a jitter that was learned or guessed: nearer to it the few pulses tell nothing. */
    private static final double FAR_LESS = 0.6;

    /** A sensor that has not been read for longer says nothing. */
    private static final double FRESH_SECONDS = 10;

    /** One edge alone may have waited long for its interrupt. */
    private static final double FIRST_EDGE_DOUBT_NANOS = 10_000;

    private final TemperatureFilter temperature = new TemperatureFilter();
    private final PulseNoise noise = new PulseNoise();
    private final PulseScatter scatter = new PulseScatter();
    private final EarlyJitter earlyJitter = new EarlyJitter();
    private final double firstFrequencySigmaPpb;
    private final FilterLag lag = new FilterLag();
    private final PulseDrag drag;
    private final Elapsed elapsed = new Elapsed();
    private final ModelBank bank;
    private final HoldoverPredictor holdover;
    private double poweredSeconds;
    private double secondsSinceEdge;
    private double secondsSinceStamp; // of an edge that counted or not
    private double correctedSinceStampNanos;
    private double secondsSinceReading;
    private double offsetSigmaNanos;
    private double frequencySigmaPpb;
    private boolean foretold; // by the owner, from a sensor of his
    private boolean runsAway;
    private boolean driftShrunk; // in this outage
    private long edges;
    private int edgesSeen;
    private int edgesStrange;

    /** A crystal that has been powered for {@code poweredSeconds}. */
    ClockEstimator(double frequencyPpb, double frequencySigmaPpb, double poweredSeconds) {
        bank = new ModelBank(frequencyPpb, frequencySigmaPpb, poweredSeconds);
        this.frequencySigmaPpb = frequencySigmaPpb;
        this.poweredSeconds = poweredSeconds;
        firstFrequencySigmaPpb = frequencySigmaPpb;
        holdover = new HoldoverPredictor(bank, temperature);
        drag = new PulseDrag(bank);
    }

    /** Begins where an earlier run ended. */
    ClockEstimator(Learned learned, double poweredSeconds) {
        this(learned.frequencyPpb(), learned.startSigmaPpb(), poweredSeconds);
        bank.begin(learned.perDegree());
        temperature.begin(learned.referenceCelsius());
        noise.begin(learned.jitterNanos());
        holdover.begin(learned.forecasts());
    }

    /** The temperature that is told has this effect, as the owner knows, whatever was learned of another sensor. */
    void beginWarmth(Learned.Term perDegree) {
        List<Learned.Term> everyTerm = Collections.nCopies(TemperatureFilter.TERMS, perDegree);
        bank.begin(everyTerm);
        temperature.begin(Double.NaN);
        foretold = true;
    }

    /** What the next run may begin with; empty while this one has hardly begun itself. */
    Optional<Learned> learned() {
        if (edges <= FIRST_EDGES) {
            return Optional.empty();
        }
        if (foretold) {
            // The owner may say otherwise next time, and another sensor's degrees are others.
            return Optional.of(new Learned(
                    bank.frequencyPpb(temperature),
                    frequencySigmaPpb,
                    Double.NaN,
                    Collections.nCopies(TemperatureFilter.TERMS, CrystalModel.UNKNOWN_TERM),
                    jitterNanos(),
                    holdover.learned()));
        }
        List<Learned.Term> terms = new ArrayList<>();
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            terms.add(new Learned.Term(bank.ppbPerDegree(i), bank.ppbPerDegreeSigma(i)));
        }
        return Optional.of(new Learned(
                bank.steadyFrequencyPpb(),
                frequencySigmaPpb,
                temperature.referenceCelsius(),
                terms,
                jitterNanos(),
                holdover.learned()));
    }

    /** The clock advanced by {@code localSeconds} under the correction {@code correctionPpb}. */
    void advance(double localSeconds, double correctionPpb) {
        double trueSeconds = localSeconds / (1 + correctionPpb * 1e-9);
        elapsed.add(trueSeconds, correctionPpb, temperature);
        secondsSinceReading += trueSeconds;
        poweredSeconds += trueSeconds;
        if (elapsed.seconds() > SETTLE_SECONDS) {
            settle();
            hold();
        }
    }

    private void settle() {
        secondsSinceEdge += elapsed.seconds();
        if (elapsed.seconds() > 0) {
            secondsSinceStamp += elapsed.seconds();
            correctedSinceStampNanos += elapsed.correctedNanos();
            bank.advance(elapsed, MOST_STEPS);
            drag.advance(elapsed);
            elapsed.clear();
        }
    }

    /**
     * Edges stay away. The wilder hypotheses would lose themselves within minutes, and then believe any edge: their doubt is kept
     * to what forecasts of this length have missed here, or, before any were made, to what crystals do.
     */
    private void hold() {
        if (secondsSinceEdge <= HOLDOVER_SECONDS) {
            return;
        }
        double frequency = holdover.frequencyPpb(secondsSinceEdge);
        double missedPpb = LOOSEST_PPB;
        if (Double.isNaN(frequency)) {
            if (!driftShrunk && (edges > EDGES_TO_SEE_DRIFT || poweredSeconds > WARM_SECONDS)) {
                bank.shrinkDrift();
            }
            driftShrunk = true;
        } else {
            bank.shiftFrequency(frequency - bank.frequencyPpb(temperature));
            missedPpb = Math.min(LOOSEST_PPB, DOUBT_SIGMAS * holdover.sigmaNanos(secondsSinceEdge) / secondsSinceEdge);
        }
        // On top of what was in doubt at the last edge. A frequency error that grew evenly ends at twice its mean.
        bank.limit(
                offsetSigmaNanos + (frequencySigmaPpb + missedPpb) * secondsSinceEdge,
                frequencySigmaPpb + 2 * missedPpb);
    }

    /** The processor's sensor shows {@code celsius} now. */
    void onTemperature(double celsius) {
        temperature.onReading(celsius, secondsSinceReading);
        secondsSinceReading = 0;
    }

    /** An edge shows {@code offsetNanos} now. Returns the probability that it is no pulse of the receiver at all. */
    double update(double offsetNanos) {
        settle();
        runsAway = false;
        lookAtJitter(offsetNanos);
        double innovation = offsetNanos - bank.offsetNanos();
        double sigma = innovationSigmaNanos();
        if (isOfAnotherCrystal(innovation, sigma)) {
            bank.doubtFrequency(TimingOptions.UNKNOWN_FREQUENCY_SIGMA_PPB);
            restart(offsetNanos);
            return 0;
        }
        noise.onEdge();
        bank.update(offsetNanos, noise);
        lag.onEdge(innovation, sigma, noise.cleanShare());
        double junk = noise.junkShare();
        if (junk < 0.5) {
            edges++;
            if (edges > FIRST_EDGES) {
                holdover.onEdge(secondsSinceEdge, frequencyPpb());
            }
            runsAway = drag.onEdge(bank.offsetNanos(), temperature.isStill() && secondsSinceReading < FRESH_SECONDS);
            rememberDoubt();
        }
        scatter.onEdge(innovation, junk > 0.5);
        double scatterNanos = scatter.sigmaNanos();
        if (Double.isNaN(scatterNanos)) {
            noise.learn();
        } else {
            reopen(scatterNanos);
        }
        return junk;
    }

    /** Where the first pulses jitter far less than was guessed. */
    private void lookAtJitter(double offsetNanos) {
        if (earlyJitter.onEdge(offsetNanos, secondsSinceStamp, correctedSinceStampNanos)) {
            double sigmaNanos = Math.max(LEAST_EARLY_NANOS, JITTER_MARGIN * earlyJitter.sigmaNanos());
            if (sigmaNanos < FAR_LESS * jitterNanos()) {
                noise.reopen(sigmaNanos);
            }
        }
        secondsSinceStamp = 0;
        correctedSinceStampNanos = 0;
    }

    /** What was saved may be of another board; edges that keep leaving it would be taken for late ones, one by one. */
    private boolean isOfAnotherCrystal(double innovation, double sigma) {
        if (edgesSeen >= EDGES_TO_KNOW) {
            return false;
        }
        edgesSeen++;
        boolean strange = Math.abs(innovation) > STRANGE_SIGMAS * sigma;
        edgesStrange += strange ? 1 : 0;
        return strange && edgesStrange == 2;
    }

    /** The pulses scatter far more than was learned of them. */
    private void reopen(double scatterNanos) {
        noise.reopen(scatterNanos);
        // Some of the edges were believed before they were found to scatter, and tilted the frequency.
        bank.doubtFrequency(Math.min(firstFrequencySigmaPpb, scatterNanos));
        restart(bank.offsetNanos() + scatter.middleNanos());
    }

    /** The offset is {@code offsetNanos} now, as one edge says, and nothing of the phase before counts; the frequency is kept. */
    void restart(double offsetNanos) {
        settle();
        bank.restart(offsetNanos, noise.variance() + FIRST_EDGE_DOUBT_NANOS * FIRST_EDGE_DOUBT_NANOS);
        rememberDoubt();
        scatter.forget();
        lag.forget();
        drag.forget();
        runsAway = false;
    }

    /** Whether the edges of the last minute leave the crystal as no crystal does, and whoever moves them is still at it. */
    boolean runsAway() {
        return runsAway;
    }

    /** How far the pulses have run away, and with them the clock, reference minus local. */
    double awayNanos() {
        return drag.awayNanos();
    }

    /** This crystal changes its rate by so much at once: pulses that do it are nothing to notice. */
    void allowRunning(double ppb) {
        drag.allow(ppb);
    }

    /** What is known of the frequency may be wrong by {@code sigmaPpb}. */
    void doubtFrequency(double sigmaPpb) {
        bank.doubtFrequency(sigmaPpb);
    }

    /** What the edges of the last minute have taught is taken back. */
    void takeBack() {
        runsAway = false;
        bank.shiftOffset(-drag.awayNanos());
        bank.shiftFrequency(drag.ppbBefore() - bank.steadyFrequencyPpb());
        offsetSigmaNanos = drag.sigmaNanos();
        frequencySigmaPpb = drag.sigmaNanos() / 60; // that was gained in a minute
        holdover.takeBack(PulseDrag.SPOILT_MINUTES);
        drag.forget();
        scatter.forget();
        lag.forget();
    }

    private void rememberDoubt() {
        driftShrunk = false;
        secondsSinceEdge = 0;
        offsetSigmaNanos = Math.sqrt(bank.offsetVariance());
        frequencySigmaPpb = Math.sqrt(bank.frequencyVariance(temperature));
    }

    /** The clock was moved by {@code deltaNanos}. */
    void onStepped(long deltaNanos) {
        bank.shiftOffset(-(double) deltaNanos);
        drag.onStepped(deltaNanos);
        earlyJitter.onStepped();
        scatter.forget();
    }

    /** Reference minus local now. */
    double offsetNanos() {
        return bank.offsetNanos() + elapsed.seconds() * frequencyPpb() - elapsed.correctedNanos();
    }

    /** One sigma of how far the next clean edge will lie off its prediction. */
    double innovationSigmaNanos() {
        return Math.sqrt(bank.offsetVariance() + noise.variance());
    }

    /** One sigma at the last edge that counted. */
    double offsetSigmaNanos() {
        return offsetSigmaNanos;
    }

    /** What the prediction may have gone wrong by since the last edge, one sigma; NaN while no outage is being held by it. */
    double holdoverSigmaNanos() {
        return secondsSinceEdge > HOLDOVER_SECONDS
                ? holdover.sigmaNanos(secondsSinceEdge + elapsed.seconds())
                : Double.NaN;
    }

    /** By how much the last edges lay off their predictions, either sign: what the sigma does not know while the models lag. */
    double biasNanos() {
        return lag.nanos();
    }

    /** The correction that would make the clock run true over the next second; positive: the crystal is slow. */
    double frequencyPpb() {
        return bank.frequencyPpb(temperature) + 0.5 * bank.driftPpbPerSecond();
    }

    /** One sigma at the last edge that counted. */
    double frequencySigmaPpb() {
        return frequencySigmaPpb;
    }

    /** Weight that a clean edge gets against the prediction, 0 to 1; small when pulses are noisier than the crystal. */
    double gain() {
        return bank.gain();
    }

    /** One sigma of a clean edge's jitter, as learned. */
    double jitterNanos() {
        return Math.sqrt(noise.variance());
    }
}
