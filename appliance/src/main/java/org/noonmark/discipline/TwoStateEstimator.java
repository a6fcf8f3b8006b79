package org.noonmark.discipline;

/**
 * Kalman filter on phase and frequency. Edges are weighed by {@link PulseNoise}; the crystal's wander is learned from the innovations:
 * in a filter that is tuned right, successive ones are not alike; alike means that the filter lags and must trust the edges more.
 */
final class TwoStateEstimator implements ClockEstimator {
    private static final double WHITE_PPB = 0.1; // white frequency noise over one second
    private static final double FIRST_WALK_PPB = 1; // random walk, ppb per square root of a second
    private static final double LEAST_WALK_PPB = 0.03;
    private static final double MOST_WALK_PPB = 20;

    /** One edge alone may have waited long for its interrupt. */
    private static final double FIRST_EDGE_DOUBT_NANOS = 10_000;

    /**
     * A crystal left alone does not wander by its random walk only: the room warms, a fan starts. After a gap a mean frequency error
     * that grew with it is reckoned with, and a drift of the frequency, so that the first edges after it are believed.
     */
    private static final double GAP_ERROR_PPB_PER_SECOND = 0.5;

    private static final double GAP_ERROR_LIMIT_PPB = 100;
    private static final double GAP_DRIFT_PPB_PER_SECOND = 0.1;
    private static final double GAP_SECONDS = 5;

    /** With one edge in eighteen late, four in a row are chance once in a day. */
    private static final int ODD_IN_A_ROW = 4;

    /** What a crystal may gain in a few seconds when its rate changes; edges further off are strays, or a jump. */
    private static final double NEAR_NANOS = 50_000;

    /** Innovations over which a bias shows, and what a single one may add to it. */
    private static final int BIAS_EDGES = 8;

    private static final double BIAS_SIGMAS = 5;

    private final PulseNoise noise = new PulseNoise();
    private double offset; // ns
    private double frequency; // ppb
    private double p00;
    private double p01;
    private double p11;
    private double logWalk = Math.log(FIRST_WALK_PPB);
    private double lastInnovationSigmas;
    private double secondsSinceEdge;
    private double bias; // mean of the last innovations, ns
    private int oddInARow;
    private double lastInnovationNanos;
    private long edges;

    TwoStateEstimator(double frequencyPpb, double frequencySigmaPpb) {
        frequency = frequencyPpb;
        p11 = frequencySigmaPpb * frequencySigmaPpb;
    }

    @Override
    public void advance(double localSeconds, double correctionPpb) {
        double trueSeconds = localSeconds / (1 + correctionPpb * 1e-9);
        offset += trueSeconds * (frequency - correctionPpb);
        double walk = Math.exp(2 * logWalk) * trueSeconds;
        p00 += trueSeconds * (2 * p01 + trueSeconds * p11) + WHITE_PPB * WHITE_PPB * trueSeconds;
        p00 += walk * trueSeconds * trueSeconds / 3;
        p01 += trueSeconds * p11 + walk * trueSeconds / 2;
        p11 += walk;
        secondsSinceEdge += trueSeconds;
    }

    @Override
    public Fit update(double offsetNanos) {
        doubtGap();
        double innovation = offsetNanos - offset;
        doubtPrediction(innovation);
        double sigma = Math.sqrt(p00 + noise.variance());
        noise.weigh(innovation, p00);
        offset += p00 * noise.pull();
        frequency += p01 * noise.pull();
        double narrowing = noise.narrowing();
        p11 -= p01 * p01 * narrowing;
        p01 -= p00 * p01 * narrowing;
        p00 -= p00 * p00 * narrowing;
        noise.learn();
        boolean near = Math.abs(innovation) < NEAR_NANOS;
        oddInARow = near && noise.cleanShare() < 0.5 ? oddInARow + 1 : 0;
        lastInnovationNanos = innovation;
        if (near && edges > BIAS_EDGES) {
            bias += (Math.clamp(innovation, -BIAS_SIGMAS * sigma, BIAS_SIGMAS * sigma) - bias) / BIAS_EDGES;
        }
        edges++;
        learnWalk(Math.clamp(innovation / sigma, -2, 2));
        return new Fit(innovation, noise.junkShare());
    }

    private void doubtGap() {
        if (secondsSinceEdge > GAP_SECONDS) {
            double meanPpb = Math.min(GAP_ERROR_LIMIT_PPB, GAP_ERROR_PPB_PER_SECOND * secondsSinceEdge);
            double error = meanPpb * secondsSinceEdge;
            double drift = GAP_DRIFT_PPB_PER_SECOND * secondsSinceEdge;
            p00 += error * error;
            p11 += drift * drift;
        }
        secondsSinceEdge = 0;
    }

    /** Interrupts are late, and strays come, one by one; when several edges in a row look odd, the crystal has changed its rate. */
    private void doubtPrediction(double innovation) {
        if (oddInARow >= ODD_IN_A_ROW && Math.abs(innovation) < NEAR_NANOS) {
            double rate = innovation / oddInARow;
            p00 += innovation * innovation;
            p11 += rate * rate;
            oddInARow = 0;
        }
    }

    private void learnWalk(double innovationSigmas) {
        double now = noise.cleanShare() > 0.5 ? innovationSigmas : 0;
        if (edges > 4) {
            double rate = Math.max(0.02, 1.0 / edges);
            logWalk += rate * now * lastInnovationSigmas;
            logWalk = Math.clamp(logWalk, Math.log(LEAST_WALK_PPB), Math.log(MOST_WALK_PPB));
        }
        lastInnovationSigmas = now;
    }

    @Override
    public void restart(double offsetNanos) {
        offset = offsetNanos;
        p00 = noise.variance() + FIRST_EDGE_DOUBT_NANOS * FIRST_EDGE_DOUBT_NANOS;
        p01 = 0;
        secondsSinceEdge = 0;
        lastInnovationSigmas = 0;
        bias = 0;
    }

    @Override
    public void onStepped(long deltaNanos) {
        offset -= deltaNanos;
    }

    @Override
    public double offsetNanos() {
        return offset;
    }

    @Override
    public double offsetSigmaNanos() {
        return Math.sqrt(p00);
    }

    @Override
    public double biasNanos() {
        return oddInARow < 2 ? bias : Math.max(Math.abs(bias), Math.abs(lastInnovationNanos));
    }

    @Override
    public double frequencyPpb() {
        return frequency;
    }

    @Override
    public double frequencySigmaPpb() {
        return Math.sqrt(p11);
    }

    @Override
    public double gain() {
        return p00 / (p00 + noise.variance());
    }

    @Override
    public double jitterNanos() {
        return Math.sqrt(noise.variance());
    }
}
