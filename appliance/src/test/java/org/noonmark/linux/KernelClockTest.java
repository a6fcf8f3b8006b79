package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The setting side meets only a recording stand-in; the real call is made with modes 0, which reads. */
class KernelClockTest {
    /** Keeps every request; answers a reading with the given state, a setting with {@code answer}. */
    private static final class Recorder implements Adjtimex {
        final List<ByteBuffer> requests = new ArrayList<>();
        long scaledFrequency;
        long tick = 10_000;
        int answer;

        @Override
        public int adjust(ByteBuffer timex) {
            if (timex.getInt(0) == 0) {
                timex.putLong(16, scaledFrequency);
                timex.putLong(88, tick);
                return 0;
            }
            ByteBuffer copy = ByteBuffer.allocate(timex.capacity()).order(ByteOrder.nativeOrder());
            copy.put(0, timex, 0, timex.capacity());
            requests.add(copy);
            return answer;
        }
    }

    private final Recorder kernel = new Recorder();

    @Test
    void stepsForwardBySecondsAndNanoseconds() {
        new KernelClock(kernel, true).step(37_250_000_001L);

        ByteBuffer timex = kernel.requests.getFirst();
        assertEquals(208, timex.capacity());
        assertEquals(0x2100, timex.getInt(0), "ADJ_SETOFFSET | ADJ_NANO");
        assertEquals(37, timex.getLong(72));
        assertEquals(250_000_001, timex.getLong(80));
    }

    @Test
    void stepsBackWithAFractionThatIsNeverNegative() {
        new KernelClock(kernel, true).step(-1);

        ByteBuffer timex = kernel.requests.getFirst();
        assertEquals(-1, timex.getLong(72));
        assertEquals(999_999_999, timex.getLong(80));
    }

    @Test
    void setsFrequencyInPartsOf65536OfAMillionthAndTellsWhatItTookOn() {
        KernelClock clock = new KernelClock(kernel, true);

        double taken = clock.setFrequencyPpb(-12_345.678);

        ByteBuffer timex = kernel.requests.getFirst();
        assertEquals(0x4002, timex.getInt(0), "ADJ_FREQUENCY | ADJ_TICK");
        assertEquals(-809_086, timex.getLong(16));
        assertEquals(10_000, timex.getLong(88));
        assertEquals(-12_345.678, taken, 0.0077);
        assertEquals(taken, clock.frequencyPpb());
        assertEquals(-809_086 / 65.536, taken);
    }

    @Test
    void letsTheKernelWorkOffASlewAndEndsIt() {
        KernelClock clock = new KernelClock(kernel, true);

        assertEquals(10_001_000, clock.slew(10_000_600));
        assertEquals(0, clock.slew(0));
        assertEquals(0, clock.slew(400));

        assertEquals(2, kernel.requests.size(), "nothing is left to end the second time");
        assertEquals(0x8001, kernel.requests.get(0).getInt(0), "ADJ_OFFSET_SINGLESHOT");
        assertEquals(10_001, kernel.requests.get(0).getLong(8));
        assertEquals(0, kernel.requests.get(1).getLong(8));
    }

    @Test
    void takesNoMoreThanTheKernelAllows() {
        KernelClock clock = new KernelClock(kernel, true);

        assertEquals(500_000, clock.setFrequencyPpb(7e8));
        assertEquals(-500_000, clock.setFrequencyPpb(-7e8));
        assertEquals(500 << 16, kernel.requests.getFirst().getLong(16));
    }

    @Test
    void beginsWithTheFrequencyAndTickThatAnotherProgramLeft() {
        kernel.scaledFrequency = 65_536;
        kernel.tick = 10_002;

        assertEquals(201_000, new KernelClock(kernel, true).frequencyPpb(), 1e-9);
        assertTrue(kernel.requests.isEmpty(), "opening sets nothing");
    }

    @Test
    void tellsOtherProgramsTheQualityInMicrosecondsRoundedUp() {
        KernelClock clock = new KernelClock(kernel, true);

        clock.publishQuality(true, 1_501, 40);
        clock.publishQuality(false, 16_000_000_000L, 1_000_000_000L);

        ByteBuffer good = kernel.requests.get(0);
        assertEquals(0x1c, good.getInt(0), "ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR");
        assertEquals(2, good.getLong(24));
        assertEquals(1, good.getLong(32));
        assertEquals(0, good.getInt(40), "neither STA_UNSYNC nor STA_PLL nor a leap second");
        ByteBuffer bad = kernel.requests.get(1);
        assertEquals(16_000_000, bad.getLong(24));
        assertEquals(0x40, bad.getInt(40), "STA_UNSYNC");
    }

    @Test
    void tellsTheErrorsButNotThatItIsSynchronisedWithoutRtcsync() {
        new KernelClock(kernel, false).publishQuality(true, 1_501, 40);

        ByteBuffer request = kernel.requests.getFirst();
        assertEquals(2, request.getLong(24));
        assertEquals(0x40, request.getInt(40), "STA_UNSYNC, so that the kernel leaves the real-time clock alone");
    }

    @Test
    void namesTheCapabilityWhenTheKernelRefuses() {
        KernelClock clock = new KernelClock(kernel, true);
        kernel.answer = -1;

        var refusal = assertThrows(IllegalStateException.class, () -> clock.step(1));

        assertTrue(refusal.toString().contains("CAP_SYS_TIME"), refusal.toString());
    }

    @Test
    void namesTheErrorOfAnyOtherRefusal() {
        KernelClock clock = new KernelClock(kernel, true);
        kernel.answer = -22;

        String message =
                assertThrows(IllegalStateException.class, () -> clock.step(1)).getMessage();

        assertEquals("clock_adjtime with modes 0x2100 failed: errno 22", message);
    }

    @Test
    void findsTheRightToSetTimeInTheEffectiveCapabilities() {
        assertTrue(KernelClock.maySetTime(List.of("Name:\tjava", "CapEff:\t0000000002000000")));
        assertTrue(KernelClock.maySetTime(List.of("CapEff:\tffffffffffffffff")));
        assertFalse(KernelClock.maySetTime(List.of("CapPrm:\t0000000002000000", "CapEff:\tfffffffffdffffff")));
        assertFalse(KernelClock.maySetTime(List.of()));
    }

    @Test
    void readsTheRealKernelsFrequencyInTheLayoutOfThisMachine() {
        Timex timex = new Timex().begin(0);

        int state = Adjtimex.ofKernel().adjust(timex.bytes());

        assertTrue(state >= 0 && state <= 5, "state " + state);
        assertTrue(timex.tickMicros() >= 9_000 && timex.tickMicros() <= 11_000, "tick " + timex.tickMicros());
        assertEquals(1, timex.bytes().getLong(56), "precision, microseconds");
        long age = LinuxTime.realtimeNanos() / 1_000_000_000L - timex.bytes().getLong(72);
        assertTrue(age >= 0 && age <= 2, "time.tv_sec is " + age + " s old");
    }
}
