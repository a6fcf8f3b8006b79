package org.noonmark.sim;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The frequency error of a free-running crystal, constant over each true second. */
@FunctionalInterface
public interface Oscillator {
    /**
     * Frequency error over the {@code second}-th true second since the start, ppb; positive: the clock runs fast. Asked once for each
     * second, in rising order from 0, by one thread at a time.
     */
    double frequencyPpb(long second);

    /** A crystal with a constant error. */
    static Oscillator constant(double ppb) {
        return _ -> ppb;
    }

    /**
     * How a simulated crystal behaves.
     *
     * @param constantPpb mean frequency error
     * @param randomWalkPpb random-walk frequency noise, ppb per square root of a second (a Pi in a quiet room: 0.1; strong: 2)
     * @param whitePpb white frequency noise of each second, one sigma
     * @param temperatureAmplitudePpb amplitude of the sinusoid that room heating drives; 0 for none
     * @param temperaturePeriodSeconds its period
     */
    record Wander(
            double constantPpb,
            double randomWalkPpb,
            double whitePpb,
            double temperatureAmplitudePpb,
            double temperaturePeriodSeconds) {
        /** A Raspberry Pi on a shelf: 9 ppm off, weak wander, no heating cycle. */
        public static final Wander QUIET = new Wander(9_000, 0.1, 0.1, 0, 5_400);

        /** This crystal with a heating cycle. */
        public Wander withTemperature(double amplitudePpb, double periodSeconds) {
            return new Wander(constantPpb, randomWalkPpb, whitePpb, amplitudePpb, periodSeconds);
        }
    }

    /** A crystal that wanders as told; the same seed gives the same crystal. */
    static Oscillator wandering(Wander wander, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        double phase = random.nextDouble(2 * Math.PI);
        return new Oscillator() {
            private double walkPpb;

            @Override
            public double frequencyPpb(long second) {
                walkPpb += wander.randomWalkPpb * random.nextGaussian();
                double turn = 2 * Math.PI * second / wander.temperaturePeriodSeconds + phase;
                return wander.constantPpb
                        + walkPpb
                        + wander.whitePpb * random.nextGaussian()
                        + wander.temperatureAmplitudePpb * Math.sin(turn);
            }
        };
    }
}
