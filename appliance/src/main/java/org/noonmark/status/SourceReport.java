package org.noonmark.status;

import java.util.ArrayList;
import java.util.List;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.SyncState;

/**
 * One source of time as {@code sources} lists it. Offsets are reference minus local; chronyc prints local minus reference.
 *
 * @param name the reference id
 * @param state how it stands
 * @param online whether its device is there
 * @param reach the last eight seconds, newest in the lowest bit
 * @param lastRxSeconds age of the last sample; -1 before the first
 * @param adjustedNanos the last sample less the corrections made since
 * @param measuredNanos the last sample as measured
 * @param errorNanos how far wrong it may be
 * @param statistics of the latest samples
 */
record SourceReport(
        String name,
        State state,
        boolean online,
        int reach,
        long lastRxSeconds,
        double adjustedNanos,
        double measuredNanos,
        double errorNanos,
        SampleStatistics statistics) {

    /** How a source stands, with chronyc's letter. */
    enum State {
        /** The clock follows it. */
        SELECTED('*'),
        /** It numbers the seconds of what the clock follows. */
        COMBINED('+'),
        /** It could be followed. */
        SELECTABLE('-'),
        /** Nothing that could be followed comes from it. */
        UNUSABLE('?');

        private final char letter;

        State(char letter) {
            this.letter = letter;
        }

        char letter() {
            return letter;
        }
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Pulses first, then receivers. The first of each is the one in use. */
    static List<SourceReport> of(StatusSnapshot snapshot, long nowNanos) {
        List<SourceReport> reports = new ArrayList<>();
        for (PulseStatus pulse : snapshot.pulses()) {
            reports.add(ofPulse(pulse, snapshot.clock(), reports.isEmpty(), nowNanos));
        }
        int pulses = reports.size();
        for (ReceiverStatus receiver : snapshot.receivers()) {
            reports.add(ofReceiver(receiver, snapshot.clock(), reports.size() == pulses, nowNanos));
        }
        return reports;
    }

    private static SourceReport ofPulse(PulseStatus pulse, ClockStatus clock, boolean first, long nowNanos) {
        SampleStatistics samples = pulse.samples();
        return new SourceReport(
                pulse.refid(),
                first ? pulseState(clock.state()) : State.UNUSABLE,
                pulse.trouble().isEmpty(),
                samples.reach(),
                age(Math.max(samples.lastNanos(), pulse.lastEdgeNanos()), nowNanos),
                first ? clock.residualOffsetNanos() : samples.lastOffsetNanos(),
                first ? clock.lastOffsetNanos() : samples.lastOffsetNanos(),
                first ? clock.errorBoundNanos() : samples.deviationNanos(),
                samples);
    }

    private static State pulseState(SyncState state) {
        return switch (state) {
            case LABELLED, DISCIPLINED -> State.SELECTED;
            case COLD, HOLDOVER, REFUSED -> State.UNUSABLE;
        };
    }

    private static SourceReport ofReceiver(ReceiverStatus receiver, ClockStatus clock, boolean first, long nowNanos) {
        SampleStatistics samples = receiver.labels();
        boolean numbers = first && clock.labelling().certain();
        return new SourceReport(
                receiver.refid(),
                numbers ? State.COMBINED : State.UNUSABLE,
                receiver.link() != ReceiverStatus.Link.ABSENT,
                samples.reach(),
                age(Math.max(samples.lastNanos(), receiver.lastLabelNanos()), nowNanos),
                samples.lastOffsetNanos(),
                samples.lastOffsetNanos(),
                first ? clock.labelling().delaySigmaNanos() : samples.deviationNanos(),
                samples);
    }

    private static long age(long stampNanos, long nowNanos) {
        return stampNanos == 0 ? -1 : Math.max(0, (nowNanos - stampNanos) / NANOS_PER_SECOND);
    }
}
