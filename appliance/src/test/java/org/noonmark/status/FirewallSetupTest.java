package org.noonmark.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.app.DiskConfigFiles;
import org.noonmark.provisioning.ConfigReader;
import org.noonmark.provisioning.ConfigReading;

class FirewallSetupTest {
    @TempDir
    Path directory = Path.of("unset");

    /** What the image has from the start is what the command makes of the shipped configuration. */
    @Test
    void theImageShipsWhatTheShippedConfigurationMakes() throws IOException {
        assertEquals(
                Files.readString(Path.of("../systemd-units/rootfs/etc/nftables.conf")),
                ruleset("allow onlink\nntsca /var/lib/noonmark/nts\n"));
    }

    /** What systemd-units/check.sh loads with the real nft, and sends packets through. */
    @Test
    void theExampleThatTheRealFilterJudgesIsWhatTheCommandMakes() throws IOException {
        assertEquals(
                Files.readString(Path.of("../systemd-units/firewall-example.nft")),
                ruleset("deny 10.77.1.9\nallow 10.77.1.0/24\nallow 2001:db8::/32\nntsca /var/lib/noonmark/nts\n"));
    }

    @Test
    void smallerSubnetsComeFirstAndTheRestGoesNoFurther() {
        String ruleset =
                ruleset("allow 10.0.0.0/8\ndeny 10.1.0.0/16\nallow 10.1.2.0/24\nallow 2001:db8::/32\nntsca /x\n");
        int small = ruleset.indexOf("ip saddr 10.1.2.0/24 accept");
        int middle = ruleset.indexOf("ip saddr 10.1.0.0/16 drop");
        int large = ruleset.indexOf("ip saddr 10.0.0.0/8 accept");
        assertTrue(0 < small && small < middle && middle < large, ruleset);
        assertTrue(ruleset.contains("ip6 saddr 2001:db8::/32 accept"), ruleset);
        assertTrue(ruleset.contains("udp dport 123 jump clients"), ruleset);
        assertTrue(ruleset.contains("tcp dport 4460 jump clients"), ruleset);
    }

    @Test
    void aLaterRuleForAllOverridesSmallerOnes() {
        String ruleset = ruleset("deny 10.1.0.0/16\nallow all 10.0.0.0/8\nallow\n");
        assertFalse(ruleset.contains("10.1.0.0"), ruleset);
        assertTrue(ruleset.contains("meta nfproto ipv4 accept"), ruleset);
        assertTrue(ruleset.contains("meta nfproto ipv6 accept"), ruleset);
    }

    @Test
    void subnetsThatMayChangeAreLeftToTheDaemon() {
        String ruleset = ruleset("allow 10.0.0.0/8\nallow onlink\n");
        assertTrue(ruleset.contains("udp dport 123 accept"), ruleset);
        assertFalse(ruleset.contains("clients"), ruleset);
    }

    /** As the image reads it: its own file first, whose 'allow onlink' the file of the boot partition's settings takes back. */
    @Test
    void theAllowListOfTheBootPartitionReachesTheFirewall() throws IOException {
        Path own = Files.createDirectory(directory.resolve("conf.d"));
        Files.writeString(
                own.resolve("10-provisioned.conf"),
                "receiver /dev/serial0 pps /dev/pps0\ndeny all\nallow 127.0.0.0/8\nallow ::1\nallow 192.168.7.0/24\n");
        String ruleset = ruleset(Files.readString(Path.of("../systemd-units/rootfs/etc/noonmark/noonmark.conf"))
                .replace("/etc/noonmark/conf.d", own.toString()));
        assertTrue(ruleset.contains("udp dport 123 jump clients"), ruleset);
        assertTrue(ruleset.contains("tcp dport 4460 jump clients"), ruleset);
        assertTrue(ruleset.contains("ip saddr 192.168.7.0/24 accept"), ruleset);
        assertTrue(ruleset.contains("meta nfproto ipv6 drop"), ruleset);
    }

    @Test
    void oneFamilyTakenBackLeavesTheOtherToTheDaemon() {
        String ruleset = ruleset("allow onlink\ndeny all 0.0.0.0/0\nallow 10.0.0.0/8\n");
        assertTrue(ruleset.contains("udp dport 123 accept"), ruleset);
        assertFalse(
                ruleset("allow time.example.net\ndeny all\nallow 10.0.0.0/8\n").contains("udp dport 123 accept"));
    }

    @Test
    void portsAreThoseOfTheConfiguration() {
        String ruleset = ruleset("port 11123\nallow onlink\nntsca /x\nntsport 14460\n");
        assertTrue(ruleset.contains("udp dport 11123 accept"), ruleset);
        assertTrue(ruleset.contains("udp sport 11123 notrack"), ruleset);
        assertTrue(ruleset.contains("tcp dport 14460 accept"), ruleset);
        assertFalse(ruleset.contains(" 123 "), ruleset);
        String none = ruleset("port 0\n");
        assertFalse(none.contains("notrack"), none);
        assertFalse(none.contains("4460"), none);
    }

    private String ruleset(String config) {
        Path file = directory.resolve("noonmark.conf");
        try {
            Files.writeString(file, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ConfigReading reading = new ConfigReader(new DiskConfigFiles()).read(file.toString());
        return FirewallSetup.text(assertInstanceOf(ConfigReading.Accepted.class, reading, reading.problems()::toString)
                .config());
    }
}
