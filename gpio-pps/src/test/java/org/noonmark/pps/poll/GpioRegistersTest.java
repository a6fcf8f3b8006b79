package org.noonmark.pps.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Registers as the manuals of BCM2835 (table 6-1) and BCM2711 (table 5-1) number them. */
class GpioRegistersTest {
    private final Map<Integer, Integer> registers = new HashMap<>();
    private final List<Integer> read = new ArrayList<>();

    @Test
    void readsTheLevelOfItsOwnPin() {
        GpioRegisters pin = pin(18);
        registers.put(0x34, 1 << 18);
        assertTrue(pin.isHigh());
        registers.put(0x34, ~(1 << 18));
        assertFalse(pin.isHigh());
        assertEquals(List.of(0x34, 0x34), read); // GPLEV0, anew each time
    }

    @Test
    void knowsAnInputFromItsFunctionSelect() {
        // GPFSEL1 holds pins 10 to 19; pin 18 has bits 24 to 26: 000 input, 001 output, 100 alternate function 0.
        registers.put(0x04, 0);
        assertTrue(pin(18).isInput());
        registers.put(0x04, 1 << 24);
        assertFalse(pin(18).isInput());
        registers.put(0x04, 4 << 24);
        assertFalse(pin(18).isInput());
        registers.put(0x04, (7 << 21) | (7 << 27)); // its neighbours
        assertTrue(pin(18).isInput());
        assertTrue(pin(4).isInput()); // GPFSEL0
        registers.put(0x00, 1 << 12);
        assertFalse(pin(4).isInput());
    }

    @Test
    void refusesABoardOfOtherRegistersWithACure() {
        IOException refusal = assertThrows(IOException.class, () -> GpioMemory.open("Raspberry Pi 5 Model B Rev 1.0"));
        assertEquals(
                "pins of Raspberry Pi 5 Model B Rev 1.0 cannot be polled, only those of Pi 3 and 4; remove 'pps-poll'",
                refusal.getMessage());
        IOException unnamed = assertThrows(IOException.class, () -> GpioMemory.open(""));
        assertEquals(
                "pins of this machine cannot be polled, only those of Pi 3 and 4; remove 'pps-poll'",
                unnamed.getMessage());
    }

    private GpioRegisters pin(int gpio) {
        return new GpioRegisters(
                offset -> {
                    read.add(offset);
                    return registers.getOrDefault(offset, 0);
                },
                gpio);
    }
}
