package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.noonmark.pps.PpsEdge;
import org.noonmark.pps.PpsEdge.Polarity;
import org.noonmark.status.PulseStatus;

class PulseTrainTest {
    private static final long SECOND = 1_000_000_000L;

    private final PulseTrain train =
            new PulseTrain("PPS", "/dev/pps0", 0, new PulseStatus.Delay(0, 25_000, ""), () -> "");

    @Test
    void theEndOfAPulseIsATroubleWithACure() {
        for (int i = 0; i < 10; i++) {
            edge(i, i * SECOND, 900_000_000);
        }
        String trouble = status().trouble();
        assertTrue(trouble.startsWith("/dev/pps0 is not followed: the line stays"), trouble);
        assertTrue(trouble.contains("edge clear"), trouble);
        assertEquals(900_000_000, status().checks().widthNanos());
    }

    @Test
    void fivePulsesASecondAreATroubleWithACure() {
        for (int i = 0; i < 20; i++) {
            assertFalse(edge(i, i * SECOND / 5, 0));
        }
        assertTrue(status().trouble().contains("set its time pulse to 1 Hz"), status()::trouble);
    }

    @Test
    void aStrayEdgeIsCountedByItsReasonAndNoTrouble() {
        for (int i = 0; i < 5; i++) {
            edge(i, i * SECOND, 0);
        }
        assertFalse(edge(5, 4 * SECOND + 300_000_000, 0));
        PulseStatus status = status();
        assertEquals("", status.trouble());
        assertEquals(3, status.rejected());
        assertEquals(2, status.checks().refusals().size());
        assertEquals(1, status.checks().refusals().getLast().count());
    }

    private boolean edge(long sequence, long nanos, long widthNanos) {
        return train.accepts(
                new PpsEdge(1_800_000_000L * SECOND + nanos, sequence, Polarity.ASSERT, widthNanos), nanos);
    }

    private PulseStatus status() {
        return train.status(0);
    }
}
