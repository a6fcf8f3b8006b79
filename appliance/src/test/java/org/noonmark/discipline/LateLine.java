package org.noonmark.discipline;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.noonmark.sim.ReceiverOptions;
import org.noonmark.sim.ReceiverScript;
import org.noonmark.sim.SerialLine;
import org.noonmark.sim.SimulatedReceiver;

/** A receiver's bursts with any delay, also before their pulse, on a line that may be too slow for them. Asked second by second. */
final class LateLine implements ReceiverScript {
    /** What a receiver does with a report when the line is still busy with the one before. */
    enum WhenBusy {
        /** Sends it later; drops it when it is two seconds late. */
        QUEUES,
        /** Says nothing of that second. */
        SKIPS
    }

    private static final long SECOND = 1_000_000_000L;
    private static final long BUFFER_NANOS = 2 * SECOND;

    private final SimulatedReceiver receiver;
    private final SerialLine line;
    private final long meanNanos;
    private final double sigmaNanos;
    private final WhenBusy whenBusy;
    private final SplittableRandom random;
    private long freeNanos = Long.MIN_VALUE;

    /** {@code manners} speak at once; delay and line are made here. */
    LateLine(ReceiverOptions manners, int baud, long meanNanos, double sigmaNanos, WhenBusy whenBusy, long seed) {
        receiver = new SimulatedReceiver(manners.withLine(0, 1).withDelay(0, 0));
        line = new SerialLine(baud);
        this.meanNanos = meanNanos;
        this.sigmaNanos = sigmaNanos;
        this.whenBusy = whenBusy;
        random = new SplittableRandom(seed);
    }

    @Override
    public List<Chunk> chunks(long utcSecond) {
        long wanted = utcSecond * SECOND + meanNanos + Math.round(sigmaNanos * random.nextGaussian());
        List<Chunk> sent = new ArrayList<>();
        for (Chunk burst : receiver.chunks(utcSecond)) {
            boolean busy = wanted < freeNanos;
            if (busy && (whenBusy == WhenBusy.SKIPS || freeNanos - wanted > BUFFER_NANOS)) {
                continue;
            }
            long start = Math.max(wanted, freeNanos);
            sent.addAll(line.chunks(start, burst.bytes()));
            freeNanos = start + line.nanosOf(burst.bytes().length);
        }
        return sent;
    }

    @Override
    public boolean hasPulse(long utcSecond) {
        return receiver.hasPulse(utcSecond);
    }

    long nanosPerByte() {
        return line.nanosOf(1);
    }
}
