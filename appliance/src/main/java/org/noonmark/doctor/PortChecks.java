package org.noonmark.doctor;

import static org.noonmark.doctor.Words.format;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.noonmark.doctor.MachineFacts.Port;
import org.noonmark.doctor.MachineFacts.Program;
import org.noonmark.status.ChainLink;
import org.noonmark.status.Finding;

/** The receivers' ports as the machine shows them: there, and nobody else's. */
final class PortChecks {
    private static final Pattern CONSOLE = Pattern.compile("(?:^|\\s)console=(tty[A-Z]\\w+|serial\\d)");
    private static final Pattern BLUETOOTH_OFF =
            Pattern.compile("(?m)^\\s*dtoverlay=(disable-bt|miniuart-bt|pi3-disable-bt|pi3-miniuart-bt)\\b");

    private final MachineFacts facts;
    private final boolean heard;
    private final List<Finding> findings = new ArrayList<>();

    private PortChecks(MachineFacts facts, boolean heard) {
        this.facts = facts;
        this.heard = heard;
    }

    /** @param heard whether the daemon hears something through the port: then it is there, wherever */
    static List<Finding> of(MachineFacts facts, boolean heard) {
        PortChecks checks = new PortChecks(facts, heard);
        facts.ports().forEach(checks::port);
        return checks.findings;
    }

    private void port(Port port) {
        if (!port.exists() && !heard) {
            boolean header = port.path().matches("/dev/(ttyAMA|ttyS|serial)\\d+");
            findings.add(
                    Finding.critical(
                            ChainLink.UART,
                            port.path() + " is not there",
                            header
                                    ? "switch the header's port on: enable_uart=1 and dtoverlay=disable-bt in config.txt, and restart"
                                    : "plug the receiver in, or name its port (ls /dev/serial* /dev/tty*) in the receiver line"));
            return;
        }
        Matcher console = CONSOLE.matcher(facts.boot().commandLine());
        while (console.find()) {
            if (isSame(console.group(1), port)) {
                findings.add(Finding.critical(
                        ChainLink.UART,
                        format(
                                "the kernel's console is on the receiver's port (%s in cmdline.txt)",
                                console.group().strip()),
                        "take that word out of cmdline.txt on the boot partition, and restart"));
            }
        }
        port.holders().forEach(program -> held(port, program));
        mini(port);
    }

    private static boolean isSame(String console, Port port) {
        return port.real().equals("/dev/" + console) || port.path().equals("/dev/" + console);
    }

    private void held(Port port, Program program) {
        String what = format("%s has %s open beside the daemon", program, port.path());
        String cure = switch (program.name()) {
            case "gpsd" -> "stop it: systemctl disable --now gpsd.socket gpsd.service; this program needs no gpsd";
            case "agetty", "getty", "login" ->
                format("stop the login on it: systemctl mask --now serial-getty@%s.service", nameOf(port));
            case "hciattach", "btattach", "bluetoothd", "btuart" ->
                "Bluetooth has the port: dtoverlay=disable-bt in config.txt, and restart";
            default -> "stop that program: two readers get half of each message";
        };
        findings.add(Finding.critical(ChainLink.UART, what, cure));
    }

    private static String nameOf(Port port) {
        return port.real().substring(port.real().lastIndexOf('/') + 1);
    }

    /** The small UART's speed hangs on the core clock, which moves: its messages come damaged, and late by turns. */
    private void mini(Port port) {
        if (facts.board().isRaspberryPi()
                && port.real().equals("/dev/ttyS0")
                && !BLUETOOTH_OFF.matcher(facts.boot().configTxt()).find()) {
            findings.add(
                    Finding.warning(
                            ChainLink.UART,
                            port.path()
                                    + " is the mini UART, whose speed moves with the processor's; Bluetooth has the better one",
                            "give the receiver the better one: dtoverlay=disable-bt in config.txt, receiver /dev/ttyAMA0, and restart"));
        }
    }
}
