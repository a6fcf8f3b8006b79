package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.noonmark.ntp.AccessTable;
import org.noonmark.provisioning.AccessRule;
import org.noonmark.provisioning.IpPrefix;

class AccessFollowerTest {
    private static final AccessRule ON_LINK = new AccessRule.OnLink(true, false);

    private Set<IpPrefix> subnets = prefixes("192.168.1.0/24", "2001:db8:1::/64");
    private boolean blind;

    @Test
    void servesTheSubnetsOfTheMachineAndWhatNoRouterCarriesFar() {
        AccessFollower access = follower(ON_LINK);

        assertTrue(access.isNeeded());
        for (String near : List.of("192.168.1.77", "2001:db8:1::5", "fe80::1", "169.254.3.3", "fd12::9")) {
            assertTrue(allows(access, near), near);
        }
        for (String far : List.of("192.168.2.77", "2001:db8:2::5", "10.0.0.1", "8.8.8.8", "127.0.0.1")) {
            assertFalse(allows(access, far), far);
        }
    }

    @Test
    void followsAnAddressThatChanges() {
        AccessFollower access = follower(ON_LINK);

        subnets = prefixes("10.7.0.0/16");
        access.look();

        assertTrue(allows(access, "10.7.3.3"));
        assertFalse(allows(access, "192.168.1.77"));
    }

    @Test
    void makesNoNewTableWhenNothingChanged() {
        AccessFollower access = follower(ON_LINK);
        AccessTable before = access.get();

        access.look();

        assertSame(before, access.get());
    }

    @Test
    void staysWhatItWasWhenTheKernelDoesNotTell() {
        AccessFollower access = follower(ON_LINK);

        blind = true;
        access.look();

        assertTrue(allows(access, "192.168.1.77"));
    }

    @Test
    void aDenyForASmallerSubnetHoldsInsideTheMachinesOwn() {
        AccessFollower access = follower(ON_LINK, new AccessRule.Subnet(prefix("192.168.1.64/26"), false, false));

        assertTrue(allows(access, "192.168.1.5"));
        assertFalse(allows(access, "192.168.1.77"));
    }

    @Test
    void withoutOnlinkNobodyLooks() {
        blind = true;
        AccessFollower access = follower(new AccessRule.Subnet(prefix("10.0.0.0/8"), true, false));

        assertFalse(access.isNeeded());
        assertTrue(allows(access, "10.1.1.1"));
    }

    @Test
    void readsTheLoopbackOfThisMachine() throws SocketException {
        assertTrue(InterfaceSubnets.read().contains(prefix("127.0.0.0/8")));
    }

    private AccessFollower follower(AccessRule... rules) {
        return new AccessFollower(List.of(rules), () -> {
            if (blind) {
                throw new SocketException("no");
            }
            return subnets;
        });
    }

    private static boolean allows(AccessFollower access, String address) {
        org.noonmark.ntp.AccessRule ruling =
                access.get().rulingOn(InetAddress.ofLiteral(address).getAddress());
        return ruling != null && ruling.allow();
    }

    private static Set<IpPrefix> prefixes(String... texts) {
        return Set.of(texts).stream().map(AccessFollowerTest::prefix).collect(Collectors.toSet());
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }
}
