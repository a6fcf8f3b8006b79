package org.noonmark.provisioning.firstboot;

import java.util.Optional;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.IpPrefix;

/**
 * An address of this machine with the length of its subnet's prefix.
 *
 * @param address of the machine, not of the subnet
 * @param length leading bits that its neighbours share
 */
record InterfaceAddress(IpAddress address, int length) {
    /** Reads {@code 192.168.1.5/24} or {@code fd00::5/64}; empty for anything else. */
    static Optional<InterfaceAddress> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        Optional<IpPrefix> subnet = IpPrefix.parse(text);
        Optional<IpAddress> address = IpAddress.parse(text.substring(0, slash));
        return address.flatMap(own -> subnet.map(prefix -> new InterfaceAddress(own, prefix.length())));
    }

    /** Its subnet. */
    IpPrefix subnet() {
        return new IpPrefix(address, length);
    }

    /** Whether it names the subnet as a whole (its first address), which no machine can have; not so for pairs and single addresses. */
    boolean isWholeSubnet() {
        int most = address.ipv6() ? 128 : 32;
        return length < most - 1 && subnet().network().equals(address);
    }

    /** Whether it is the broadcast address of its IPv4 subnet. */
    boolean isBroadcast() {
        if (address.ipv6() || length >= 31) {
            return false;
        }
        long hosts = (1L << (32 - length)) - 1;
        return (address.low() & hosts) == hosts;
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
