package org.noonmark.ntp;

/**
 * One allow or deny directive (chrony.conf(5)). Addresses are 128 bits in two longs; IPv4 stands in its IPv4-mapped form
 * ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2), but a rule for one family never covers the other.
 *
 * @param allow whether it allows; else it denies
 * @param all the {@code all} keyword: overrides every earlier rule inside this subnet, however specific
 * @param family which addresses it is about
 * @param high first 64 bits of the subnet; bits behind the prefix do not matter
 * @param low last 64 bits of the subnet
 * @param prefixBits 0 to 128, counted in the 128 bits: an IPv4 /24 is 120
 * @param origin the directive as written, with file and line if known; shown to people who ask why
 */
public record AccessRule(
        boolean allow, boolean all, Family family, long high, long low, int prefixBits, String origin) {
    /** The family of addresses that a rule is about. */
    public enum Family {
        EVERY,
        IPV4,
        IPV6
    }

    static final long MAPPED_PREFIX = 0xffffL << 32;

    /** A directive without a subnet: every address of both families. */
    public static AccessRule everyone(boolean allow, boolean all, String origin) {
        return new AccessRule(allow, all, Family.EVERY, 0, 0, 0, origin);
    }

    /**
     * A directive for a subnet.
     *
     * @param address 4 or 16 octets, in network order
     * @param prefixBits 0 to 32 or 0 to 128
     * @throws IllegalArgumentException for any other length or prefix
     */
    public static AccessRule of(boolean allow, boolean all, byte[] address, int prefixBits, String origin) {
        boolean ipv4 = address.length == 4;
        if ((!ipv4 && address.length != 16) || prefixBits < 0 || prefixBits > address.length * 8) {
            throw new IllegalArgumentException(
                    "prefix /" + prefixBits + " on an address of " + address.length + " octets");
        }
        return new AccessRule(
                allow,
                all,
                ipv4 ? Family.IPV4 : Family.IPV6,
                highBits(address),
                lowBits(address),
                ipv4 ? prefixBits + 96 : prefixBits,
                origin);
    }

    /** First 64 bits of an address of 4 or 16 octets: 0 for IPv4. */
    public static long highBits(byte[] address) {
        return address.length == 4 ? 0 : bits(address, 0, 8);
    }

    /** Last 64 bits of an address of 4 or 16 octets, IPv4 in its mapped form. */
    public static long lowBits(byte[] address) {
        return address.length == 4 ? MAPPED_PREFIX | bits(address, 0, 4) : bits(address, 8, 8);
    }

    boolean covers(long addressHigh, long addressLow) {
        boolean ipv4 = addressHigh == 0 && addressLow >>> 32 == 0xffff;
        return switch (family) {
            case EVERY -> true;
            case IPV4 -> ipv4 && matches(addressHigh, addressLow);
            case IPV6 -> !ipv4 && matches(addressHigh, addressLow);
        };
    }

    /** How specific the rule is: chrony's tables have one level for each four bits, and within a level the later rule wins. */
    int level() {
        return (family == Family.IPV4 ? prefixBits - 96 + 3 : prefixBits + 3) / 4;
    }

    long firstHigh() {
        return high & highMask();
    }

    long firstLow() {
        return low & lowMask();
    }

    long lastHigh() {
        return high | ~highMask();
    }

    long lastLow() {
        return low | ~lowMask();
    }

    private boolean matches(long addressHigh, long addressLow) {
        return ((addressHigh ^ high) & highMask()) == 0 && ((addressLow ^ low) & lowMask()) == 0;
    }

    private long highMask() {
        return mask(Math.min(prefixBits, 64));
    }

    private long lowMask() {
        return mask(Math.max(prefixBits - 64, 0));
    }

    private static long mask(int bits) {
        return bits == 0 ? 0 : -1L << (64 - bits);
    }

    private static long bits(byte[] octets, int from, int count) {
        long bits = 0;
        for (int i = from; i < from + count; i++) {
            bits = bits << 8 | (octets[i] & 0xff);
        }
        return bits;
    }
}
