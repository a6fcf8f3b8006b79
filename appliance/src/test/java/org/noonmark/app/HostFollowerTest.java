package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.noonmark.provisioning.AccessRule;
import org.noonmark.provisioning.IpPrefix;

class HostFollowerTest {
    private final Map<String, List<String>> names = new HashMap<>();
    private final AccessFollower access = new AccessFollower(
            List.of(
                    new AccessRule.Subnet(prefix("192.0.2.0/24"), false, false),
                    new AccessRule.Host("friend.example", true, false)),
            Set::of);
    private final List<Map<String, Set<IpPrefix>>> heard = new ArrayList<>();
    private final HostFollower hosts = new HostFollower(access.hostNames(), this::addresses, now -> {
        heard.add(Map.copyOf(now));
        access.onHosts(now);
    });

    @Test
    void aNameStandsForAllAddressesOfItsHost() {
        names.put("friend.example", List.of("192.0.2.7", "fd00::7"));
        hosts.look();
        assertTrue(allows("192.0.2.7"));
        assertTrue(allows("fd00::7"));
        assertFalse(allows("192.0.2.8"));
        assertFalse(allows("fd00::8"));
    }

    @Test
    void aHostThatMovesTakesItsRuleWithIt() {
        names.put("friend.example", List.of("192.0.2.7"));
        hosts.look();
        hosts.look();
        assertEquals(1, heard.size(), "nothing has changed");
        names.put("friend.example", List.of("192.0.2.9"));
        hosts.look();
        assertFalse(allows("192.0.2.7"));
        assertTrue(allows("192.0.2.9"));
    }

    @Test
    void aNameThatIsNotFoundIsNobodyAndThenWhatItWas() {
        hosts.look();
        assertTrue(access.mayAllowAny(), "it may be found later");
        assertFalse(allows("192.0.2.7"));
        names.put("friend.example", List.of("192.0.2.7"));
        hosts.look();
        names.clear();
        hosts.look();
        assertTrue(allows("192.0.2.7"));
    }

    private InetAddress[] addresses(String name) throws UnknownHostException {
        if (!names.containsKey(name)) {
            throw new UnknownHostException(name);
        }
        return Objects.requireNonNull(names.get(name)).stream()
                .map(InetAddress::ofLiteral)
                .toArray(InetAddress[]::new);
    }

    private boolean allows(String address) {
        org.noonmark.ntp.AccessRule ruling =
                access.get().rulingOn(InetAddress.ofLiteral(address).getAddress());
        return ruling != null && ruling.allow();
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }
}
