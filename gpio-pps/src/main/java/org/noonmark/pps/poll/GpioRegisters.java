package org.noonmark.pps.poll;

import java.util.function.IntUnaryOperator;

/**
 * One pin in the GPIO registers that Pi 3 (BCM2837) and Pi 4 (BCM2711) have in common (BCM2835 ARM Peripherals, section 6.1; BCM2711
 * ARM Peripherals, section 5.2): function select from 0x00 on, three bits for each pin, ten pins in a word; levels at 0x34, one bit for
 * each of the pins 0 to 31.
 */
final class GpioRegisters implements GpioLevel {
    /** Of the part of memory that holds them. */
    static final int BYTES = 4096;

    private static final int FUNCTION_SELECT = 0x00;
    private static final int LEVEL_0 = 0x34;
    private static final int PINS_PER_WORD = 10;
    private static final int INPUT = 0;

    private final IntUnaryOperator registers;
    private final int gpio;
    private final int mask;

    /**
     * A pin.
     *
     * @param registers reads the 32-bit register at a byte offset
     * @param gpio 0 to 27, a pin of the header
     */
    GpioRegisters(IntUnaryOperator registers, int gpio) {
        this.registers = registers;
        this.gpio = gpio;
        mask = 1 << gpio;
    }

    /** Whether the pin is an input, as a pulse's must be. */
    boolean isInput() {
        int word = registers.applyAsInt(FUNCTION_SELECT + gpio / PINS_PER_WORD * Integer.BYTES);
        return ((word >> (gpio % PINS_PER_WORD * 3)) & 7) == INPUT;
    }

    @Override
    public boolean isHigh() {
        return (registers.applyAsInt(LEVEL_0) & mask) != 0;
    }
}
