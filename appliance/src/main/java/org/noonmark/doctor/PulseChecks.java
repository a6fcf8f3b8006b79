package org.noonmark.doctor;

import static org.noonmark.doctor.Words.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.noonmark.doctor.MachineFacts.PulseDevice;
import org.noonmark.status.ChainLink;
import org.noonmark.status.Finding;

/** The pulse devices as the machine shows them: the overlay, its pin, the driver. */
final class PulseChecks {
    private static final Pattern OVERLAY = Pattern.compile("(?m)^\\s*dtoverlay=pps-gpio\\b([^#\\n]*)");
    private static final Pattern PIN = Pattern.compile("gpiopin=(\\d+)");
    /** As the overlay has it when nothing is said. */
    private static final int DEFAULT_PIN = 18;

    private PulseChecks() {}

    static List<Finding> of(MachineFacts facts) {
        List<Finding> findings = new ArrayList<>();
        for (PulseDevice device : facts.pulses()) {
            if (device.path().startsWith("/dev/ptp")) {
                findings.add(Finding.critical(
                        ChainLink.PULSE_DEVICE,
                        device.path()
                                + " is a network card's clock, no pulse device; a Pi 5 has no pulse input on its card as the CM4 has",
                        "wire the pulse to a GPIO: dtoverlay=pps-gpio,gpiopin=18 in config.txt, and 'pps /dev/pps0'"));
            } else if (device.exists()) {
                counted(facts, device).ifPresent(findings::add);
            } else {
                findings.add(missing(facts, device));
            }
        }
        return findings;
    }

    private static Finding missing(MachineFacts facts, PulseDevice device) {
        String path = device.path();
        if (facts.boot().pulseDriver().isPresent()
                && !facts.boot().pulseDriver().get()) {
            return Finding.critical(
                    ChainLink.PULSE_DEVICE,
                    format(
                            "%s is not there: kernel %s has no driver pps-gpio",
                            path, facts.boot().kernel()),
                    "after an update of the kernel, restart; else install the modules of that kernel, or go back to the one before");
        }
        Matcher overlay = OVERLAY.matcher(facts.boot().configTxt());
        if (!facts.board().isRaspberryPi()) {
            return Finding.critical(
                    ChainLink.PULSE_DEVICE,
                    path + " is not there",
                    "load a driver that makes one (pps-gpio from the device tree, or pps-ldisc by ldattach)");
        }
        return overlay.find()
                ? Finding.critical(
                        ChainLink.PULSE_DEVICE,
                        format(
                                "%s is not there, though config.txt has dtoverlay=pps-gpio%s",
                                path, overlay.group(1).strip()),
                        "restart; if it stays so, 'dmesg | grep pps' says why (a pin in use, overlays/pps-gpio.dtbo missing)")
                : Finding.critical(
                        ChainLink.PULSE_DEVICE,
                        path + " is not there, and config.txt has no line for it",
                        "write dtoverlay=pps-gpio,gpiopin=18 (or the pin that your board uses, such as 4) into config.txt, and restart");
    }

    /** The device is there and the kernel never saw a pulse: the pin may be another. */
    private static Optional<Finding> counted(MachineFacts facts, PulseDevice device) {
        if (device.edges().isEmpty() || device.edges().getAsLong() > 0) {
            return Optional.empty();
        }
        Matcher overlay = OVERLAY.matcher(facts.boot().configTxt());
        Matcher pin = PIN.matcher(overlay.find() ? overlay.group(1) : "");
        String gpio = pin.find() ? pin.group(1) : Integer.toString(DEFAULT_PIN);
        return Optional.of(
                Finding.critical(
                        ChainLink.EDGE,
                        facts.board().isRaspberryPi()
                                ? format(
                                        "the kernel has counted no pulse at all on %s, which listens to GPIO %s",
                                        device.path(), gpio)
                                : format("the kernel has counted no pulse at all on %s", device.path()),
                        "many receivers pulse only with a fix; with one, the wire may be at another pin: HATs use 4 or 18 (gpiopin= in config.txt)"));
    }
}
