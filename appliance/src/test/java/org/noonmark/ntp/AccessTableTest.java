package org.noonmark.ntp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AccessTableTest {
    @Test
    void nobodyIsAllowedByDefault() {
        AccessTable table = table();
        assertFalse(allows(table, "127.0.0.1"));
        assertFalse(allows(table, "::1"));
        assertFalse(table.allowsAny());
        assertNull(table.rulingOn(octets("127.0.0.1")));
    }

    @Test
    void allowWithoutSubnetAllowsBothFamilies() {
        AccessTable table = table("allow");
        assertTrue(allows(table, "203.0.113.9"));
        assertTrue(allows(table, "2001:db8::9"));
        assertTrue(table.allowsAny());
    }

    @Test
    void ruleForOneFamilyDoesNotCoverTheOther() {
        assertTrue(allows(table("allow 0.0.0.0/0"), "203.0.113.9"));
        assertFalse(allows(table("allow 0.0.0.0/0"), "2001:db8::9"));
        assertTrue(allows(table("allow ::/0"), "2001:db8::9"));
        assertFalse(allows(table("allow ::/0"), "203.0.113.9"));
    }

    /** The first example of chrony.conf(5), allow: the same in any order. */
    @Test
    void mostSpecificSubnetWinsInAnyOrder() {
        List<String> rules = List.of("allow 1.2.3.4/32", "deny 1.2.3.0/24", "allow 1.2.0.0/16");
        int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        for (int[] order : orders) {
            AccessTable table = table(rules.get(order[0]), rules.get(order[1]), rules.get(order[2]));
            assertTrue(allows(table, "1.2.3.4"));
            assertFalse(allows(table, "1.2.3.5"));
            assertTrue(allows(table, "1.2.4.5"));
            assertFalse(allows(table, "1.3.0.0"));
        }
    }

    /** The second example of chrony.conf(5), allow. */
    @Test
    void allOverridesEarlierRulesInsideItsSubnet() {
        AccessTable table = table("allow 1.2.3.4/32", "deny 1.2.3.0/24", "allow all 1.2.0.0/16");
        assertTrue(allows(table, "1.2.3.5"));
        AccessTable denied = table("allow 1.2.3.4/32", "deny all", "allow 10.0.0.0/8");
        assertFalse(allows(denied, "1.2.3.4"));
        assertTrue(allows(denied, "10.9.9.9"));
    }

    @Test
    void laterRuleWinsWithinFourBits() {
        assertTrue(allows(table("deny 1.2.3.0/28", "allow 1.2.3.0/25"), "1.2.3.1"));
        assertFalse(allows(table("allow 1.2.3.0/25", "deny 1.2.3.0/28"), "1.2.3.1"));
        assertFalse(allows(table("deny 1.2.3.0/29", "allow 1.2.3.0/28"), "1.2.3.1"));
        assertFalse(allows(table("allow 0.0.0.0/0", "deny"), "1.2.3.1"));
    }

    @Test
    void tellsTheRuleThatDecides() {
        AccessTable table = table("allow 192.168.0.0/16", "deny 192.168.7.0/24");
        assertEquals("deny 192.168.7.0/24", origin(table, "192.168.7.9"));
        assertEquals("allow 192.168.0.0/16", origin(table, "192.168.8.9"));
    }

    @Test
    void prefixLongerThanTheAddressIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> AccessRule.of(true, false, new byte[4], 33, "allow 0.0.0.0/33"));
        assertThrows(
                IllegalArgumentException.class, () -> AccessRule.of(true, false, new byte[16], 129, "allow ::/129"));
        assertThrows(IllegalArgumentException.class, () -> AccessRule.of(true, false, new byte[5], 8, "allow ?"));
    }

    /** Against a model that is written the way chrony keeps its rules: nodes of a tree with one level for each four bits. */
    @Test
    void agreesWithATreeOfFourBitNodesForRandomRules() {
        long seed = 20261122;
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            NibbleTree tree = new NibbleTree();
            List<AccessRule> rules = new ArrayList<>();
            int count = 1 + random.nextInt(12);
            for (int i = 0; i < count; i++) {
                boolean allow = random.nextBoolean();
                boolean all = random.nextInt(4) == 0;
                byte[] address = randomAddress(random);
                int prefix = random.nextInt(8) == 0 ? 0 : random.nextInt(address.length * 8 + 1);
                rules.add(AccessRule.of(allow, all, address, prefix, "rule " + i));
                tree.set(address, prefix, allow, all);
            }
            AccessTable table = new AccessTable(rules);
            for (int i = 0; i < 200; i++) {
                byte[] address = randomAddress(random);
                assertEquals(
                        tree.allows(address),
                        table.allows(AccessRule.highBits(address), AccessRule.lowBits(address)),
                        () -> "seed " + seed + ", rules " + rules);
            }
        }
    }

    /** Few distinct octets, so that rules overlap. */
    private static byte[] randomAddress(Random random) {
        byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        for (int i = 0; i < address.length; i++) {
            address[i] = (byte) (random.nextInt(3) == 0 ? 0x80 >> random.nextInt(8) : 0);
        }
        return address;
    }

    private static final class NibbleTree {
        /** Path of hexadecimal digits to verdict; the family comes first. */
        private final Map<String, Boolean> nodes = new TreeMap<>();

        void set(byte[] address, int prefixBits, boolean allow, boolean all) {
            String digits = digits(address);
            int full = prefixBits / 4;
            int rest = prefixBits % 4;
            if (rest == 0) {
                put(digits.substring(0, 1 + full), allow, all);
                return;
            }
            int width = 1 << (4 - rest);
            int first = Character.digit(digits.charAt(1 + full), 16) & -width;
            for (int digit = first; digit < first + width; digit++) {
                put(digits.substring(0, 1 + full) + Character.forDigit(digit, 16), allow, all);
            }
        }

        boolean allows(byte[] address) {
            String digits = digits(address);
            for (int length = digits.length(); length > 0; length--) {
                Boolean verdict = nodes.get(digits.substring(0, length));
                if (verdict != null) {
                    return verdict;
                }
            }
            return false;
        }

        private void put(String path, boolean allow, boolean all) {
            if (all) {
                nodes.keySet().removeIf(other -> other.startsWith(path));
            }
            nodes.put(path, allow);
        }

        private static String digits(byte[] address) {
            StringBuilder digits = new StringBuilder(address.length == 4 ? "v" : "w");
            for (byte octet : address) {
                digits.append(Character.forDigit(octet >> 4 & 15, 16)).append(Character.forDigit(octet & 15, 16));
            }
            return digits.toString();
        }
    }

    private static AccessTable table(String... directives) {
        List<AccessRule> rules = new ArrayList<>();
        for (String directive : directives) {
            List<String> words = List.of(directive.split(" "));
            boolean allow = words.getFirst().equals("allow");
            boolean all = words.contains("all");
            if (words.getLast().contains("/")) {
                List<String> subnet = List.of(words.getLast().split("/"));
                rules.add(AccessRule.of(
                        allow, all, octets(subnet.getFirst()), Integer.parseInt(subnet.getLast()), directive));
            } else {
                rules.add(AccessRule.everyone(allow, all, directive));
            }
        }
        return new AccessTable(rules);
    }

    private static boolean allows(AccessTable table, String address) {
        byte[] octets = octets(address);
        return table.allows(AccessRule.highBits(octets), AccessRule.lowBits(octets));
    }

    private static String origin(AccessTable table, String address) {
        AccessRule rule = table.rulingOn(octets(address));
        assertNotNull(rule);
        return rule.origin();
    }

    private static byte[] octets(String literal) {
        return InetAddress.ofLiteral(literal).getAddress();
    }
}
