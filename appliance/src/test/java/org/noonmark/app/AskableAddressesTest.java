package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.noonmark.provisioning.AccessRule;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.IpPrefix;

class AskableAddressesTest {
    private static final List<IpAddress> LAN = List.of(address("192.168.1.5"), address("fd00::5"));
    private static final Set<IpPrefix> ON_LINK = Set.of(prefix("127.0.0.0/8"), prefix("192.168.1.0/24"));

    /** With 'bindaddress' nobody listens on loopback of that family. */
    @Test
    void whatListensAtOneAddressIsAskedThere() {
        AskableAddresses own = new AskableAddresses(LAN, _ -> true);
        assertEquals(Optional.of(socket("192.168.1.5", 4460)), own.first(List.of("192.168.1.5:4460")));
        assertEquals(Optional.of(socket("::1", 4460)), own.first(List.of("[::]:4460")));
    }

    @Test
    void anAddressThatTheRulesLeaveOutIsPassedOver() {
        AskableAddresses own = new AskableAddresses(
                LAN, AccessFollower.answers(List.of(subnet("192.168.0.0/16", true)), ON_LINK, Map.of()));
        assertEquals(Optional.of(socket("192.168.1.5", 123)), own.first(List.of("0.0.0.0:123")));
        assertEquals(
                List.of(false, true, false, false),
                own.of(List.of("0.0.0.0:123", "[::]:123")).stream()
                        .map(AskableAddresses.Address::isAllowed)
                        .toList());
    }

    @Test
    void nobodyIsAskedWhereNoneOfTheMachinesOwnAddressesMayAsk() {
        AskableAddresses own = new AskableAddresses(
                LAN,
                AccessFollower.answers(
                        List.of(subnet("192.168.0.0/16", true), subnet("192.168.1.5/32", false)), ON_LINK, Map.of()));
        assertEquals(Optional.empty(), own.first(List.of("0.0.0.0:123", "[::]:123")));
    }

    /** Hosts are looked up as the daemon does it; one that is not found is nobody, for either of them. */
    @Test
    void aHostNameInTheRulesIsThatHost() {
        List<AccessRule> rules = List.of(new AccessRule.Host("me.example.net", true, false));
        AskableAddresses own = new AskableAddresses(
                LAN,
                AccessFollower.answers(rules, ON_LINK, Map.of("me.example.net", Set.of(prefix("192.168.1.5/32")))));
        assertEquals(Optional.of(socket("192.168.1.5", 123)), own.first(List.of("0.0.0.0:123")));
        AskableAddresses unknown = new AskableAddresses(LAN, AccessFollower.answers(rules, ON_LINK, Map.of()));
        assertEquals(Optional.empty(), unknown.first(List.of("0.0.0.0:123", "[::]:123")));
    }

    private static AccessRule subnet(String text, boolean allow) {
        return new AccessRule.Subnet(prefix(text), allow, false);
    }

    private static InetSocketAddress socket(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
