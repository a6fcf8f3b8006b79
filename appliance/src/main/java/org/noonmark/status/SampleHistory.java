package org.noonmark.status;

/**
 * The latest samples of one source, for reports. Written and asked by one thread; {@link #statistics} gives a value that any thread may
 * read. Costs a few microseconds for 64 samples.
 */
public final class SampleHistory {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int REACH_BITS = 8;
    /** A sample belongs to the last second even when it comes a little late: half a second of grace. */
    private static final long GRACE_NANOS = NANOS_PER_SECOND / 2;

    private final long[] localNanos;
    private final double[] offsetNanos;
    private int size;
    private int next;

    /** @param capacity samples kept; more give a steadier slope and hide what is new */
    public SampleHistory(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + ", need at least 1");
        }
        localNanos = new long[capacity];
        offsetNanos = new double[capacity];
    }

    /** One sample: local clock when it was taken, and its offset, reference minus local. */
    public void onSample(long atLocalNanos, double sampleOffsetNanos) {
        localNanos[next] = atLocalNanos;
        offsetNanos[next] = sampleOffsetNanos;
        next = (next + 1) % localNanos.length;
        size = Math.min(size + 1, localNanos.length);
    }

    /** Forgets everything: the clock was stepped, and samples from before it say nothing of it. */
    public void onStep() {
        size = 0;
        next = 0;
    }

    /** The figures at {@code nowNanos} of the local clock. */
    public SampleStatistics statistics(long nowNanos) {
        if (size == 0) {
            return SampleStatistics.NONE;
        }
        long newest = localNanos[index(size - 1)];
        Line line = fit(newest);
        double sumOfSquares = 0;
        int runs = 0;
        int lastSign = 0;
        for (int i = 0; i < size; i++) {
            double residual = offsetNanos[index(i)] - line.at(seconds(localNanos[index(i)] - newest));
            sumOfSquares += residual * residual;
            int sign = residual < 0 ? -1 : 1;
            runs += sign == lastSign ? 0 : 1;
            lastSign = sign;
        }
        double deviation = size > 2 ? Math.sqrt(sumOfSquares / (size - 2)) : 0;
        double skew = line.spread > 0 ? deviation / Math.sqrt(line.spread) : 0;
        return new SampleStatistics(
                size,
                runs,
                seconds(newest - localNanos[index(0)]),
                line.slope,
                skew,
                line.intercept,
                deviation,
                reach(nowNanos),
                newest,
                offsetNanos[index(size - 1)]);
    }

    /** Least squares over the samples, seconds counted from {@code originNanos}; nanoseconds per second are parts in 10^9. */
    private Line fit(long originNanos) {
        double meanTime = 0;
        double meanOffset = 0;
        for (int i = 0; i < size; i++) {
            meanTime += seconds(localNanos[index(i)] - originNanos) / size;
            meanOffset += offsetNanos[index(i)] / size;
        }
        double spread = 0;
        double common = 0;
        for (int i = 0; i < size; i++) {
            double time = seconds(localNanos[index(i)] - originNanos) - meanTime;
            spread += time * time;
            common += time * (offsetNanos[index(i)] - meanOffset);
        }
        double slope = spread > 0 ? common / spread : 0;
        return new Line(slope, meanOffset - slope * meanTime, spread);
    }

    private int reach(long nowNanos) {
        int reach = 0;
        for (int i = Math.max(0, size - 2 * REACH_BITS); i < size; i++) {
            long age = nowNanos - localNanos[index(i)] - GRACE_NANOS;
            long bit = Math.max(0, Math.floorDiv(age, NANOS_PER_SECOND));
            if (bit < REACH_BITS) {
                reach |= 1 << bit;
            }
        }
        return reach;
    }

    /** The place of the {@code i}-th oldest sample. */
    private int index(int i) {
        return Math.floorMod(next - size + i, localNanos.length);
    }

    private static double seconds(long nanos) {
        return nanos * 1e-9;
    }

    private record Line(double slope, double intercept, double spread) {
        double at(double seconds) {
            return intercept + slope * seconds;
        }
    }
}
