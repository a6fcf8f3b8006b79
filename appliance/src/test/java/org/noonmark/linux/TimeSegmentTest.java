package org.noonmark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A writer as ntpd's documentation of driver 28 has it, on the machine's own shared memory. */
class TimeSegmentTest {
    private static final int UNIT = 128 + (int) (ProcessHandle.current().pid() % 100);
    private static final int KEY = 0x4e545030 + UNIT;
    private static final int BYTES = 96;

    private TimeSegment segment;
    private Pointer writer;

    @BeforeEach
    void open() throws IOException {
        segment = TimeSegment.open(UNIT, 0600);
        writer = Libc.shmat(Libc.shmget(KEY, BYTES, 0), Pointer.NULL, 0);
    }

    @AfterEach
    void remove() throws IOException, InterruptedException {
        segment.close();
        Libc.shmdt(writer);
        new ProcessBuilder("ipcrm", "-M", Integer.toString(KEY)).start().waitFor();
    }

    @Test
    void aSampleIsTakenOnceInNanoseconds() {
        assertEquals(Optional.empty(), segment.take());
        write(1, 123_456, 123_456_789);
        TimeSegment.Sample expected = new TimeSegment.Sample(1_800_000_000_123_456_789L, 1_800_000_001_123_456_789L, 1);
        assertEquals(Optional.of(expected), segment.take());
        assertEquals(Optional.empty(), segment.take());
    }

    /** An old writer leaves the nanoseconds as they were. */
    @Test
    void nanosecondsThatContradictTheMicrosecondsAreLeftOut() {
        write(0, 250_000, 1);
        assertEquals(1_800_000_000_250_000_000L, segment.take().orElseThrow().clockNanos());
    }

    private void write(int mode, int micros, int nanos) {
        writer.setInt(0, mode);
        writer.setInt(4, writer.getInt(4) + 1);
        writer.setLong(8, 1_800_000_000L);
        writer.setInt(16, micros);
        writer.setLong(24, 1_800_000_001L);
        writer.setInt(32, micros);
        writer.setInt(36, 1);
        writer.setInt(40, -20);
        writer.setInt(52, nanos);
        writer.setInt(56, nanos);
        writer.setInt(4, writer.getInt(4) + 1);
        writer.setInt(48, 1);
    }
}
