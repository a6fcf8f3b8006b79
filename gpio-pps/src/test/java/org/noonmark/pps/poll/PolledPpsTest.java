package org.noonmark.pps.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.noonmark.pps.PpsEdge;
import org.noonmark.pps.PpsEdge.Polarity;

/**
 * A simulated world: registers whose reading takes 200 ns, a clock whose reading takes 150 ns, sleeps that end late, and a processor that
 * is taken away now and then. The pulse of each second begins {@link #EDGE} after it.
 */
class PolledPpsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_800_000_000L * SECOND;
    private static final long EDGE = 123_456_789L;
    private static final long WIDTH = 100_000_000L;
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private final Random random = new Random(5);
    private long trueNanos = START;
    private double clockPpm;
    private long clockStepNanos;
    private double interrupted; // share of readings during which something else ran
    private LongPredicate pulses = _ -> true;
    private boolean activeHigh = true;
    private int released;

    @Test
    void everyBracketHoldsTheTrueEdgeToAMicrosecond() throws Exception {
        PolledPps pps = open(Polarity.ASSERT);
        long previous = 0;
        for (int i = 0; i < 100; i++) {
            PpsEdge edge = seen(pps.await(TWO_SECONDS));
            long error = edge.stampNanos() - clockAt(lastEdge());
            assertTrue(Math.abs(error) <= pps.bracketNanos() / 2 + 1, () -> "error " + error);
            assertTrue(pps.bracketNanos() <= 1_200, () -> "bracket " + pps.bracketNanos());
            assertEquals(i + 1, edge.sequence());
            assertTrue(edge.stampNanos() - previous > SECOND / 2);
            previous = edge.stampNanos();
        }
        assertEquals(0, pps.wide());
    }

    @Test
    void aReadingThatWasInterruptedIsNotTold() throws Exception {
        interrupted = 0.002;
        PolledPps pps = open(Polarity.ASSERT);
        int told = 0;
        for (int i = 0; i < 300; i++) {
            PpsEdge edge = pps.await(TWO_SECONDS);
            if (edge != null) {
                told++;
                long error = edge.stampNanos() - clockAt(lastEdge());
                assertTrue(Math.abs(error) <= PolledPps.WIDEST_NANOS / 2 + 1, () -> "error " + error);
            }
        }
        int count = told;
        assertTrue(told > 200, () -> "told " + count);
        assertTrue(pps.wide() > 0, "some were interrupted at the edge");
    }

    @Test
    void followsAClockThatIs500PpmOff() throws Exception {
        clockPpm = 500;
        PolledPps pps = open(Polarity.ASSERT);
        for (int i = 0; i < 20; i++) {
            PpsEdge edge = seen(pps.await(TWO_SECONDS));
            assertNear(edge);
        }
    }

    @Test
    void seesTheFallingEdgeWhenThatCounts() throws Exception {
        activeHigh = false;
        PolledPps pps = open(Polarity.CLEAR);
        PpsEdge edge = seen(pps.await(TWO_SECONDS));
        assertNear(edge);
        assertEquals(Polarity.CLEAR, edge.polarity());
    }

    @Test
    void losesNoMoreThanThePulsesThatAreMissing() throws Exception {
        PolledPps pps = open(Polarity.ASSERT);
        seen(pps.await(TWO_SECONDS));
        long now = (trueNanos - START) / SECOND;
        pulses = second -> second <= now || second > now + 2;
        seen(pps.await(Duration.ofSeconds(5)));
        assertEquals(now + 3, (trueNanos - START) / SECOND);
    }

    @Test
    void searchesAnewWhenThePulsesMoveOrTheClockIsSet() throws Exception {
        PolledPps pps = open(Polarity.ASSERT);
        seen(pps.await(TWO_SECONDS));
        clockStepNanos = 3_300_000_000L;
        PpsEdge edge = seen(pps.await(Duration.ofSeconds(8)));
        assertNear(edge);
    }

    @Test
    void isSilentWithoutPulses() throws Exception {
        pulses = _ -> false;
        assertNull(open(Polarity.ASSERT).await(TWO_SECONDS));
    }

    @Test
    void endsWhenItIsClosed() throws Exception {
        PolledPps pps = open(Polarity.ASSERT);
        pps.close();
        pps.close();
        assertEquals(1, released);
        assertThrows(IOException.class, () -> pps.await(TWO_SECONDS));
    }

    private PolledPps open(Polarity edge) {
        return new PolledPps(
                "GPIO 18",
                new GpioRegisters(this::register, 18),
                edge,
                this::readClock,
                () -> trueNanos,
                this::sleep,
                () -> released++);
    }

    /** The level is sampled in the middle of the reading. */
    private int register(int offset) {
        assertEquals(0x34, offset);
        spend(100);
        long sinceSecond = (trueNanos - START) % SECOND;
        boolean pulse = sinceSecond >= EDGE && sinceSecond < EDGE + WIDTH && pulses.test((trueNanos - START) / SECOND);
        spend(100);
        return pulse == activeHigh ? 1 << 18 : 0;
    }

    private long readClock() {
        spend(75);
        long shown = clockAt(trueNanos);
        spend(75);
        return shown;
    }

    private long clockAt(long nanos) {
        return nanos + clockStepNanos + Math.round((nanos - START) * clockPpm * 1e-6);
    }

    private void sleep(long nanos) {
        trueNanos += nanos + 60_000 + random.nextInt(100_000);
    }

    private void spend(long nanos) {
        trueNanos += nanos + (random.nextDouble() < interrupted ? 20_000 + random.nextInt(50_000) : 0);
    }

    /** The edge that was just seen. */
    private long lastEdge() {
        return START + Math.floorDiv(trueNanos - START - EDGE, SECOND) * SECOND + EDGE;
    }

    private void assertNear(PpsEdge edge) {
        long error = edge.stampNanos() - clockAt(lastEdge());
        assertTrue(Math.abs(error) <= 1_000, () -> "error " + error);
    }

    private static PpsEdge seen(@Nullable PpsEdge edge) {
        return Objects.requireNonNull(edge, "no edge");
    }
}
