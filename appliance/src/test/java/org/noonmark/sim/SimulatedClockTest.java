package org.noonmark.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_780_000_000L * SECOND;

    private final AtomicLong world = new AtomicLong(START);

    private SimulatedClock clock(double ppb, long errorNanos) {
        return new SimulatedClock(world::get, world::get, Oscillator.constant(ppb), errorNanos);
    }

    @Test
    void runsAtTheFreeRateTimesTheCorrection() {
        SimulatedClock clock = clock(9_000, 0);
        world.addAndGet(1_000 * SECOND);
        assertEquals(9_000_000, clock.errorNanos());
        clock.setFrequencyPpb(-9_000);
        world.addAndGet(1_000 * SECOND);
        // (1 + 9e-6)(1 - 9e-6) = 1 - 8.1e-11, and the correction is rounded to 2^-16 ppm
        assertEquals(9_000_000 - 81.0, (double) clock.errorNanos(), 9);
    }

    @Test
    void takesTheKernelsGrainAndLimits() {
        SimulatedClock clock = clock(0, 0);
        assertEquals(1_000 / 65_536.0, clock.setFrequencyPpb(0.02), 1e-9);
        assertEquals(500_000, clock.setFrequencyPpb(1e9), 0);
        assertEquals(500_000, clock.frequencyPpb(), 0);
    }

    @Test
    void slewsByItselfFromItsNextWholeSecondOn() {
        SimulatedClock clock = clock(0, -SECOND / 4);
        assertEquals(1_200_000, clock.slew(1_200_400));
        world.addAndGet(SECOND / 4);
        assertEquals(-SECOND / 4, clock.errorNanos());
        world.addAndGet(SECOND);
        assertEquals(-SECOND / 4 + 500_000.0, (double) clock.errorNanos(), 500);
        world.addAndGet(SECOND / 2);
        assertEquals(-SECOND / 4 + 750_000.0, (double) clock.errorNanos(), 500);
        world.addAndGet(100 * SECOND);
        assertEquals(-SECOND / 4 + 1_200_000.0, (double) clock.errorNanos(), 600);
        clock.slew(10_000_000);
        world.addAndGet(3 * SECOND);
        clock.slew(0);
        long then = clock.errorNanos();
        world.addAndGet(50 * SECOND);
        assertTrue(clock.errorNanos() - then <= 500_000, "the present second's part is the last");
    }

    @Test
    void pastReadingsStayWhatTheyWere() {
        SimulatedClock clock = clock(-20_000, 500);
        world.addAndGet(3 * SECOND / 2);
        long before = clock.nanosAt(START + SECOND);
        clock.step(-7 * SECOND);
        clock.setFrequencyPpb(100_000);
        world.addAndGet(SECOND);
        assertEquals(before, clock.nanosAt(START + SECOND));
        assertEquals(START + SECOND + 500 - 20_000, before);
        assertEquals(-7.0 * SECOND + 500 - 50_000 + 100_000, (double) clock.errorNanos(), 3);
    }

    @Test
    void kernelStampIsTakenOffThePresentByItsAge() {
        AtomicLong host = new AtomicLong(123_456 * SECOND);
        SimulatedClock clock = new SimulatedClock(world::get, host::get, Oscillator.constant(0), 37 * SECOND);
        world.addAndGet(5_000_000);
        assertEquals(START + 37 * SECOND + 4_000_000, clock.ofKernelStamp(host.get() - 1_000_000));
        assertEquals(clock.nanos(), clock.ofKernelStamp(host.get() + 99), "a stamp from the future has no age");
    }

    @ParameterizedTest
    @ValueSource(longs = {915_148_800, 2_085_978_490, 2_147_483_640, 4_294_967_290L})
    void datesOfAnyEraAreNothingSpecial(long startSecond) {
        world.set(startSecond * SECOND);
        SimulatedClock clock = clock(50_000, -SECOND);
        world.addAndGet(20 * SECOND);
        assertEquals((startSecond + 19) * SECOND + 1_000_000, clock.nanos());
    }

    @Test
    void noFractionIsLostOverADay() {
        SimulatedClock clock = clock(0.3, 0);
        for (int k = 0; k < 86_400; k++) {
            world.addAndGet(SECOND);
            clock.nanos();
        }
        assertEquals(25_920.0, (double) clock.errorNanos(), 2);
    }

    @Test
    void readersSeeAMonotonicClockWhileItIsSteered() throws InterruptedException {
        SimulatedClock clock = clock(9_000, 0);
        AtomicLong backwards = new AtomicLong();
        Thread[] readers = new Thread[2];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = new Thread(() -> {
                long last = Long.MIN_VALUE;
                for (int n = 0; n < 200_000; n++) {
                    world.addAndGet(1_000);
                    long now = clock.nanos();
                    if (now < last) {
                        backwards.incrementAndGet();
                    }
                    last = now;
                }
            });
            readers[i].start();
        }
        for (int n = 0; n < 2_000; n++) {
            clock.setFrequencyPpb(n % 2 == 0 ? 100 : -100);
        }
        for (Thread reader : readers) {
            reader.join();
        }
        assertTrue(backwards.get() == 0, () -> backwards + " readings went back");
    }

    @Test
    void edgesDependOnSeedAndSecondAlone() {
        SimulatedClock clock = clock(0, 0);
        PulseModel.Noise noise = PulseModel.Noise.BUSY.withFaults(0.1, 0.1);
        PulseModel pulses = new PulseModel(clock, noise, 1);
        int edges = 0;
        for (long k = 0; k < 1_000; k++) {
            world.set(START + (k + 1) * SECOND);
            var asked = pulses.edgesOf(START / SECOND + k);
            assertEquals(asked, new PulseModel(clock, noise, 1).edgesOf(START / SECOND + k));
            edges += asked.size();
        }
        assertEquals(1_000, edges, 60);
    }
}
