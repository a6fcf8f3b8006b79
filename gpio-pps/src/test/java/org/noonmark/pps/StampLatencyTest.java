package org.noonmark.pps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StampLatencyTest {
    @Test
    void everyBoardsFigureCoversWhatPowerSavingAndLoadMake() {
        for (String model : List.of(
                "Raspberry Pi 3 Model B Plus Rev 1.3",
                "Raspberry Pi 4 Model B Rev 1.4",
                "Raspberry Pi 400 Rev 1.0",
                "Raspberry Pi 5 Model B Rev 1.0",
                "Raspberry Pi Zero 2 W Rev 1.0",
                "Raspberry Pi Compute Module 4 Rev 1.1",
                "")) {
            StampLatency latency = StampLatency.ofBoard(model);
            for (long real : new long[] {0, 6_000, 12_000, 20_000}) {
                assertTrue(
                        Math.abs(real - latency.meanNanos()) <= latency.uncertaintyNanos(),
                        () -> model + ": " + latency + " against " + real);
            }
        }
    }

    @Test
    void aBoardIsFoundByTheNameThatItsFirmwareGives() {
        assertEquals(
                10_000, StampLatency.ofBoard("Raspberry Pi 5 Model B Rev 1.0").meanNanos());
        assertEquals(8_000, StampLatency.ofBoard("Raspberry Pi 400 Rev 1.0").meanNanos());
        assertEquals(
                6_000, StampLatency.ofBoard("Raspberry Pi Zero 2 W Rev 1.0").meanNanos());
    }

    @Test
    void anEmulatedBoardIsKnownToBeLate() {
        StampLatency latency = StampLatency.ofBoard("linux,dummy-virt");
        assertTrue(Math.abs(2_900_000 - latency.meanNanos()) <= latency.uncertaintyNanos(), latency::toString);
    }

    @Test
    void ofAnUnknownBoardNothingIsAssumedAndMuchIsAllowed() {
        StampLatency latency = StampLatency.ofBoard("QEMU Virtual Machine");
        assertEquals(0, latency.meanNanos());
        assertEquals(25_000, latency.uncertaintyNanos());
    }
}
