package org.noonmark.provisioning.firstboot;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.noonmark.provisioning.IpAddress;

/** The table of settings, in the order of the sample file. */
final class Keys {
    static final Key<String> HOSTNAME = key(
            "system",
            "hostname",
            Forms.word("a host name: letters, digits and '-', at most 63, without dots", Forms::isHostname),
            "The name of this machine in your network",
            "noonmark",
            "\"noonmark\"");
    static final Key<String> TIMEZONE = key(
            "system",
            "timezone",
            Forms.known("a time zone as in \"Europe/Berlin\"", Keys::zones),
            "The zone of the times in reports and logs; NTP itself knows only UTC",
            "UTC",
            "\"Europe/Berlin\"");

    static final Key<List<SshKey>> AUTHORIZED_KEYS = key(
            "ssh",
            "authorized_keys",
            Forms.list(Forms.sshKey()),
            "Who may log in as 'admin': the line of each public key (id_ed25519.pub, made by ssh-keygen -t ed25519); there is no password",
            "nobody",
            "[\"ssh-ed25519 AAAA...your-own-key... you@laptop\"]");

    static final Key<String> INTERFACE = key(
            "network",
            "interface",
            Forms.choice("wired", "wireless"),
            "Which interface the lines below are about; the other one asks DHCP",
            "wired",
            "\"wired\"");
    static final Key<Integer> VLAN = key(
            "network",
            "vlan",
            Forms.whole(1, 4094),
            "Speak in this tagged VLAN (wired only); untagged frames are then ignored",
            "untagged",
            "10");
    static final Key<Addressing> IPV4 = key(
            "network",
            "ipv4",
            Forms.addressing(false, "dhcp"),
            "\"dhcp\", \"off\", or this machine's address with the length of the prefix (255.255.255.0 is /24)",
            "dhcp",
            "\"192.168.1.5/24\"");
    static final Key<IpAddress> IPV4_GATEWAY = key(
            "network",
            "ipv4_gateway",
            Forms.address(false),
            "The router, when the address is fixed",
            "none",
            "\"192.168.1.1\"");
    static final Key<Addressing> IPV6 = key(
            "network",
            "ipv6",
            Forms.addressing(true, "auto"),
            "\"auto\" (what the router says), \"off\", or addresses with the length of the prefix",
            "auto",
            "[\"fd12:3456:789a::5/64\"]");
    static final Key<IpAddress> IPV6_GATEWAY = key(
            "network",
            "ipv6_gateway",
            Forms.address(true),
            "The router, when the address is fixed; without it the router tells itself",
            "what the router says",
            "\"fe80::1\"");
    static final Key<List<IpAddress>> DNS = key(
            "network",
            "dns",
            Forms.list(Forms.address()),
            "Name servers; with DHCP these are asked first",
            "what DHCP says",
            "[\"192.168.1.1\"]");
    static final Key<List<String>> SEARCH = key(
            "network",
            "search",
            Forms.list(Forms.word("a domain as in \"example.net\"", Forms::isDomain)),
            "Domains that complete short names",
            "what DHCP says",
            "[\"home.arpa\"]");

    static final Key<String> SSID = key(
            "wifi",
            "ssid",
            Forms.word("a network's name of 1 to 32 bytes", WifiNetwork::isSsid),
            "The name of the wireless network, for boards without cable",
            "Wi-Fi is not used",
            "\"My network\"");
    static final Key<String> WIFI_PASSWORD = secret(
            "wifi",
            "password",
            Forms.word(
                    "a password of 8 to 63 letters of the English alphabet, digits and signs, or a key of 64 hexadecimal digits",
                    WifiNetwork::isPassword),
            "Its password (WPA2); \"\" for an open network; this line is taken out of the file when it was applied",
            "what was applied before",
            "\"correct horse battery\"");
    static final Key<String> COUNTRY = key(
            "wifi",
            "country",
            Forms.known("the two capital letters of a country", () -> Stream.of(Locale.getISOCountries())),
            "Where you are: which channels are allowed",
            "channels that are allowed everywhere",
            "\"DE\"");
    static final Key<Boolean> HIDDEN =
            key("wifi", "hidden", Forms.flag(), "Whether the network does not tell its name", "false", "false");

    static final Key<HatPreset> HAT = key(
            "receiver",
            "hat",
            Forms.choice(HatPreset.words(), HatPreset::of),
            "The GPS board, which says pin and speed; one of " + String.join(", ", HatPreset.words()),
            "custom, all is as the keys below say",
            "\"uputronics\"");
    static final Key<String> DEVICE = key(
            "receiver",
            "device",
            Forms.word(
                    "a device as in \"/dev/serial0\"",
                    text -> text.matches("/dev/[A-Za-z0-9][A-Za-z0-9._:+-]*(/[A-Za-z0-9][A-Za-z0-9._:+-]*)*")),
            "The serial line: /dev/serial0 is pins 8 and 10, /dev/ttyACM0 a receiver on USB",
            "/dev/serial0",
            "\"/dev/serial0\"");
    static final Key<Integer> BAUD = key(
            "receiver",
            "baud",
            Forms.wholeOf(
                    "a speed: 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800 or 921600",
                    List.of(4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600)::contains),
            "Bits per second of the serial line",
            "that of the board, else it is found out",
            "9600");
    static final Key<Integer> PPS_GPIO = key(
            "receiver",
            "pps_gpio",
            Forms.whole(2, 27),
            "The GPIO (BCM number, not the pin's) that the pulses reach",
            "that of the board, else 18",
            "18");
    static final Key<String> PPS_EDGE = key(
            "receiver",
            "pps_edge",
            Forms.choice("rising", "falling"),
            "The edge of the pulse that marks the second",
            "rising",
            "\"rising\"");
    static final Key<Integer> CABLE_METRES = key(
            "receiver",
            "cable_metres",
            Forms.whole(0, 500),
            "Length of the antenna cable in metres: 5 ns of each are taken off",
            "0",
            "10");
    static final Key<String> SETUP = key(
            "receiver",
            "setup",
            Forms.choice("auto", "off"),
            "\"auto\": a u-blox or MediaTek receiver is told what a time server needs, until it is switched off; \"off\": it is used as it is",
            "auto",
            "\"auto\"");

    static final Key<Boolean> DISABLE_WIFI = key(
            "hardware",
            "disable_wifi",
            Forms.flag(),
            "Switch the Wi-Fi radio off: less noise beside a GPS antenna, fewer interrupts",
            "false",
            "false");
    static final Key<Boolean> DISABLE_BT = key(
            "hardware",
            "disable_bt",
            Forms.flag(),
            "Switch Bluetooth off, which gives the good UART to the receiver; needed for /dev/serial0",
            "true",
            "true");
    static final Key<String> RTC = key(
            "hardware",
            "rtc",
            Forms.choice("none", "ds3231", "pi5"),
            "A clock with battery: \"ds3231\" on I2C (GPIO 2 and 3), \"pi5\" the one of the Raspberry Pi 5",
            "none",
            "\"ds3231\"");

    static final Key<String> GOVERNOR = key(
            "tuning",
            "governor",
            Forms.choice("performance", "schedutil", "ondemand", "default"),
            "\"performance\": the cores keep one speed, so that an edge is stamped equally late each time; \"default\": the kernel's",
            "performance",
            "\"performance\"");
    static final Key<Boolean> CPU_DMA_LATENCY = key(
            "tuning",
            "cpu_dma_latency",
            Forms.flag(),
            "Keep cores out of deep sleep, whose end delays the stamp of an edge; some tenths of a watt",
            "true",
            "true");
    static final Key<Boolean> IRQ_AFFINITY = key(
            "tuning",
            "irq_affinity",
            Forms.flag(),
            "Give the network's interrupts another core than the pulses'",
            "true",
            "true");
    static final Key<Boolean> EEE = key(
            "tuning",
            "eee",
            Forms.flag(),
            "Energy Efficient Ethernet; its wake-ups delay packets unevenly by some 20 us, so it is off",
            "false",
            "false");
    static final Key<Boolean> COALESCING = key(
            "tuning",
            "coalescing",
            Forms.flag(),
            "Gather packets to one interrupt: less load with thousands of clients, less even stamps",
            "false",
            "false");

    static final Key<List<String>> ALLOW = key(
            "ntp",
            "allow",
            Forms.list(Forms.allowed()),
            "Who may ask the time: subnets, and \"onlink\" for the networks that this machine is on. Nobody else is answered",
            "onlink",
            "[\"onlink\", \"10.20.0.0/16\"]");
    static final Key<String> CHRONY_CONF = key(
            "ntp",
            "chrony_conf",
            Forms.word("lines of text", _ -> true),
            "More lines of chrony.conf, between three single quotes (remove the '#' of the last line, too); a wrong line loses only itself",
            "none",
            "'''\nmaxclockerror 5\n'''");

    /** A part of the file. */
    record Section(String name, String effect, List<Key<?>> keys) {}

    static final List<Section> SECTIONS = List.of(
            new Section("system", "Name and place", List.of(HOSTNAME, TIMEZONE)),
            new Section(
                    "ssh",
                    "Login over the network: ssh admin@noonmark.local (with your host name, if you gave one)",
                    List.of(AUTHORIZED_KEYS)),
            new Section(
                    "network",
                    "Addresses; all of it can be left out where DHCP is at work",
                    List.of(INTERFACE, VLAN, IPV4, IPV4_GATEWAY, IPV6, IPV6_GATEWAY, DNS, SEARCH)),
            new Section("wifi", "Wi-Fi; a cable keeps better time", List.of(SSID, WIFI_PASSWORD, COUNTRY, HIDDEN)),
            new Section(
                    "receiver",
                    "The GPS receiver and its pulses",
                    List.of(HAT, DEVICE, BAUD, PPS_GPIO, PPS_EDGE, CABLE_METRES, SETUP)),
            new Section("hardware", "Parts of the board", List.of(DISABLE_WIFI, DISABLE_BT, RTC)),
            new Section(
                    "tuning",
                    "What makes stamps even; each can be switched off",
                    List.of(GOVERNOR, CPU_DMA_LATENCY, IRQ_AFFINITY, EEE, COALESCING)),
            new Section("ntp", "The time server", List.of(ALLOW, CHRONY_CONF)));

    /** Sections that later versions will have, with what they will be about. */
    static final Map<String, String> SECTIONS_TO_COME = Map.of(
            "nts", "authenticated time",
            "web", "the web page",
            "update", "updates",
            "dhcp", "telling clients by DHCP",
            "backup", "saving the configuration",
            "witness", "comparing with other servers",
            "servers", "comparing with other servers");

    /** Keys of today's sections that later versions will have; capture_clear waits for a kernel whose driver stamps both edges. */
    static final Set<String> KEYS_TO_COME = Set.of(
            "ntp.servers",
            "ntp.pools",
            "ntp.peers",
            "ntp.nts",
            "ntp.ratelimit",
            "ntp.keys",
            "receiver.second",
            "receiver.capture_clear");

    /** What sections are called elsewhere. */
    static final Map<String, String> FOREIGN_SECTIONS = Map.of(
            "wlan", "wifi",
            "wireless", "wifi",
            "gps", "receiver",
            "gnss", "receiver",
            "pps", "receiver",
            "hat", "receiver",
            "locale", "system",
            "user", "ssh",
            "ethernet", "network",
            "chrony", "ntp");

    /** What keys are called elsewhere, with what to do. */
    static final Map<String, String> FOREIGN_KEYS = Map.ofEntries(
            Map.entry("network.address", "write it as ipv4 or ipv6"),
            Map.entry("network.ip", "write it as ipv4 or ipv6"),
            Map.entry(
                    "network.netmask", "write it as the length of the prefix: 255.255.255.0 is ipv4 = \"ADDRESS/24\""),
            Map.entry("network.gateway", "did you mean 'ipv4_gateway'?"),
            Map.entry("network.router", "did you mean 'ipv4_gateway'?"),
            Map.entry("network.dhcp", "write ipv4 = \"dhcp\""),
            Map.entry("network.nameserver", "did you mean 'dns'?"),
            Map.entry("network.nameservers", "did you mean 'dns'?"),
            Map.entry("network.domain", "did you mean 'search'?"),
            Map.entry("wifi.psk", "did you mean 'password'?"),
            Map.entry("wifi.passphrase", "did you mean 'password'?"),
            Map.entry("ssh.key", "did you mean 'authorized_keys'?"),
            Map.entry("ssh.keys", "did you mean 'authorized_keys'?"),
            Map.entry("ssh.public_key", "did you mean 'authorized_keys'?"),
            Map.entry("ssh.password", "there is none: login is by key"),
            Map.entry("ssh.user", "there is one, 'admin'"),
            Map.entry("receiver.pps", "did you mean 'pps_gpio'?"),
            Map.entry("receiver.gpio", "did you mean 'pps_gpio'?"),
            Map.entry("receiver.cable_delay", "write cable_metres, the length of the cable"),
            Map.entry("receiver.cable", "did you mean 'cable_metres'?"),
            Map.entry("receiver.speed", "did you mean 'baud'?"));

    private static final Map<String, Key<?>> BY_PATH = new LinkedHashMap<>();

    static {
        SECTIONS.forEach(section -> section.keys().forEach(key -> BY_PATH.put(key.path(), key)));
    }

    private Keys() {}

    /** Every key, in the order of the table. */
    static Stream<Key<?>> all() {
        return BY_PATH.values().stream();
    }

    static Optional<Key<?>> find(String section, String name) {
        return Optional.ofNullable(BY_PATH.get(section + "." + name));
    }

    static Optional<Section> section(String name) {
        return SECTIONS.stream().filter(section -> section.name().equals(name)).findFirst();
    }

    /** Areas with places, and UTC: the short names of old systems are not in the image. */
    private static Stream<String> zones() {
        return ZoneId.getAvailableZoneIds().stream()
                .filter(zone -> zone.equals("UTC") || (zone.contains("/") && !zone.startsWith("SystemV/")));
    }

    private static <T> Key<T> key(
            String section, String name, Form<T> form, String effect, String standard, String sample) {
        return new Key<>(section, name, form, effect, standard, sample, false);
    }

    private static <T> Key<T> secret(
            String section, String name, Form<T> form, String effect, String standard, String sample) {
        return new Key<>(section, name, form, effect, standard, sample, true);
    }
}
