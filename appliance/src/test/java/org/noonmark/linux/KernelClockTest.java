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
    /** Keeps every request since {@link #taken}; answers a reading with the given state, a setting with {@code answer}. */
    private static final class Recorder implements Adjtimex {
        final List<ByteBuffer> requests = new ArrayList<>();
        final List<ByteBuffer> takeOver = new ArrayList<>();
        long scaledFrequency;
        long tick = 10_000;
        int status;
        int roundingError;
        int answer;

        KernelClock taken(boolean tellsKernel) {
            KernelClock clock = new KernelClock(this, tellsKernel);
            takeOver.addAll(requests);
            requests.clear();
            return clock;
        }

        @Override
        public int adjust(ByteBuffer timex) {
            if (timex.getInt(0) == 0) {
                timex.putLong(16, scaledFrequency);
                timex.putInt(40, status);
                timex.putLong(88, tick);
                return 0;
            }
            ByteBuffer copy = ByteBuffer.allocate(timex.capacity()).order(ByteOrder.nativeOrder());
            copy.put(0, timex, 0, timex.capacity());
            requests.add(copy);
            if (answer == 0 && (timex.getInt(0) & 0x8002) == 2) {
                scaledFrequency = Math.clamp(timex.getLong(16), -500L << 16, 500L << 16) + roundingError;
                tick = timex.getLong(88);
                timex.putLong(16, scaledFrequency);
            }
            if ((timex.getInt(0) & 0x8010) == 0x10) {
                status = timex.getInt(40);
            }
            return answer;
        }
    }

    private final Recorder kernel = new Recorder();

    @Test
    void stepsForwardBySecondsAndNanoseconds() {
        kernel.taken(true).step(37_250_000_001L);

        ByteBuffer timex = kernel.requests.getFirst();
        assertEquals(208, timex.capacity());
        assertEquals(0x2100, timex.getInt(0), "ADJ_SETOFFSET | ADJ_NANO");
        assertEquals(37, timex.getLong(72));
        assertEquals(250_000_001, timex.getLong(80));
    }

    @Test
    void stepsBackWithAFractionThatIsNeverNegative() {
        kernel.taken(true).step(-1);

        ByteBuffer timex = kernel.requests.getFirst();
        assertEquals(-1, timex.getLong(72));
        assertEquals(999_999_999, timex.getLong(80));
    }

    @Test
    void setsFrequencyInPartsOf65536OfAMillionthAndTellsWhatItTookOn() {
        KernelClock clock = kernel.taken(true);

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
        KernelClock clock = kernel.taken(true);

        assertEquals(10_001_000, clock.slew(10_000_600));
        assertEquals(0, clock.slew(0));
        assertEquals(0, clock.slew(400));

        assertEquals(2, kernel.requests.size(), "nothing is left to end the second time");
        assertEquals(0x8001, kernel.requests.get(0).getInt(0), "ADJ_OFFSET_SINGLESHOT");
        assertEquals(10_001, kernel.requests.get(0).getLong(8));
        assertEquals(0, kernel.requests.get(1).getLong(8));
    }

    @Test
    void usesTicksOf100PpmOnlyBeyondTheFrequencysOwnRange() {
        KernelClock clock = kernel.taken(true);

        assertEquals(500_000, clock.setFrequencyPpb(500_000));
        assertEquals(10_000, kernel.tick);
        assertEquals(-530_000, clock.setFrequencyPpb(-530_000), 0.01);
        assertEquals(9_995, kernel.tick);
        assertEquals(-30.0 * 65_536, (double) kernel.scaledFrequency, 0.5);
        assertEquals(100_000_000, clock.setFrequencyPpb(7e8));
        assertEquals(11_000, kernel.tick);
        assertEquals(-100_000_000, clock.setFrequencyPpb(-7e8));
        assertEquals(9_000, kernel.tick);
    }

    @Test
    void usesWhatTheKernelMadeOfTheFrequency() {
        KernelClock clock = kernel.taken(true);
        kernel.roundingError = -1;

        assertEquals(9_999 / 65.536, clock.setFrequencyPpb(10_000 / 65.536), 1e-9);
    }

    @Test
    void takesOverWhatAnotherProgramLeftAndEndsWhatItLeftGoing() {
        kernel.scaledFrequency = 65_536;
        kernel.tick = 10_002;
        kernel.status = 0x2001;

        assertEquals(201_000, kernel.taken(true).frequencyPpb(), 1e-9);

        List<ByteBuffer> calls = kernel.takeOver;
        assertEquals(0x11, calls.get(0).getInt(0), "ADJ_OFFSET | ADJ_STATUS");
        assertEquals(0x41, calls.get(0).getInt(40), "the kernel's loop takes an offset only while it is on");
        assertEquals(0, calls.get(0).getLong(8));
        assertEquals(0x10, calls.get(1).getInt(0), "ADJ_STATUS");
        assertEquals(0x40, calls.get(1).getInt(40), "neither PLL, FLL, FREQHOLD, pulses of the kernel's, INS nor DEL");
        assertEquals(0x8001, calls.get(2).getInt(0), "ADJ_OFFSET_SINGLESHOT");
        assertEquals(0, calls.get(2).getLong(8));
        assertEquals(0x4002, calls.get(3).getInt(0), "ADJ_FREQUENCY | ADJ_TICK");
        assertEquals(10_000, calls.get(3).getLong(88));
        assertEquals(201 << 16, calls.get(3).getLong(16));
    }

    @Test
    void noticesAnotherProgramByItsFrequencyAndTakesItBack() {
        KernelClock clock = kernel.taken(true);
        clock.setFrequencyPpb(-9_000);
        assertEquals("", clock.foreignHand());
        kernel.scaledFrequency++;
        assertEquals("", clock.foreignHand(), "the kernel's own rounding");

        kernel.scaledFrequency = 12 << 16;
        String found = clock.foreignHand();

        assertTrue(found.contains("set to -9.000 ppm, found at +12.000 ppm"), found);
        assertTrue(found.contains("stop it"), found);
        assertEquals(-9_000 * 65.536, (double) kernel.scaledFrequency, 0.5);
        assertEquals("", clock.foreignHand());
    }

    @Test
    void noticesTheKernelsOwnLoop() {
        KernelClock clock = kernel.taken(true);
        kernel.status = 0x2001;

        assertTrue(clock.foreignHand().contains("loop"));
        assertEquals(0x40, kernel.status);
    }

    @Test
    void leavesALeapSecondToTheKernelAlsoWhileNothingIsServed() {
        KernelClock clock = kernel.taken(true);
        clock.publishLeap(1, 37);
        clock.publishLeap(1, 37);
        clock.publishQuality(true, 1_000, 1_000);
        clock.publishQuality(false, 1_000, 1_000);
        clock.publishLeap(-1, 37);
        clock.publishQuality(true, 1_000, 1_000);
        clock.publishLeap(0, 36);
        clock.publishQuality(true, 1_000, 1_000);

        List<Integer> flags = kernel.requests.stream()
                .filter(request -> request.getInt(0) == 0x1c)
                .map(request -> request.getInt(40))
                .toList();
        assertEquals(List.of(0x10, 0x50, 0x20, 0), flags);
        List<Long> tai = kernel.requests.stream()
                .filter(request -> request.getInt(0) == 0x80)
                .map(request -> request.getLong(48))
                .toList();
        assertEquals(List.of(37L, 36L), tai);
    }

    @Test
    void tellsOtherProgramsTheQualityInMicrosecondsRoundedUp() {
        KernelClock clock = kernel.taken(true);

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
        kernel.taken(false).publishQuality(true, 1_501, 40);

        ByteBuffer request = kernel.requests.getFirst();
        assertEquals(2, request.getLong(24));
        assertEquals(0x40, request.getInt(40), "STA_UNSYNC, so that the kernel leaves the real-time clock alone");
    }

    @Test
    void namesTheCapabilityWhenTheKernelRefuses() {
        KernelClock clock = kernel.taken(true);
        kernel.answer = -1;

        var refusal = assertThrows(IllegalStateException.class, () -> clock.step(1));

        assertTrue(refusal.toString().contains("CAP_SYS_TIME"), refusal.toString());
    }

    @Test
    void namesTheErrorOfAnyOtherRefusal() {
        KernelClock clock = kernel.taken(true);
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
