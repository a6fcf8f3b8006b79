package org.noonmark.provisioning.firstboot;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The receiver as the settings have it, with what its board says.
 *
 * @param device the serial line
 * @param baud bits per second; empty: to be found out
 * @param ppsGpio the GPIO that the pulses reach
 * @param falling whether the falling edge marks the second
 * @param cableMetres length of the antenna cable
 * @param setUp whether the daemon may change its settings
 */
record Receiver(String device, OptionalInt baud, int ppsGpio, boolean falling, int cableMetres, boolean setUp) {
    /** Of a wave in common coaxial cable, two thirds of its speed in a vacuum. */
    private static final int NANOS_PER_METRE = 5;

    private static final int TRANSMIT_GPIO = 14;
    private static final int RECEIVE_GPIO = 15;
    private static final int I2C_DATA_GPIO = 2;
    private static final int I2C_CLOCK_GPIO = 3;
    private static final Set<String> PIN_LINES = Set.of("/dev/serial0", "/dev/ttyAMA0", "/dev/ttyS0");

    /** Refuses what cannot be together, and takes the rest. */
    static Receiver of(Settings settings) {
        boolean onPins = PIN_LINES.contains(settings.get(Keys.DEVICE, Keys.DEVICE.standard()));
        int gpio = settings.get(Keys.PPS_GPIO, -1);
        if (onPins && (gpio == TRANSMIT_GPIO || gpio == RECEIVE_GPIO)) {
            settings.refuse(
                    Keys.PPS_GPIO,
                    "is a pin of the serial line",
                    "write the GPIO to which the pulses are wired, often 18");
        }
        if (settings.get(Keys.RTC, "none").equals("ds3231") && (gpio == I2C_DATA_GPIO || gpio == I2C_CLOCK_GPIO)) {
            settings.refuse(
                    Keys.PPS_GPIO,
                    "is a pin of the clock on I2C",
                    "write the GPIO to which the pulses are wired, often 18");
        }
        if (onPins && !settings.get(Keys.DISABLE_BT, true)) {
            settings.refuse(
                    Keys.DISABLE_BT,
                    "leaves the receiver on the pins without its UART",
                    "remove the line, or use a receiver on USB");
        }
        HatPreset board = settings.get(Keys.HAT, HatPreset.CUSTOM);
        Optional<Integer> pin = settings.get(Keys.PPS_GPIO);
        if (pin.isPresent() && board != HatPreset.CUSTOM && pin.get() != board.ppsGpio()) {
            settings.find(Keys.PPS_GPIO)
                    .orElseThrow()
                    .given()
                    .remark(
                            "is not the pin of " + board.word() + ", which is " + board.ppsGpio(),
                            "remove the line unless you wired it so");
        }
        Optional<Integer> baud = settings.get(Keys.BAUD);
        return new Receiver(
                settings.get(Keys.DEVICE, Keys.DEVICE.standard()),
                baud.isPresent() ? OptionalInt.of(baud.get()) : board.baud(),
                pin.orElse(board.ppsGpio()),
                settings.get(Keys.PPS_EDGE, "rising").equals("falling"),
                settings.get(Keys.CABLE_METRES, 0),
                settings.get(Keys.SETUP, "auto").equals("auto"));
    }

    /** The line of the configuration. The overlay makes the edge that counts the "assert" one, so nothing is said of it here. */
    String line() {
        return "receiver " + device + (baud.isPresent() ? " baud " + baud.getAsInt() : "") + " refid GPS"
                + (setUp ? "" : " setup off") + " pps /dev/pps0"
                + (cableMetres == 0 ? "" : " cable-delay " + cableMetres * NANOS_PER_METRE + "e-9");
    }

    /** The line of config.txt. */
    String overlay() {
        return "dtoverlay=pps-gpio,gpiopin=" + ppsGpio + (falling ? ",assert_falling_edge=on" : "");
    }

    /** For the report. */
    String summary() {
        return device + " at " + (baud.isPresent() ? baud.getAsInt() + " baud" : "a speed that is found out")
                + ", pulses on GPIO " + ppsGpio + ", " + (falling ? "falling" : "rising") + " edge"
                + (cableMetres == 0 ? "" : ", " + cableMetres + " m of antenna cable");
    }
}
