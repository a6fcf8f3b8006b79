package org.noonmark.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Boot partitions as owners leave them, with the names of the trees that become of them. */
final class ProvisioningCases {
    /** The block that the image has, between lines of its own. */
    static final String CONFIG_TXT = """
            arm_64bit=1
            enable_uart=1
            # noonmark: begin (made from noonmark.toml; changes here are overwritten)
            dtoverlay=disable-bt
            dtoverlay=pps-gpio,gpiopin=18
            # noonmark: end
            # the owner's own
            hdmi_safe=1
            """;

    static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f owner@laptop";

    /** Files that a virtual board is also booted with. */
    private static final Path RIG_FILES = Path.of("../hardware-tests/src/test/resources/provisioning");

    private static final Path OWN_FILES = Path.of("src/test/resources/org/noonmark/app/provisioning");

    private ProvisioningCases() {}

    /** A boot partition: the content of its files by name. */
    record Case(String name, Map<String, byte[]> files) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> all() {
        return List.of(
                file(RIG_FILES, "good-custom-receiver"),
                file(RIG_FILES, "good-adafruit"),
                file(RIG_FILES, "good-static-network"),
                file(RIG_FILES, "broken-ssh-key"),
                file(RIG_FILES, "broken-syntax"),
                file(OWN_FILES, "good-minimal"),
                file(OWN_FILES, "good-hat-restart"),
                file(OWN_FILES, "broken-lines"),
                imager(),
                toml("windows-1252", bytes(WIFI.formatted("M\u00fcller"), Charset.forName("windows-1252"))),
                toml("utf-16", bytes("\ufeff[system]\r\nhostname = \"clock\"\r\n", StandardCharsets.UTF_16LE)),
                toml(
                        "zero-bytes",
                        bytes("[system]\nhostname = \"clo\0ck\"\n[ssh]\nauthorized_keys = \"" + KEY + "\"\n")),
                toml("too-long", bytes("# long\n".repeat(10_000) + "[system]\nhostname = \"clock\"\n")),
                toml("not-text", new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, (byte) 0xff, (byte) 0xfe, 0, '\n'}),
                toml("network", bytes(NETWORK)),
                toml("receiver", bytes(RECEIVER)),
                toml("wifi", bytes(BROKEN_WIFI)),
                toml("sections", bytes(SECTIONS)),
                toml("keys", bytes(KEYS)),
                new Case(
                        "wrong-name",
                        Map.of(
                                "noonmark.toml.txt", bytes("[system]\nhostname = \"clock\"\n"),
                                "wpa_supplicant.conf", bytes("network={}\n"),
                                "ssh", new byte[0])),
                new Case("capitals", Map.of("Noonmark.TOML", bytes(WIFI.formatted("net"), StandardCharsets.UTF_8))));
    }

    /** Those with most to lose: secrets, a restart, several network files, refused lines. */
    static List<Case> severe() {
        Set<String> names =
                Set.of("good-hat-restart", "broken-lines", "broken-syntax", "imager", "windows-1252", "network");
        return all().stream().filter(each -> names.contains(each.name())).toList();
    }

    private static final String WIFI = """
            [wifi]\r
            ssid = "%s"\r
            \tpassword = "secret-word" # of the shop\r
            country = "DE"\r
            """;

    private static final String NETWORK = """
            [network]
            vlan = 10
            ipv4 = ["192.168.1.5/24", "192.168.1.0/24", "192.168.1.255/24", "fd00::1/64"]
            ipv4_gateway = "192.168.2.1"
            ipv6 = "off"
            ipv6_gateway = "fe80::1"
            dns = ["192.168.1.1", "dns.example"]
            search = ["home.arpa", "-bad-"]
            mtu = 9000
            """;

    private static final String RECEIVER = """
            [receiver]
            hat = "adafruit"
            device = "ttyAMA0"
            baud = 9601
            pps_gpio = 15
            pps_edge = "Falling"
            capture_clear = "yes"

            [hardware]
            disable_bt = false
            disable_wifi = 1
            rtc = "ds1307"
            """;

    private static final String BROKEN_WIFI = """
            [wifi]
            ssid = "a name that has more than thirty-two bytes"
            pasword = "secret-word"
            password = short
            country = "Germany"
            hidden = yes
            """;

    private static final String SECTIONS = """
            hostname = "clock"
            [sytem]
            hostname = "clock"
            [ssh
            [system]
            timezone = "Europe/Berln"
            timezone = "UTC"
            [system]
            hostname = "again"
            [[ntp]]
            allow = "10.0.0.0/8"
            [nts]
            enabled = true
            tuning = { eee = true }
            """;

    private static final String KEYS = """
            [ssh]
            authorized_keys = [
              "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwN cut@laptop",
              "-----BEGIN OPENSSH PRIVATE KEY-----",
              "---- BEGIN SSH2 PUBLIC KEY ----",
              "ssh-dss AAAAB3NzaC1kc3M old@laptop",
              12,
            ]
            """;

    /** As Raspberry Pi Imager 2.x writes it, with all that it can. */
    private static Case imager() {
        String preseed = """
                config_version = "1.0"

                [system]
                hostname = "imager-clock"

                [user]
                name = "jig"
                password = "$5$abcdefgh$Z1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p7q8r9s0t1u"
                password_encrypted = true
                groups = ["sudo"]

                [ssh]
                enabled = true
                password_authentication = true
                authorized_keys = [
                  "%s",
                ]

                [wlan]
                ssid = "My \\"net\\""
                password = "6a5549fd2f717687ca319ebba86d25fa4acaaab766d145b2a6396df6e91ce212"
                password_encrypted = true
                hidden = true
                country = "GB"

                [locale]
                keymap = "gb"
                timezone = "Europe/London"

                [connect]
                enabled = true
                mode = "token"
                token = "rpoak_secret"
                """.formatted(KEY);
        return new Case(
                "imager",
                Map.of(
                        "rpi-preseed.toml", bytes(preseed),
                        "custom.toml", bytes("config_version = 1\n[system]\nhostname = \"older\"\n"),
                        "userconf.txt", bytes("pi:$6$abcdefgh$ABCDEFGHIJKLMNOPQRSTUVWXYZ\n"),
                        "noonmark.toml", bytes("[system]\nhostname = \"own-clock\"\n")));
    }

    private static Case file(Path folder, String name) {
        try {
            String text = Files.readString(folder.resolve(name + ".toml"));
            return toml(name, bytes(text.replace("@KEY@", KEY)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Case toml(String name, byte[] content) {
        return new Case(name, Map.of("noonmark.toml", content));
    }

    private static byte[] bytes(String text) {
        return bytes(text, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text, Charset charset) {
        return text.getBytes(charset);
    }
}
