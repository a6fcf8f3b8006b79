package org.noonmark.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.app.DiskConfigFiles;
import org.noonmark.ntp.AccessTable;
import org.noonmark.provisioning.AccessRule;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.ConfigReader;
import org.noonmark.provisioning.ConfigReading;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.IpPrefix;

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

    /** The daemon counts prefixes in steps of four bits, and of two in one step the later rule decides. */
    @Test
    void theFilterAndTheDaemonSayTheSameOfEveryAddress() {
        Random random = new Random(7);
        for (int list = 0; list < 400; list++) {
            ApplianceConfig config = config(randomRules(random));
            List<String> chain = FirewallSetup.text(config)
                    .lines()
                    .map(String::strip)
                    .dropWhile(line -> !line.equals("iif lo accept"))
                    .skip(1)
                    .takeWhile(line -> !line.equals("}"))
                    .toList();
            AccessTable daemon = new AccessTable(config.accessRules().stream()
                    .map(AccessRule.Subnet.class::cast)
                    .map(rule -> org.noonmark.ntp.AccessRule.of(
                            rule.allow(),
                            rule.all(),
                            rule.prefix().network().toBytes(),
                            rule.prefix().length(),
                            rule.toString()))
                    .toList());
            for (int asked = 0; asked < 40; asked++) {
                IpAddress client = randomAddress(random, random.nextBoolean());
                org.noonmark.ntp.AccessRule ruling = daemon.rulingOn(client.toBytes());
                assertEquals(
                        ruling != null && ruling.allow(),
                        passes(chain, client),
                        () -> client + "\n" + config.accessRules() + "\n" + chain);
            }
        }
    }

    private static String randomRules(Random random) {
        StringBuilder text = new StringBuilder("allow 10.0.0.0/8\n");
        for (int rule = random.nextInt(8); rule >= 0; rule--) {
            boolean ipv6 = random.nextInt(4) == 0;
            int bits = ipv6 ? 128 : 32;
            text.append(random.nextBoolean() ? "allow " : "deny ")
                    .append(random.nextInt(4) == 0 ? "all " : "")
                    .append(randomAddress(random, ipv6))
                    .append('/')
                    .append(random.nextInt(3) == 0 ? random.nextInt(bits + 1) : bits - random.nextInt(9))
                    .append('\n');
        }
        return text.toString();
    }

    /** Few, so that subnets hold one another. */
    private static IpAddress randomAddress(Random random, boolean ipv6) {
        int last = random.nextInt(256);
        return IpAddress.parse(ipv6 ? "2001:db8::" + Integer.toHexString(last) : "10.1.1." + last)
                .orElseThrow();
    }

    /** As nft does: the first rule that fits decides. */
    private static boolean passes(List<String> chain, IpAddress client) {
        for (String rule : chain) {
            String[] words = rule.split(" ", -1);
            boolean fits = switch (words[0]) {
                case "ip", "ip6" -> IpPrefix.parse(words[2]).orElseThrow().contains(client);
                case "meta" -> words[2].equals(client.ipv6() ? "ipv6" : "ipv4");
                default -> true;
            };
            if (fits) {
                return words[words.length - 1].equals("accept");
            }
        }
        throw new AssertionError("no last word: " + chain);
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

    private String ruleset(String text) {
        return FirewallSetup.text(config(text));
    }

    private ApplianceConfig config(String text) {
        Path file = directory.resolve("noonmark.conf");
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ConfigReading reading = new ConfigReader(new DiskConfigFiles()).read(file.toString());
        return assertInstanceOf(ConfigReading.Accepted.class, reading, reading.problems()::toString)
                .config();
    }
}
