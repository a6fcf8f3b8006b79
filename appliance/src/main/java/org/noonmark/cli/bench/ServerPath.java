package org.noonmark.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A server and the way to it, as all clients find them.
 *
 * @param roundTripNanos both delays together, where nothing adds to them
 * @param jitterNanos mean of what is added each way, exponentially distributed
 * @param loss share of exchanges that are lost
 * @param duplicates share of answers that come twice
 * @param heldBack share of answers that come up to {@link #LONGEST_HOLD_NANOS} later, behind those of later requests
 * @param burstNanos most that a queue adds to one way while it is full; 0: there is none
 * @param errorNanos of the server's clock
 * @param unequal most by which the share of a request in the whole delay differs from a half; each run draws its own
 */
record ServerPath(
        long roundTripNanos,
        long jitterNanos,
        double loss,
        double duplicates,
        double heldBack,
        long burstNanos,
        long errorNanos,
        double unequal) {
    static final long LONGEST_HOLD_NANOS = 3_000_000_000L;

    private static final long SECOND = 1_000_000_000L;
    private static final double BURST_EVERY_SECONDS = 1_200;
    private static final double BURST_LASTS_SECONDS = 240;

    /** Half of the delay each way, and nothing that happens on it but jitter. */
    static ServerPath of(long roundTripNanos, long jitterNanos) {
        return new ServerPath(roundTripNanos, jitterNanos, 0, 0, 0, 0, 0, 0);
    }

    ServerPath jittering(long nanos) {
        return new ServerPath(roundTripNanos, nanos, loss, duplicates, heldBack, burstNanos, errorNanos, unequal);
    }

    ServerPath losing(double share) {
        return new ServerPath(
                roundTripNanos, jitterNanos, share, duplicates, heldBack, burstNanos, errorNanos, unequal);
    }

    ServerPath doubling(double share) {
        return new ServerPath(roundTripNanos, jitterNanos, loss, share, heldBack, burstNanos, errorNanos, unequal);
    }

    ServerPath holding(double share) {
        return new ServerPath(roundTripNanos, jitterNanos, loss, duplicates, share, burstNanos, errorNanos, unequal);
    }

    ServerPath queueing(long nanos) {
        return new ServerPath(roundTripNanos, jitterNanos, loss, duplicates, heldBack, nanos, errorNanos, unequal);
    }

    ServerPath lying(long nanos) {
        return new ServerPath(roundTripNanos, jitterNanos, loss, duplicates, heldBack, burstNanos, nanos, unequal);
    }

    ServerPath unequal(double most) {
        return new ServerPath(roundTripNanos, jitterNanos, loss, duplicates, heldBack, burstNanos, errorNanos, most);
    }

    /** When one exchange's datagrams come where they go, true time. */
    record Passage(long thereNanos, List<Long> backNanos) {}

    /** What chance makes of it; the same seed has the queues full at the same times, whoever asks. */
    final class Course {
        private final SplittableRandom chance;
        private final SplittableRandom queues;
        private final List<long[]> bursts = new ArrayList<>(); // from, until, direction
        private final double share; // of the request in the whole delay
        private long drawnUntil;

        Course(long seed) {
            chance = new SplittableRandom(seed);
            queues = new SplittableRandom(seed ^ 0x5157_5545_5545L);
            share = 0.5 + unequal * (2 * queues.nextDouble() - 1);
        }

        /** Of a request that leaves at {@code trueNanos}; no answer: it was lost. */
        Passage passage(long trueNanos) {
            long there = trueNanos + Math.round(roundTripNanos * share) + jitter() + queued(trueNanos, 0);
            List<Long> back = new ArrayList<>();
            if (chance.nextDouble() >= loss) {
                long came = there + Math.round(roundTripNanos * (1 - share)) + jitter() + queued(there, 1);
                came += chance.nextDouble() < heldBack ? chance.nextLong(LONGEST_HOLD_NANOS) : 0;
                back.add(came);
                if (chance.nextDouble() < duplicates) {
                    back.add(came + 1 + jitter());
                }
            }
            return new Passage(there, back);
        }

        private long jitter() {
            return Math.round(-Math.log(1 - chance.nextDouble()) * jitterNanos);
        }

        private long queued(long trueNanos, int direction) {
            if (burstNanos == 0) {
                return 0;
            }
            while (drawnUntil <= trueNanos) {
                long from = drawnUntil + spell(BURST_EVERY_SECONDS);
                drawnUntil = from + spell(BURST_LASTS_SECONDS);
                bursts.add(new long[] {from, drawnUntil, queues.nextInt(2)});
            }
            for (long[] burst : bursts) {
                if (burst[0] <= trueNanos && trueNanos < burst[1] && burst[2] == direction) {
                    return Math.round(burstNanos * (0.3 + 0.7 * chance.nextDouble()));
                }
            }
            return 0;
        }

        private long spell(double meanSeconds) {
            return SECOND + Math.round(-Math.log(1 - queues.nextDouble()) * meanSeconds * SECOND);
        }
    }
}
