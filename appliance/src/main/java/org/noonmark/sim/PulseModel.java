package org.noonmark.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The pulses of a simulated receiver as a kernel would stamp them. Each second's edges follow from the seed and the second alone, and
 * their stamps are computed from the clock's timeline: they do not depend on when, how often or in what order they are asked for.
 */
public final class PulseModel {
    /**
     * What happens to edges on their way.
     *
     * @param delayNanos constant delay of every stamp
     * @param jitterNanos one sigma of its Gaussian part
     * @param shortTail share of edges that wait exponentially for a busy interrupt, a little
     * @param shortTailNanos mean of that wait
     * @param longTail share of edges that wait long
     * @param longTailNanos mean of that wait
     * @param missing share of edges that are lost
     * @param falseEdges share of seconds with a stray edge anywhere in them
     */
    public record Noise(
            long delayNanos,
            double jitterNanos,
            double shortTail,
            double shortTailNanos,
            double longTail,
            double longTailNanos,
            double missing,
            double falseEdges) {
        /** An isolated core: 0.2 us of jitter. */
        public static final Noise QUIET = new Noise(0, 200, 0, 0, 0, 0, 0, 0);

        /** A busy machine: 0.5 us of jitter, 5 % wait 3 us, 0.5 % wait 30 us. */
        public static final Noise BUSY = new Noise(0, 500, 0.05, 3_000, 0.005, 30_000, 0, 0);

        /** This noise with lost and stray edges. */
        public Noise withFaults(double missingShare, double falseShare) {
            return new Noise(
                    delayNanos,
                    jitterNanos,
                    shortTail,
                    shortTailNanos,
                    longTail,
                    longTailNanos,
                    missingShare,
                    falseShare);
        }

        /** This noise with every stamp late by {@code nanos} more. */
        public Noise withDelay(long nanos) {
            return new Noise(
                    nanos, jitterNanos, shortTail, shortTailNanos, longTail, longTailNanos, missing, falseEdges);
        }
    }

    /**
     * One edge.
     *
     * @param trueNanos the world's time when the kernel took the stamp; earlier nobody may know of it
     * @param stampNanos the clock's reading then
     */
    public record Stamp(long trueNanos, long stampNanos) {}

    private static final long SECOND = 1_000_000_000L;

    private final SimulatedClock clock;
    private final Noise noise;
    private final long seed;

    public PulseModel(SimulatedClock clock, Noise noise, long seed) {
        this.clock = clock;
        this.noise = noise;
        this.seed = seed;
    }

    /** The edges of the world's second {@code worldSecond} (POSIX count), in order of time: none, one or two. */
    public List<Stamp> edgesOf(long worldSecond) {
        SplittableRandom random = new SplittableRandom(seed * 0x9e37_79b9_7f4a_7c15L + worldSecond);
        random.nextLong(); // the first value of neighbouring seeds is alike
        List<Stamp> stamps = new ArrayList<>(2);
        double late = noise.delayNanos + noise.jitterNanos * random.nextGaussian() + wait(random);
        if (random.nextDouble() >= noise.missing) {
            stamps.add(stampAt(worldSecond * SECOND + Math.round(late)));
        }
        double stray = random.nextDouble();
        if (random.nextDouble() < noise.falseEdges) {
            stamps.add(stampAt(worldSecond * SECOND + Math.round(stray * SECOND)));
        }
        stamps.sort(Comparator.comparingLong(Stamp::trueNanos));
        return stamps;
    }

    private double wait(SplittableRandom random) {
        double kind = random.nextDouble();
        double length = random.nextExponential();
        if (kind < noise.shortTail) {
            return noise.shortTailNanos * length;
        }
        return kind < noise.shortTail + noise.longTail ? noise.longTailNanos * length : 0;
    }

    private Stamp stampAt(long trueNanos) {
        return new Stamp(trueNanos, clock.nanosAt(trueNanos));
    }
}
