package org.noonmark.sources;

/**
 * Whether residuals about a line change their sign as often as chance would have it; long runs of one sign say that the line is bent,
 * because the clock's frequency has changed, and that the older samples mislead.
 */
final class RunsTest {
    /** One-sided 5 percent of the normal distribution. */
    private static final double Z = 1.645;

    /** Below, any order of signs is likely. */
    private static final int LEAST = 8;

    private RunsTest() {}

    /** Runs of residuals with the same sign, from {@code from} to before {@code to}. */
    static int runs(double[] residuals, int from, int to) {
        int runs = 0;
        int lastSign = 0;
        for (int i = from; i < to; i++) {
            int sign = residuals[i] < 0 ? -1 : 1;
            runs += sign == lastSign ? 0 : 1;
            lastSign = sign;
        }
        return runs;
    }

    /** Whether {@code runs} among {@code samples} are enough for a straight line; n fair coins make 1 + (n - 1) / 2 on average. */
    static boolean isLikely(int runs, int samples) {
        double mean = 1 + (samples - 1) / 2.0;
        double deviation = Math.sqrt(samples - 1.0) / 2;
        return samples < LEAST || runs > Math.round(mean - Z * deviation);
    }
}
