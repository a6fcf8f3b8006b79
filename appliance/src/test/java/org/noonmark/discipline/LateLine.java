package org.noonmark.discipline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.noonmark.sim.ReceiverOptions;
import org.noonmark.sim.ReceiverScript;
import org.noonmark.sim.SerialLine;
import org.noonmark.sim.SimulatedReceiver;

/** A receiver's bursts, TIM-TP apart, with any delay, also before their pulse, on a line that may be too slow for them. Asked second by second. */
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

    /** A receiver speaks of the coming pulse soon after the one before, however long its report takes it. */
    private static final long NOTICE_NANOS = 70_000_000;

    /** The same for a receiver that does otherwise. */
    long noticeNanos = NOTICE_NANOS;

    /** TIM-TP ends a report in UBX: 16 bytes and 8 around them. */
    private static final int NOTICE_BYTES = 24;

    private final SimulatedReceiver receiver;
    private final int noticeBytes;
    private final SerialLine line;
    private final long meanNanos;
    private final double sigmaNanos;
    private final WhenBusy whenBusy;
    private final SplittableRandom random;
    private long freeNanos = Long.MIN_VALUE;

    /** How long the longest report takes on the line, of those asked for so far. */
    private long longestReportNanos;

    /** {@code manners} speak at once; delay and line are made here. */
    LateLine(ReceiverOptions manners, int baud, long meanNanos, double sigmaNanos, WhenBusy whenBusy, long seed) {
        receiver = new SimulatedReceiver(manners.withLine(0, 1).withDelay(0, 0));
        noticeBytes = manners.dialect() == ReceiverOptions.Dialect.UBX ? NOTICE_BYTES : 0;
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
            longestReportNanos = Math.max(longestReportNanos, line.nanosOf(burst.bytes().length - noticeBytes));
            boolean busy = wanted < freeNanos;
            if (busy && (whenBusy == WhenBusy.SKIPS || freeNanos - wanted > BUFFER_NANOS)) {
                continue;
            }
            long start = Math.max(wanted, freeNanos);
            byte[] report = Arrays.copyOf(burst.bytes(), burst.bytes().length - noticeBytes);
            sent.addAll(line.chunks(start, report));
            freeNanos = start + line.nanosOf(report.length);
            if (noticeBytes > 0) {
                byte[] notice = Arrays.copyOfRange(burst.bytes(), report.length, burst.bytes().length);
                sent.add(new Chunk(utcSecond * SECOND + noticeNanos, notice));
            }
        }
        return sent;
    }

    /** Whether each report is over before the next is due. */
    boolean isFastEnough() {
        return longestReportNanos < SECOND;
    }

    @Override
    public boolean hasPulse(long utcSecond) {
        return receiver.hasPulse(utcSecond);
    }

    long nanosPerByte() {
        return line.nanosOf(1);
    }
}
