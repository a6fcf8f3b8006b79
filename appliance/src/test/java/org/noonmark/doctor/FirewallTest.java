package org.noonmark.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules as {@code nft list ruleset} prints them; several are parted by {@code |}. */
class FirewallTest {
    private static final String OPEN = "accept";
    private static final String SHUT = "drop";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip saddr 203.0.113.9 udp dport 123 drop",
                "iifname \"wlan0\" udp dport 123 drop",
                "iifname \"wlan0\" udp dport 123 counter packets 0 bytes 0 reject with icmp port-unreachable",
                "udp dport 123 ip saddr 203.0.113.9 drop",
                "udp dport 123 ct state invalid drop",
                "udp dport 123 meta length > 120 drop",
                "udp dport 123 @th,64,3 0x6 drop",
                "udp dport != 123 drop",
                "udp dport != { 53, 100-200 } drop",
                "udp dport @blocked drop",
                "udp dport 124-200 drop",
                "ip saddr . udp dport { 203.0.113.9 . 123 } drop",
                "tcp dport 123 drop",
                "udp sport 123 drop",
                "udp dport 123 meter ntp { ip saddr limit rate over 5/second } drop",
                "udp dport 123 add @flood { ip saddr limit rate over 5/second burst 8 packets } drop",
                "ip saddr 203.0.113.9 udp dport 123 limit rate over 1/second drop",
                "udp dport 123 limit rate over 1000/second burst 2000 packets drop | udp dport 123 accept",
                "udp dport 123 limit rate over 1000/second drop",
                "udp dport 123 limit rate 5/minute log prefix \"ntp drop \" | udp dport 123 accept",
                "udp dport 123 limit rate 5/minute accept",
                "iifname \"eth0\" accept | udp dport 123 drop",
                "ip saddr 192.168.0.0/16 return | udp dport 123 drop",
                "iifname \"wlan0\" jump guests",
                "iifname \"eth0\" jump lan | udp dport 123 drop"
            })
    void whatConcernsOthersIsNoFaultWhereAllElseIsLetIn(String rules) {
        assertEquals(Optional.empty(), trouble(OPEN, rules), rules);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "udp dport 123 accept",
                "udp dport ntp accept",
                "udp dport 100-200 accept",
                "udp dport { 53, 123 } accept",
                "udp dport { 53, 100-200 } accept",
                "udp dport { 53, 67, 68, 69, 80,\n\t\t\t     123 } accept",
                "udp dport != 22 accept",
                "udp dport @timeports accept",
                "udp dport vmap { 53 : accept, 123 : accept }",
                "udp dport vmap @ports",
                "meta l4proto { tcp, udp } th dport 123 accept",
                "th dport 123 accept",
                "ip saddr . udp dport @allowed accept",
                "ip saddr . udp dport { 192.168.1.0/24 . 123 } accept",
                "ip saddr 192.168.0.0/16 udp dport 123 accept | udp dport 123 drop",
                "ip saddr 192.168.0.0/16 accept",
                "iifname vmap { \"eth0\" : jump lan, \"lo\" : accept }",
                "iifname \"eth0\" jump lan",
                "meta l4proto udp xt match \"multiport\" counter packets 3 bytes 228 accept",
                "udp dport 123 limit rate 500/second accept",
                "udp dport 123 limit rate 5/second accept | udp dport 123 accept"
            })
    void whatLetsRequestsInIsSeen(String rules) {
        assertEquals(Optional.empty(), trouble(SHUT, rules), rules);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "udp dport 123 drop",
                "udp dport 100-200 counter packets 7 bytes 532 drop comment \"no time\"",
                "udp dport { 53, 100-200 } reject with icmpx port-unreachable",
                "meta l4proto udp udp dport 123 log prefix \"ntp: \" level info drop",
                "iifname != \"lo\" ct state new udp dport 123 drop",
                "iifname \"lo\" accept | ct state established,related accept | udp dport 123 drop | accept",
                "counter packets 0 bytes 0 jump all"
            })
    void aDropOfAllRequestsIsAFault(String rules) {
        assertEquals(Optional.of("the firewall drops requests to UDP port 123"), trouble(OPEN, rules), rules);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "udp dport 53 accept",
                "udp dport 124-200 accept",
                "udp dport { 53, 124-200 } accept",
                "tcp dport { 22, 123 } accept",
                "udp sport 123 accept",
                "iifname \"lo\" udp dport 123 accept",
                "iif \"lo\" accept | ct state { established, related } accept | icmp type echo-request accept",
                "ct state vmap { established : accept, related : accept, invalid : drop } | meta l4proto tcp accept",
                "tcp dport 22 jump lan"
            })
    void whatLetsOnlyOthersInIsAFault(String rules) {
        assertEquals(Optional.of("the firewall lets nothing in to UDP port 123"), trouble(SHUT, rules), rules);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "udp dport 123 limit rate over 6/minute drop | udp dport 123 accept",
                "udp dport 123 limit rate 6/minute burst 5 packets accept",
                "udp dport 123 ct state new limit rate 5/second accept | udp dport 123 drop"
            })
    void aStrictLimitOfAllTogetherIsAFault(String rules) {
        Optional<String> trouble = trouble(SHUT, rules);
        assertTrue(trouble.orElse("").contains("only so many requests"), rules + trouble);
    }

    private static Optional<String> trouble(String policy, String rules) {
        return Firewall.trouble("""
                table inet filter {
                \tset timeports {
                \t\ttype inet_service
                \t\telements = { 123 }
                \t}

                \tchain guests {
                \t\tudp dport 123 drop
                \t}

                \tchain all {
                \t\tudp dport 123 drop
                \t}

                \tchain lan {
                \t\taccept
                \t}

                \tchain input {
                \t\ttype filter hook input priority filter; policy %s;
                \t\t%s
                \t}

                \tchain forward {
                \t\ttype filter hook forward priority filter; policy drop;
                \t\tudp dport 123 drop
                \t\tiifname "eth1" accept
                \t}
                }
                """.formatted(policy, rules.replace(" | ", "\n\t\t")), "udp", 123, "ntp");
    }
}
