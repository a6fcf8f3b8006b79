package org.noonmark.xdp;

import java.util.List;

/**
 * What is to be taken, and of how many clients something is known.
 *
 * @param ports UDP ports of ours
 * @param ipv6PrefixBits IPv6 addresses that agree in so many bits are one client
 * @param clients known at most
 */
public record XdpScope(List<Integer> ports, int ipv6PrefixBits, int clients) {
    /** Copies the list. */
    public XdpScope {
        ports = List.copyOf(ports);
    }
}
