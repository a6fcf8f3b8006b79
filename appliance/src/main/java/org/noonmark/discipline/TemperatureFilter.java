package org.noonmark.discipline;

import java.util.Arrays;

/**
 * What the crystal may feel of the measured temperature: the reading smoothed over 20, 60 and 240 s, since the sensor sits in the
 * processor and the crystal behind some copper and air. The terms are told as differences (20 against 60 s, 60 against 240 s, 240 s
 * against the first reading): less alike, so that their effects are learned apart. All zero while there is no sensor.
 */
final class TemperatureFilter {
    static final int TERMS = 3;

    private static final double[] SMOOTHING_SECONDS = {20, 60, 240};

    /** A grain of the Pi's sensor. */
    private static final double STILL_DEGREES = 0.487;

    private final double[] smoothed = new double[TERMS];
    private final double[] degrees = new double[TERMS];
    private double firstCelsius = Double.NaN;
    private boolean started;

    /** The last term is told from {@code celsius} on, as in an earlier run; NaN: from the first reading on. */
    void begin(double celsius) {
        firstCelsius = celsius;
    }

    /** What the last term is told from; NaN before any reading. */
    double referenceCelsius() {
        return firstCelsius;
    }

    /** The sensor shows {@code celsius}, {@code seconds} after its last reading. */
    void onReading(double celsius, double seconds) {
        if (Double.isNaN(firstCelsius)) {
            firstCelsius = celsius;
        }
        if (!started) {
            started = true;
            Arrays.fill(smoothed, celsius);
        }
        for (int i = 0; i < TERMS; i++) {
            smoothed[i] += (celsius - smoothed[i]) * -Math.expm1(-seconds / SMOOTHING_SECONDS[i]);
        }
        for (int i = 0; i < TERMS - 1; i++) {
            degrees[i] = smoothed[i] - smoothed[i + 1];
        }
        degrees[TERMS - 1] = smoothed[TERMS - 1] - firstCelsius;
    }

    /** Whether there is a sensor, and it has shown the same for some minutes: what it had to do with the board is over. */
    boolean isStill() {
        boolean still = started;
        for (int i = 0; i < TERMS - 1; i++) {
            still &= Math.abs(degrees[i]) < STILL_DEGREES;
        }
        return still;
    }

    /** The {@code term}-th term now, degrees. */
    double degrees(int term) {
        return degrees[term];
    }
}
