package org.noonmark.app;

import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.noonmark.provisioning.IpPrefix;

/** The subnets that this machine's interfaces are on, as the kernel has them now; of interfaces that are up, loopback too. */
final class InterfaceSubnets {
    private InterfaceSubnets() {}

    /** @throws SocketException when the kernel does not tell */
    static Set<IpPrefix> read() throws SocketException {
        Set<IpPrefix> subnets = new HashSet<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (isUp(each)) {
                for (InterfaceAddress address : each.getInterfaceAddresses()) {
                    int length = address.getNetworkPrefixLength();
                    // -1: the interface vanished while Java asked for its mask.
                    if (length >= 0) {
                        subnets.add(IpPrefix.of(address.getAddress().getAddress(), length));
                    }
                }
            }
        }
        return subnets;
    }

    /** An interface that went away between listing and asking is not up. */
    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException e) {
            return false;
        }
    }
}
