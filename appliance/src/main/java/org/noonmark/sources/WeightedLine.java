package org.noonmark.sources;

/**
 * A straight line through weighted points, by least squares; x = 0 is where its value is wanted.
 *
 * @param intercept value at x = 0
 * @param slope per unit of x
 * @param slopeError standard error of the slope
 * @param deviation standard deviation of the points about it, weighted
 */
record WeightedLine(double intercept, double slope, double slopeError, double deviation) {
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
        return new WeightedLine(intercept, slope, Math.sqrt(variance / spread), Math.sqrt(variance * points / sum));
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
