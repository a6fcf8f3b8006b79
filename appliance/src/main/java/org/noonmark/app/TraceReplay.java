package org.noonmark.app;

import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.Correction;
import org.noonmark.discipline.TimingCore;
import org.noonmark.discipline.TimingOptions;
import org.noonmark.nmea.PulseNotice;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.pps.PpsEdge;
import org.noonmark.sim.SimulatedClock;
import org.noonmark.sim.Trace;

/** Runs the daemon's timing core over a trace: edges, labels and ticks in the order in which the daemon would see them. */
public final class TraceReplay {
    /** Told at every true second, before the core sees its edge. */
    @FunctionalInterface
    public interface Observer {
        /** The clock was {@code errorNanos} off (local minus true) and showed {@code localNanos} at the {@code second}-th second. */
        void onSecond(int second, double errorNanos, long localNanos, ClockStatus status);
    }

    private static final long SECOND = 1_000_000_000L;

    /** Far from both edges, so that nobody can doubt the second. */
    private static final double GIVEN_MILLIS = 500;

    private static final long WEEK_SECONDS = 604_800;
    private static final long GPS_EPOCH_SECONDS = 315_964_800; // 1980-01-06, POSIX count

    /** The edge is acted on this long after it. */
    private static final long REACTION_NANOS = 10_000_000;

    private final Trace trace;
    private final long startSecond;
    private final TimingOptions options;
    private boolean sensor = true;
    private boolean secondGiven;

    /**
     * A replay.
     *
     * @param startSecond what second the trace begins with, POSIX count
     */
    public TraceReplay(Trace trace, long startSecond, TimingOptions options) {
        this.trace = trace;
        this.startSecond = startSecond;
        this.options = options;
    }

    /** Whether the core hears the temperature; it does unless told otherwise. */
    public TraceReplay withSensor(boolean heard) {
        sensor = heard;
        return this;
    }

    /** Whether labels are always right, and come in the middle of their second; as the trace has them unless told otherwise. */
    public TraceReplay withSecondGiven(boolean given) {
        secondGiven = given;
        return this;
    }

    /** Runs it from start to end. */
    public void run(Observer observer) {
        World world = new World();
        for (int k = 0; k < trace.rows().size(); k++) {
            Trace.Row row = trace.rows().get(k);
            long second = (startSecond + k) * SECOND;
            world.trueNanos = second;
            observer.onSecond(k, world.clock.errorNanosAt(second), world.clock.nanosAt(second), world.core.status());
            if (sensor) {
                world.core.onTemperature(row.celsius(), world.clock.nanos());
            }
            boolean labelFirst = !secondGiven && row.edgeErrorNanos().orElse(0) > row.labelDelayMillis() * 1e6;
            if (labelFirst) {
                label(world, row, k);
            }
            edge(world, row, k);
            if (!labelFirst) {
                label(world, row, k);
            }
            world.trueNanos = second + 950_000_000;
            world.apply(world.core.onTick(world.clock.nanos()));
        }
    }

    private void edge(World world, Trace.Row row, int k) {
        if (row.edgeErrorNanos().isPresent()) {
            long second = (startSecond + k) * SECOND;
            long errorNanos = Math.round(row.edgeErrorNanos().getAsDouble());
            long stamp = world.clock.nanosAt(second) + errorNanos;
            world.trueNanos = Math.max(world.trueNanos, second + REACTION_NANOS + Math.max(0, errorNanos));
            world.core.onPulseNotice(notice(startSecond + k, row.quantisationNanos()));
            world.apply(world.core.onEdge(new PpsEdge(stamp, k, PpsEdge.Polarity.ASSERT)));
        }
    }

    /** As UBX-TIM-TP has it: the error is positive when the pulse comes early. */
    private static PulseNotice notice(long utcSeconds, double lateNanos) {
        long sinceEpoch = utcSeconds - GPS_EPOCH_SECONDS;
        return new PulseNotice(
                Math.floorMod(sinceEpoch, WEEK_SECONDS) * 1_000,
                (int) Math.floorDiv(sinceEpoch, WEEK_SECONDS),
                (int) Math.round(-lateNanos * 1e3),
                true,
                true,
                0);
    }

    private void label(World world, Trace.Row row, int k) {
        if (secondGiven || row.labelErrorSeconds().isPresent()) {
            long named =
                    startSecond + k + (secondGiven ? 0 : row.labelErrorSeconds().getAsInt());
            double delayMillis = secondGiven ? GIVEN_MILLIS : row.labelDelayMillis();
            world.trueNanos = Math.max(world.trueNanos, (startSecond + k) * SECOND + Math.round(delayMillis * 1e6));
            world.apply(world.core.onLabel(
                    new TimeLabel(named, false, world.clock.nanos(), TimeLabel.Trust.UTC_PROVEN, "NAV-TIMEUTC")));
        }
    }

    private final class World {
        private long trueNanos = startSecond * SECOND;
        private final SimulatedClock clock = new SimulatedClock(
                () -> trueNanos,
                () -> trueNanos,
                second -> trace.rows()
                        .get((int) Math.min(second, trace.rows().size() - 1))
                        .oscillatorPpb(),
                trace.initialErrorNanos());
        private final TimingCore core = new TimingCore(options, 0);
        private final Steersman steersman = new Steersman(core, clock);

        private void apply(Correction correction) {
            steersman.carryOut(correction);
        }
    }
}
