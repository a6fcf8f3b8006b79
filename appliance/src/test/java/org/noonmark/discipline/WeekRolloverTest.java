package org.noonmark.discipline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.Oscillator.Wander;
import org.noonmark.sim.PulseModel.Noise;
import org.noonmark.sim.ReceiverOptions;
import org.noonmark.sim.ReceiverOptions.Dialect;
import org.noonmark.sim.ReceiverScript;
import org.noonmark.sim.SimulatedReceiver;

/** GPS counts weeks modulo 1024: receivers whose dates fall back by 19.6 years, at any time, are understood. */
class WeekRolloverTest {
    /** The third rollover of the GPS week, 18 s before midnight UTC, by the present leap count. */
    private static final long ROLLOVER = LocalDate.of(2038, 11, 21).toEpochDay() * 86_400 - 18;

    private static final int ERA_WEEKS = 1_024;

    /** From one second on its dates are an era behind. */
    private record FallingBack(SimulatedReceiver before, SimulatedReceiver after, long atUtcSecond)
            implements ReceiverScript {
        @Override
        public List<Chunk> chunks(long utcSecond) {
            return (utcSecond < atUtcSecond ? before : after).chunks(utcSecond);
        }

        @Override
        public boolean hasPulse(long utcSecond) {
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void rolloverWhileServingChangesNothing(Dialect dialect) {
        ReceiverOptions manners = ReceiverOptions.DEFAULT.withDialect(dialect);
        SimulatedDay day = day(ROLLOVER - 300, LocalDate.of(2026, 1, 1));
        day.receiver = new FallingBack(
                new SimulatedReceiver(manners), new SimulatedReceiver(manners.withLateWeeks(ERA_WEEKS)), ROLLOVER);
        day.run(0, 600);
        assertEquals(List.of(SyncState.COLD, SyncState.LABELLED, SyncState.DISCIPLINED), day.history);
        assertEquals(0, day.servedWrongSecondNanos);
        assertTrue(day.core.status().labelling().agreeing() > 500, "labels agree over the rollover");
        day.assertHonest("weekRollover " + dialect);
    }

    /** Firmware of the last era. */
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aReceiverAnEraBehindIsRightFromTheStart(Dialect dialect) {
        long start = LocalDate.of(2027, 3, 1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
        SimulatedDay day = day(start, LocalDate.of(2026, 11, 22));
        day.receiver = new SimulatedReceiver(
                ReceiverOptions.DEFAULT.withDialect(dialect).withLateWeeks(ERA_WEEKS));
        day.run(0, 120);
        assertEquals(SyncState.DISCIPLINED, day.core.status().state());
        assertEquals(0, day.servedWrongSecondNanos);
    }

    private static SimulatedDay day(long startSecond, LocalDate floor) {
        SimulatedDay day = new SimulatedDay(
                startSecond,
                300_000_000,
                Oscillator.wandering(Wander.QUIET, 1),
                Noise.BUSY,
                TimingOptions.DEFAULTS.with(it -> it.edgeDelay(0, 0)),
                1);
        day.eraFloor = floor;
        day.nanosPerByte = 86_806; // 115 200 baud
        return day;
    }
}
