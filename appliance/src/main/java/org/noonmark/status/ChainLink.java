package org.noonmark.status;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold, one after another, until clients have the right time; in the order in which a cause comes before what it causes. So the
 * antenna stands before the fix that it feeds, and other programs that set the clock before the labels and the lock that they break.
 */
public enum ChainLink {
    /** Supply voltage and heat. */
    POWER("look at the power supply"),
    /** The configuration, and the daemon that reads it. */
    DAEMON("look at 'systemctl status noonmark' and 'journalctl -u noonmark'"),
    /** The receiver's port, and what comes through it. */
    UART("check the receiver's power and wiring (its TX to our RX), and the port's name in the configuration"),
    /** The port's speed. */
    BAUD("let the speed be found: write no 'baud' in the receiver line", UART),
    /** Messages that can be understood. */
    NMEA("look at what the receiver sends: 'noonmark gps'", BAUD),
    /** Whether it hears satellites. */
    ANTENNA("check the antenna, its cable and its view of the sky", NMEA),
    /** Whether it knows where it is, or at least the time. */
    FIX("give the antenna an open view of the sky", ANTENNA),
    /** The kernel's device for the pulses. */
    PULSE_DEVICE("check dtoverlay=pps-gpio,gpiopin=... in config.txt, and restart"),
    /** The pulses: that they come, once a second, by their right edge. */
    EDGE("check the PPS wire and its pin; 'noonmark pps' shows what comes", FIX, PULSE_DEVICE),
    /** Nobody else sets the clock. */
    RIVALS("let one program alone set the clock"),
    /** Which second each pulse is. */
    LABEL("look at 'noonmark status', row Seconds", FIX, EDGE, RIVALS),
    /** The clock follows the pulses. */
    LOCK("look at 'noonmark status', row Why", DAEMON, LABEL),
    /** The machine's date, which the lock puts right. */
    DATE("give the receiver a fix: it sets the date", LOCK),
    /** A cable and an address. */
    NETWORK("check cable and switch"),
    /** Whether the LAN's DHCP server names this one. */
    DHCP("see 'noonmark dhcp'", NETWORK),
    /** Host names, where any are needed. */
    DNS("name a DNS server that answers", NETWORK),
    /** Clients get the time. */
    NTP("look at 'noonmark serverstats' and the 'allow' lines", DAEMON, LOCK, NETWORK),
    /** What NTS is served with. */
    CERTIFICATE("look at 'noonmark nts cert'", LOCK),
    /** Clients get keys, and time with them. */
    NTS("look at 'noonmark nts cert'", CERTIFICATE, NTP),
    /** Settings are kept. */
    DISK("free space on the card, or replace it"),
    /** The program is not too old. */
    UPDATE("install the present version");

    private final String generalCure;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<ChainLink> needs;

    ChainLink(String generalCure, ChainLink... needs) {
        this.generalCure = generalCure;
        this.needs = Set.of(needs);
    }

    /** What to do where nothing more to the point is known. */
    public String generalCure() {
        return generalCure;
    }

    /** All links that must hold before this one can, near and far. */
    public Set<ChainLink> needs() {
        Set<ChainLink> all = EnumSet.noneOf(ChainLink.class);
        needs.forEach(link -> {
            all.add(link);
            all.addAll(link.needs());
        });
        return all;
    }

    /** In reports: {@code pulse device}. */
    public String word() {
        return switch (this) {
            case UART, NMEA, DHCP, DNS, NTP, NTS -> name();
            default -> name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    static Optional<ChainLink> named(String name) {
        return Arrays.stream(values()).filter(link -> link.name().equals(name)).findFirst();
    }
}
