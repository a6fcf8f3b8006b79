package org.noonmark.discipline;

import java.util.Arrays;

/** What passed since the models were last brought up: time, corrections that were really in force, warmth. */
final class Elapsed {
    private double seconds;
    private double correctedNanos;
    private final double[] degreeSeconds = new double[TemperatureFilter.TERMS];

    /** {@code trueSeconds} more, under the correction {@code correctionPpb}. */
    void add(double trueSeconds, double correctionPpb, TemperatureFilter temperature) {
        seconds += trueSeconds;
        correctedNanos += trueSeconds * correctionPpb;
        for (int i = 0; i < TemperatureFilter.TERMS; i++) {
            degreeSeconds[i] += trueSeconds * temperature.degrees(i);
        }
    }

    void clear() {
        seconds = 0;
        correctedNanos = 0;
        Arrays.fill(degreeSeconds, 0);
    }

    double seconds() {
        return seconds;
    }

    /** By how much the corrections moved the clock forward. */
    double correctedNanos() {
        return correctedNanos;
    }

    /** Integral of the {@code term}-th temperature term. */
    double degreeSeconds(int term) {
        return degreeSeconds[term];
    }
}
