package org.noonmark.sim;

import java.util.function.LongSupplier;
import org.noonmark.time.Slew;
import org.noonmark.time.SteerableClock;

/**
 * A computer's clock in a simulated world: it runs at (1 + oscillator error) x (1 + correction) of the world's true time. Dates from
 * 1970 to 2262.
 *
 * <p>Any thread may read; one thread steers. Readers see one immutable timeline through a volatile; at a new true second the first
 * reader to notice extends it under a lock. The last 128 segments are kept, so that the stamp of an edge a moment ago is exact
 * however late the host gets round to asking for it.
 */
public final class SimulatedClock implements SteerableClock {
    private static final long SECOND = 1_000_000_000L;
    private static final int SEGMENTS_KEPT = 128;
    private static final double RESOLUTION_PPB = 1_000 / 65_536.0; // adjtimex: 2^-16 ppm
    private static final double LIMIT_PPB = 500_000;

    /** From {@code trueNanos} on (until the next segment), the clock gains on true time what crystal, correction and slew make. */
    private record Segment(
            long trueNanos,
            long localNanos,
            double localFraction,
            double oscillatorPpb,
            double correctionPpb,
            Slew slew) {
        double gain() {
            double corrected = correctionPpb + slew.ppb();
            return oscillatorPpb * 1e-9 + corrected * 1e-9 + oscillatorPpb * corrected * 1e-18;
        }

        double readingSince(long nowTrueNanos) {
            return (nowTrueNanos - trueNanos) * gain() + localFraction;
        }

        /** When the slew's present part is over, true time. */
        long steadyUntilTrueNanos() {
            if (slew.isOver()) {
                return Long.MAX_VALUE;
            }
            long until = trueNanos + (long) ((slew.untilNanos() - localNanos) / (1 + gain()));
            while (localAt(until) < slew.untilNanos()) {
                until++;
            }
            return until;
        }

        long localAt(long nowTrueNanos) {
            return localNanos + (nowTrueNanos - trueNanos) + (long) Math.floor(readingSince(nowTrueNanos));
        }

        Segment at(long nowTrueNanos, double newOscillatorPpb, double newCorrectionPpb, Slew newSlew) {
            double reading = readingSince(nowTrueNanos);
            return new Segment(
                    nowTrueNanos,
                    localAt(nowTrueNanos),
                    reading - Math.floor(reading),
                    newOscillatorPpb,
                    newCorrectionPpb,
                    newSlew);
        }

        Segment stepped(long deltaNanos) {
            return new Segment(
                    trueNanos, localNanos + deltaNanos, localFraction, oscillatorPpb, correctionPpb, Slew.NONE);
        }
    }

    private final LongSupplier trueNanos;
    private final LongSupplier hostRealtimeNanos;
    private final Oscillator oscillator;
    private final long startTrueNanos;
    private volatile Segment[] timeline; // newest last; never changed once published

    /**
     * A clock that starts now.
     *
     * @param trueNanos the world's true time, nanoseconds since 1970; must not go backwards
     * @param hostRealtimeNanos the host's CLOCK_REALTIME, for {@link #ofKernelStamp}; a world without sockets may pass {@code trueNanos}
     * @param initialErrorNanos local minus true at the start
     */
    public SimulatedClock(
            LongSupplier trueNanos, LongSupplier hostRealtimeNanos, Oscillator oscillator, long initialErrorNanos) {
        this.trueNanos = trueNanos;
        this.hostRealtimeNanos = hostRealtimeNanos;
        this.oscillator = oscillator;
        startTrueNanos = trueNanos.getAsLong();
        timeline = new Segment[] {
            new Segment(startTrueNanos, startTrueNanos + initialErrorNanos, 0, oscillator.frequencyPpb(0), 0, Slew.NONE)
        };
    }

    @Override
    public long nanos() {
        return nanosAt(trueNanos.getAsLong());
    }

    /** What this clock shows, or showed, at the world's {@code atTrueNanos}: any moment of about the last half minute, or the present. */
    public long nanosAt(long atTrueNanos) {
        return segmentAt(atTrueNanos).localAt(atTrueNanos);
    }

    /** Local minus true now, nanoseconds: what no discipline can know. */
    public long errorNanos() {
        long now = trueNanos.getAsLong();
        return nanosAt(now) - now;
    }

    /** Local minus true at {@code atTrueNanos}, with its fraction of a nanosecond; as {@link #nanosAt}. */
    public double errorNanosAt(long atTrueNanos) {
        Segment segment = segmentAt(atTrueNanos);
        return segment.localNanos - segment.trueNanos + segment.readingSince(atTrueNanos);
    }

    @Override
    public long ofKernelStamp(long kernelNanos) {
        long ageNanos = Math.max(0, hostRealtimeNanos.getAsLong() - kernelNanos);
        return nanosAt(trueNanos.getAsLong() - ageNanos);
    }

    @Override
    public synchronized void step(long deltaNanos) {
        long now = trueNanos.getAsLong();
        Segment last = newest(upTo(now));
        append(last.at(now, last.oscillatorPpb, last.correctionPpb, last.slew).stepped(deltaNanos));
    }

    @Override
    public synchronized double setFrequencyPpb(double ppb) {
        double wanted = Math.clamp(ppb, -LIMIT_PPB, LIMIT_PPB);
        double inForce = Math.rint(wanted / RESOLUTION_PPB) * RESOLUTION_PPB;
        long now = trueNanos.getAsLong();
        Segment last = newest(upTo(now));
        append(last.at(now, last.oscillatorPpb, inForce, last.slew));
        return inForce;
    }

    @Override
    public synchronized long slew(long nanos) {
        long now = trueNanos.getAsLong();
        Segment last = newest(upTo(now));
        long taken = Slew.rounded(nanos);
        if (taken != 0 || !last.slew.isOver()) {
            Slew slew = last.slew.replacedBy(taken, last.localAt(now));
            append(last.at(now, last.oscillatorPpb, last.correctionPpb, slew));
        }
        return taken;
    }

    @Override
    public double frequencyPpb() {
        return newest(timeline).correctionPpb;
    }

    @Override
    public String foreignHand() {
        return "";
    }

    /** Nobody else uses a simulated clock, so there is nobody to tell. */
    @Override
    public void publishQuality(boolean synchronised, long maxErrorNanos, long estErrorNanos) {}

    private Segment segmentAt(long atTrueNanos) {
        Segment[] segments = upTo(atTrueNanos);
        int i = segments.length - 1;
        while (i > 0 && segments[i].trueNanos > atTrueNanos) {
            i--;
        }
        return segments[i];
    }

    private Segment[] upTo(long atTrueNanos) {
        Segment[] segments = timeline;
        return endOf(newest(segments)) <= atTrueNanos ? extend(atTrueNanos) : segments;
    }

    private synchronized Segment[] extend(long atTrueNanos) {
        Segment last = newest(timeline);
        for (long end = endOf(last); end <= atTrueNanos; end = endOf(last)) {
            long second = secondOf(end);
            double ppb = second > secondOf(last.trueNanos) ? oscillator.frequencyPpb(second) : last.oscillatorPpb;
            append(last.at(end, ppb, last.correctionPpb, last.slew.at(last.localAt(end))));
            last = newest(timeline);
        }
        return timeline;
    }

    private long endOf(Segment segment) {
        long nextSecond = startTrueNanos + (secondOf(segment.trueNanos) + 1) * SECOND;
        return Math.min(nextSecond, segment.steadyUntilTrueNanos());
    }

    private synchronized void append(Segment segment) {
        Segment[] old = timeline;
        int kept = Math.min(old.length, SEGMENTS_KEPT - 1);
        Segment[] grown = new Segment[kept + 1];
        System.arraycopy(old, old.length - kept, grown, 0, kept);
        grown[kept] = segment;
        timeline = grown;
    }

    private long secondOf(long atTrueNanos) {
        return Math.floorDiv(atTrueNanos - startTrueNanos, SECOND);
    }

    private static Segment newest(Segment[] segments) {
        return segments[segments.length - 1];
    }
}
