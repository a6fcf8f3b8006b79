package org.noonmark.provisioning.firstboot;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.noonmark.provisioning.IpAddress;

/** The older way to tell the size of an IPv4 network: {@code 255.255.255.0} is a prefix of 24. */
final class Netmask {
    private static final Pattern BEHIND_ADDRESS = Pattern.compile("([0-9.]+)\\s*[/ ]\\s*([0-9.]+)");

    private Netmask() {}

    /** An address with a mask, or with spaces around the length, as it is to be written; empty for everything else. */
    static Optional<String> inPlace(String text) {
        Matcher both = BEHIND_ADDRESS.matcher(text);
        if (!both.matches() || IpAddress.parse(both.group(1)).isEmpty()) {
            return Optional.empty();
        }
        String behind = both.group(2);
        Optional<Integer> length =
                behind.matches("[0-9]|[12][0-9]|3[0-2]") ? Optional.of(Integer.parseInt(behind)) : lengthOf(behind);
        return length.map(bits -> both.group(1) + "/" + bits);
    }

    /** How many ones a mask begins with, if nothing but zeros follows. */
    private static Optional<Integer> lengthOf(String mask) {
        if (!mask.matches("([0-9]{1,3}\\.){3}[0-9]{1,3}")) {
            return Optional.empty();
        }
        long bits = 0;
        for (String part : mask.split("\\.", -1)) {
            bits = bits << 8 | Integer.parseInt(part);
        }
        int length = Long.bitCount(bits);
        return bits == (0xffff_ffffL << (32 - length) & 0xffff_ffffL) ? Optional.of(length) : Optional.empty();
    }
}
