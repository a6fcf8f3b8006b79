package org.noonmark.provisioning.firstboot;

import java.util.List;

/** How one family of addresses comes to an interface. */
sealed interface Addressing {
    /** From the network: DHCP for IPv4, router advertisements (and DHCPv6 when these say so) for IPv6. */
    record Automatic() implements Addressing {}

    /** Not at all. */
    record Off() implements Addressing {}

    /** Written down: at least one. */
    record Fixed(List<InterfaceAddress> addresses) implements Addressing {}
}
