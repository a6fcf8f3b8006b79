package org.noonmark.provisioning;

import java.util.Optional;

/**
 * A subnet: the addresses that share the first {@code length} bits of {@code network}. Bits after these are always 0.
 *
 * @param network lowest address of the subnet
 * @param length number of leading bits that count: 0 (every address of the family) to 32 or 128
 */
public record IpPrefix(IpAddress network, int length) {
    /** Every IPv4 address. */
    public static final IpPrefix ALL_IPV4 = new IpPrefix(IpAddress.ofIpv4(0), 0);

    /** Every IPv6 address. */
    public static final IpPrefix ALL_IPV6 = new IpPrefix(new IpAddress(true, 0, 0), 0);

    /** Clears the bits that do not count. */
    public IpPrefix {
        if (length < 0 || length > network.bits()) {
            throw new IllegalArgumentException("prefix length " + length + ", need 0 to " + network.bits());
        }
        network = network.masked(length);
    }

    /**
     * Reads chrony's forms: an address, an address with {@code /bits}, or the first one to three decimal numbers of an IPv4
     * address with or without {@code /bits} ({@code 192.168} is 192.168.0.0/16). Empty for anything else, host names too.
     */
    public static Optional<IpPrefix> parse(String text) {
        int slash = text.indexOf('/');
        String net = slash < 0 ? text : text.substring(0, slash);
        Optional<IpAddress> full = IpAddress.parse(net);
        Optional<IpAddress> address = full.or(() -> shortened(net));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int most = address.get().bits();
        int length = full.isPresent() ? most : 8 * net.split("\\.", -1).length;
        if (slash >= 0) {
            length = IpAddress.octet(text.substring(slash + 1));
        }
        return length < 0 || length > most ? Optional.empty() : Optional.of(new IpPrefix(address.get(), length));
    }

    /**
     * The subnet of an address in network order.
     *
     * @param address 4 or 16 bytes
     * @param length 0 to 32 or 128
     */
    public static IpPrefix of(byte[] address, int length) {
        return new IpPrefix(IpAddress.ofBytes(address), length);
    }

    private static Optional<IpAddress> shortened(String text) {
        String[] parts = text.split("\\.", -1);
        return parts.length > 3 ? Optional.empty() : IpAddress.parse(text + ".0".repeat(4 - parts.length));
    }

    /** How specific rules for it are: chrony's tables have one level for each four bits, and within a level the later rule decides. */
    public int step() {
        return (length + 3) / 4;
    }

    /** Whether {@code address} is of this family and in this subnet. */
    public boolean contains(IpAddress address) {
        return address.ipv6() == network.ipv6() && address.masked(length).equals(network);
    }

    @Override
    public String toString() {
        return network + "/" + length;
    }
}
