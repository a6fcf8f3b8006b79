package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OverlayClockTest {
    private static final long START = 1_800_000_000_000_000_000L;

    private final AtomicLong kernel = new AtomicLong(START);
    private final OverlayClock clock = new OverlayClock(kernel::get);

    @Test
    void beginsEqualToTheKernelsClock() {
        kernel.addAndGet(5_000_000_000L);

        assertEquals(START + 5_000_000_000L, clock.nanos());
        assertEquals(0, clock.frequencyPpb());
    }

    @Test
    void keepsAStepWithoutTouchingTheKernel() {
        clock.step(-37_250_000_000L);

        assertEquals(START - 37_250_000_000L, clock.nanos());
        assertEquals(START, kernel.get());
    }

    @Test
    void runsFasterByItsFrequencyFromTheMomentItIsSet() {
        kernel.addAndGet(1_000_000_000L);
        assertEquals(20_000, clock.setFrequencyPpb(20_000));
        kernel.addAndGet(10_000_000_000L);

        assertEquals(kernel.get() + 200_000, clock.nanos());
    }

    @Test
    void staysContinuousWhenTheFrequencyChanges() {
        clock.setFrequencyPpb(50_000);
        kernel.addAndGet(3_000_000_000L);
        long before = clock.nanos();

        clock.setFrequencyPpb(-50_000);

        assertEquals(before, clock.nanos());
        assertEquals(-50_000, clock.frequencyPpb());
    }

    @Test
    void tellsKernelStampsInItsOwnTime() {
        clock.setFrequencyPpb(1_000);
        clock.step(7);
        kernel.addAndGet(2_000_000_000L);

        assertEquals(START + 1_000_000_000L + 7 + 1_000, clock.ofKernelStamp(START + 1_000_000_000L));
    }

    @Test
    void slewsByItselfAndStops() {
        assertEquals(700_000, clock.slew(700_000));
        kernel.addAndGet(1_500_000_000L);
        long inTheMiddle = clock.nanos() - kernel.get();
        assertTrue(inTheMiddle > 0 && inTheMiddle < 700_000, () -> inTheMiddle + " ns");
        clock.setFrequencyPpb(0);
        kernel.addAndGet(5_000_000_000L);
        assertEquals(700_000.0, (double) clock.nanos() - kernel.get(), 350);
    }

    @Test
    void takesNoMoreThanHalfAThousandth() {
        assertEquals(500_000, clock.setFrequencyPpb(1e9));
        assertEquals(-500_000, clock.setFrequencyPpb(-1e9));
    }
}
