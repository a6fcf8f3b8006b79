package org.noonmark.sources;

/**
 * A straight line through weighted points, by least squares; x = 0 is where its value is wanted.
 *
 * @param intercept value at x = 0
 * @param slope per unit of x
 * @param slopeError standard error of the slope
 * @param deviation standard deviation of the points about it, weighted
 * @param centre weighted mean of x, through which it turns
 * @param spread weighted squares of x about that
 * @param variance of a point of weight 1
 */
record WeightedLine(
        double intercept,
        double slope,
        double slopeError,
        double deviation,
        double centre,
        double spread,
        double variance) {
    /** Through the points from {@code from} on, at least three. */
    static WeightedLine through(double[] x, double[] y, double[] weight, int from) {
        double sum = 0;
        double meanX = 0;
        double meanY = 0;
        for (int i = from; i < x.length; i++) {
            sum += weight[i];
            meanX += weight[i] * x[i];
            meanY += weight[i] * y[i];
        }
        meanX /= sum;
        meanY /= sum;
        double spread = 0;
        double common = 0;
        for (int i = from; i < x.length; i++) {
            double dx = x[i] - meanX;
            spread += weight[i] * dx * dx;
            common += weight[i] * dx * y[i];
        }
        double slope = common / spread;
        double intercept = meanY - slope * meanX;
        double squares = 0;
        for (int i = from; i < x.length; i++) {
            double residual = y[i] - intercept - slope * x[i];
            squares += weight[i] * residual * residual;
        }
        int points = x.length - from;
        double variance = squares / (points - 2);
        return new WeightedLine(
                intercept,
                slope,
                Math.sqrt(variance / spread),
                Math.sqrt(variance * points / sum),
                meanX,
                spread,
                variance);
    }

    /**
     * The line with a slope between its own and one that was expected, by how well each is known.
     *
     * @param expected slope
     * @param deviation of that
     * @param leastVariance of a point of weight 1: a few points may lie on a line by chance
     */
    WeightedLine towards(double expected, double deviation, double leastVariance) {
        double own = spread / Math.max(variance, leastVariance);
        double prior = 1 / (deviation * deviation);
        double turned = (own * slope + prior * expected) / (own + prior);
        return new WeightedLine(
                intercept + (slope - turned) * centre, turned, slopeError, this.deviation, centre, spread, variance);
    }

    /** Standard error of the intercept, of a line through so many points. */
    double interceptError(int points) {
        return Math.sqrt(deviation * deviation / points + variance * centre * centre / spread);
    }

    /** How far each point lies above it. */
    double[] residuals(double[] x, double[] y) {
        double[] residuals = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            residuals[i] = y[i] - intercept - slope * x[i];
        }
        return residuals;
    }
}
