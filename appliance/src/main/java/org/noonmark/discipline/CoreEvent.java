package org.noonmark.discipline;

import java.util.Optional;
import org.noonmark.nmea.LeapNotice;
import org.noonmark.nmea.PulseNotice;
import org.noonmark.nmea.TimeLabel;
import org.noonmark.pps.PpsEdge;

/**
 * What {@link TimingCore} can be told, as values: the same events in the same order give the same decisions, now and when they are
 * replayed. Stamps are nanoseconds of the local clock.
 */
public sealed interface CoreEvent {
    /** Tells {@code core}; what it wants done. */
    Correction applyTo(TimingCore core);

    /** See {@link TimingCore#onEdge}. */
    record Edge(PpsEdge edge) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            return core.onEdge(edge);
        }
    }

    /** See {@link TimingCore#onLabel}. */
    record Label(TimeLabel label) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            return core.onLabel(label);
        }
    }

    /** See {@link TimingCore#onLeapNotice}. */
    record Leap(LeapNotice notice) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            core.onLeapNotice(notice);
            return Correction.HOLD;
        }
    }

    /** See {@link TimingCore#onLeapSeconds}. */
    record LeapSeconds(Optional<LeapSecondsList> list) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            core.onLeapSeconds(list);
            return Correction.HOLD;
        }
    }

    /** See {@link TimingCore#onPulseNotice}. */
    record Notice(PulseNotice notice) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            return core.onPulseNotice(notice);
        }
    }

    /** See {@link TimingCore#onEdgeDelay}. */
    record Delay(long meanNanos, long allowanceNanos) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            core.onEdgeDelay(meanNanos, allowanceNanos);
            return Correction.HOLD;
        }
    }

    /** See {@link TimingCore#onDistrust}. */
    record Distrust(String why) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            core.onDistrust(why);
            return Correction.HOLD;
        }
    }

    /** See {@link TimingCore#onTemperature}. */
    record Temperature(double celsius, long atNanos) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            core.onTemperature(celsius, atNanos);
            return Correction.HOLD;
        }
    }

    /** See {@link TimingCore#onTick}. */
    record Tick(long tickNanos) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            return core.onTick(tickNanos);
        }
    }

    /** See {@link TimingCore#onStepped}. */
    record Stepped(long deltaNanos, long atNanos) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            return core.onStepped(deltaNanos, atNanos);
        }
    }

    /** See {@link TimingCore#onSteered}. */
    record Steered(double ppbInForce, long atNanos) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            core.onSteered(ppbInForce, atNanos);
            return Correction.HOLD;
        }
    }

    /** See {@link TimingCore#onSlewing}. */
    record Slewing(long slewNanos, long atNanos) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            core.onSlewing(slewNanos, atNanos);
            return Correction.HOLD;
        }
    }

    /** See {@link TimingCore#onForeignHand}. */
    record ForeignHand(String why) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            return core.onForeignHand(why);
        }
    }

    /** See {@link TimingCore#onMoved}. */
    record Moved(long deltaNanos, long atNanos) implements CoreEvent {
        @Override
        public Correction applyTo(TimingCore core) {
            core.onMoved(deltaNanos, atNanos);
            return Correction.HOLD;
        }
    }
}
