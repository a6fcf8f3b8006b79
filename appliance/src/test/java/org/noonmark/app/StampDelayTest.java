package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.noonmark.pps.StampLatency;
import org.noonmark.provisioning.PulseLateness;
import org.noonmark.status.PulseStatus;

class StampDelayTest {
    private static final StampLatency PI_3 = StampLatency.ofBoard("Raspberry Pi 3 Model B Rev 1.2");
    private static final OptionalLong UNSAID = OptionalLong.empty();

    @Test
    void ofASilentOwnerTheBoardsFigureCounts() {
        assertEquals(
                new PulseStatus.Delay(6_000, 15_000, "6.00 us latency (measured by others on Raspberry Pi 3)"),
                StampDelay.of(new PulseLateness(0, 0, UNSAID, UNSAID), PI_3));
    }

    @Test
    void cableAndOffsetAddToTheLatency() {
        PulseStatus.Delay delay = StampDelay.of(new PulseLateness(-200, 50, UNSAID, UNSAID), PI_3);
        assertEquals(5_850, delay.meanNanos());
        assertEquals(
                "6.00 us latency (measured by others on Raspberry Pi 3); 0.0500 us antenna cable; -0.200 us offset",
                delay.source());
    }

    @Test
    void aMeasuredLatencyKeepsTheDoubtOfTheBoardUntilItsErrorIsSaid() {
        PulseStatus.Delay doubted = StampDelay.of(new PulseLateness(0, 0, OptionalLong.of(7_000), UNSAID), PI_3);
        assertEquals(7_000, doubted.meanNanos());
        assertEquals(15_000, doubted.uncertaintyNanos());
        PulseStatus.Delay sure =
                StampDelay.of(new PulseLateness(0, 0, OptionalLong.of(7_000), OptionalLong.of(500)), PI_3);
        assertEquals(500, sure.uncertaintyNanos());
        assertEquals("7.00 us latency (by the configuration)", sure.source());
    }
}
