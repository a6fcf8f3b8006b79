package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LinuxTimeTest {
    @Test
    void agreesWithTheJdksClock() {
        Instant before = Instant.now();
        long nanos = LinuxTime.realtimeNanos();
        Instant after = Instant.now();

        assertTrue(nanos >= nanosOf(before) && nanos <= nanosOf(after), before + " " + nanos + " " + after);
    }

    @Test
    void monotonicTimeNeverGoesBack() {
        long last = LinuxTime.monotonicNanos();
        for (int i = 0; i < 10_000; i++) {
            long now = LinuxTime.monotonicNanos();
            assertTrue(now >= last, last + " then " + now);
            last = now;
        }
    }

    @Test
    void allocatesNothingPerReading() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        read(20_000);

        long before = threads.getCurrentThreadAllocatedBytes();
        read(20_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertEquals(0, allocated / 20_000, "bytes per reading; " + allocated + " in all");
    }

    private static void read(int times) {
        for (int i = 0; i < times; i++) {
            LinuxTime.realtimeNanos();
        }
    }

    private static long nanosOf(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
