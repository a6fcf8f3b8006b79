package org.noonmark.sources;

/** Quantiles of Student's t distribution: how far a slope from few samples may be off, against its own standard error. */
final class StudentT {
    /** The quantile of 0.9995 for 1 to 10 degrees of freedom. */
    private static final double[] FEW = {636.62, 31.60, 12.92, 8.610, 6.869, 5.959, 5.408, 5.041, 4.781, 4.587};

    /** The normal distribution's. */
    private static final double Z = 3.2905;

    private StudentT() {}

    /** The quantile of 0.9995, two-sided 0.999. */
    static double quantile(int degreesOfFreedom) {
        if (degreesOfFreedom <= FEW.length) {
            return FEW[Math.max(1, degreesOfFreedom) - 1];
        }
        // Cornish-Fisher expansion (Abramowitz and Stegun, 26.7.5).
        double n = degreesOfFreedom;
        double z3 = Z * Z * Z;
        double z5 = z3 * Z * Z;
        return Z + (z3 + Z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * Z) / (96 * n * n);
    }
}
