package org.noonmark.provisioning;

import java.util.Arrays;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as numbers, never looked up by name.
 *
 * @param ipv6 family; an IPv4 address keeps its 32 bits in the low end of {@code low}, with {@code high} 0
 * @param high the first 64 bits of an IPv6 address
 * @param low the last 64 bits
 */
public record IpAddress(boolean ipv6, long high, long low) {
    private static final int GROUPS = 8;

    /** An IPv4 address of the low 32 bits of {@code bits}. */
    static IpAddress ofIpv4(long bits) {
        return new IpAddress(false, 0, bits & 0xffff_ffffL);
    }

    /** An address of 4 or 16 bytes in network order. */
    static IpAddress ofBytes(byte[] bytes) {
        boolean ipv6 = bytes.length == 16;
        if (!ipv6 && bytes.length != 4) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes, need 4 or 16");
        }
        long high = 0;
        long low = 0;
        for (byte next : bytes) {
            high = ipv6 ? high << 8 | low >>> 56 : 0;
            low = low << 8 | (next & 0xff);
        }
        return new IpAddress(ipv6, high, low);
    }

    /**
     * Reads four decimal numbers with dots, or the forms of RFC 4291 section 2.2. Empty for anything else: names, scope identifiers
     * ({@code %eth0}), brackets, octal or hexadecimal IPv4 numbers.
     */
    public static Optional<IpAddress> parse(String text) {
        return text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text);
    }

    /** The address in network order: 4 or 16 bytes. */
    public byte[] toBytes() {
        byte[] bytes = new byte[ipv6 ? 16 : 4];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) ((fromEnd < 8 ? low : high) >>> (8 * (fromEnd & 7)));
        }
        return bytes;
    }

    /** Length of the address in bits: 32 or 128. */
    int bits() {
        return ipv6 ? 128 : 32;
    }

    /** This address with all bits after the first {@code length} cleared. */
    IpAddress masked(int length) {
        if (!ipv6) {
            return ofIpv4(low & leadingOnes(length + 32));
        }
        return new IpAddress(
                true, high & leadingOnes(Math.min(length, 64)), low & leadingOnes(Math.max(0, length - 64)));
    }

    /** The form of RFC 5952 for IPv6 (longest run of zero groups shortened), dotted for IPv4. */
    @Override
    public String toString() {
        if (!ipv6) {
            return (low >>> 24 & 0xff) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
        }
        int from = 0;
        int length = 0;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && group(end) == 0) {
                end++;
            }
            if (end - i > length) {
                from = i;
                length = end - i;
            }
        }
        if (length < 2) {
            return groups(0, GROUPS);
        }
        return groups(0, from) + "::" + groups(from + length, GROUPS);
    }

    private static long leadingOnes(int count) {
        return count == 0 ? 0 : -1L << (64 - count);
    }

    private int group(int index) {
        return (int) ((index < 4 ? high : low) >>> (48 - 16 * (index & 3))) & 0xffff;
    }

    private String groups(int from, int to) {
        StringBuilder out = new StringBuilder();
        for (int i = from; i < to; i++) {
            out.append(i == from ? "" : ":").append(Integer.toHexString(group(i)));
        }
        return out.toString();
    }

    private static Optional<IpAddress> parseIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        long bits = 0;
        for (String part : parts) {
            int number = octet(part);
            if (number < 0) {
                return Optional.empty();
            }
            bits = bits << 8 | number;
        }
        return Optional.of(ofIpv4(bits));
    }

    /** A decimal number from 0 to 255, or -1. */
    static int octet(String part) {
        if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int number = Integer.parseInt(part);
        return number <= 255 ? number : -1;
    }

    private static Optional<IpAddress> parseIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        int[] head = groupsOf(gap < 0 ? text : text.substring(0, gap), gap < 0);
        int[] tail = gap < 0 ? new int[0] : groupsOf(text.substring(gap + 2), true);
        int written = head.length + tail.length;
        if (containsBad(head) || containsBad(tail) || (gap < 0 ? written != GROUPS : written >= GROUPS)) {
            return Optional.empty();
        }
        int[] all = Arrays.copyOf(head, GROUPS);
        System.arraycopy(tail, 0, all, GROUPS - tail.length, tail.length);
        return Optional.of(new IpAddress(true, join(all, 0), join(all, 4)));
    }

    private static boolean containsBad(int[] groups) {
        return Arrays.stream(groups).anyMatch(group -> group < 0);
    }

    private static long join(int[] groups, int from) {
        long bits = 0;
        for (int i = from; i < from + 4; i++) {
            bits = bits << 16 | groups[i];
        }
        return bits;
    }

    /** The 16-bit groups of one side of {@code ::}; a group that is not one becomes -1. The last may be a dotted IPv4 address. */
    private static int[] groupsOf(String text, boolean mayEndDotted) {
        if (text.isEmpty()) {
            return new int[0];
        }
        String[] parts = text.split(":", -1);
        String last = parts[parts.length - 1];
        Optional<IpAddress> dotted = mayEndDotted && last.indexOf('.') >= 0 ? parseIpv4(last) : Optional.empty();
        int[] groups = new int[parts.length + (dotted.isPresent() ? 1 : 0)];
        for (int i = 0; i < parts.length; i++) {
            groups[i] = hexGroup(parts[i]);
        }
        dotted.ifPresent(address -> {
            groups[groups.length - 2] = (int) (address.low >>> 16);
            groups[groups.length - 1] = (int) (address.low & 0xffff);
        });
        return groups;
    }

    private static int hexGroup(String part) {
        if (part.isEmpty()
                || part.length() > 4
                || !part.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0)) {
            return -1;
        }
        return Integer.parseInt(part, 16);
    }
}
