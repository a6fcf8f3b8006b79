package org.noonmark.provisioning.firstboot;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A wireless network as wpa_supplicant.conf(5) has it. The password itself is not kept, only the key that WPA2 makes of it and the
 * network's name.
 *
 * @param ssid in hexadecimal digits
 * @param preSharedKey 64 hexadecimal digits; empty: an open network
 * @param country two letters; empty: not told
 * @param hidden whether it does not tell its name
 */
record WifiNetwork(String ssid, String preSharedKey, Optional<String> country, boolean hidden) {
    private static final int ROUNDS = 4096;
    private static final int KEY_BITS = 256;
    private static final Pattern SSID_LINE = Pattern.compile("(?m)^\\s*ssid=([0-9a-f]+)$");
    private static final Pattern PSK_LINE = Pattern.compile("(?m)^\\s*psk=([0-9a-f]{64})$");

    static boolean isSsid(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return length >= 1 && length <= 32;
    }

    static String ssidOf(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it is a passphrase or a key of WPA2, or the empty one of an open network. */
    static boolean isPassword(String text) {
        return text.isEmpty() || isKey(text) || text.matches("[ -~]{8,63}");
    }

    private static boolean isKey(String text) {
        return text.matches("[0-9A-Fa-f]{64}");
    }

    /** The key for a password, IEEE 802.11-2020 annex J.4; empty for the empty one. */
    static String keyOf(String ssid, String password) {
        if (password.isEmpty() || isKey(password)) {
            return password.toLowerCase(Locale.ROOT);
        }
        try {
            PBEKeySpec spec =
                    new PBEKeySpec(password.toCharArray(), HexFormat.of().parseHex(ssid), ROUNDS, KEY_BITS);
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                    .generateSecret(spec)
                    .getEncoded();
            return HexFormat.of().formatHex(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has PBKDF2", e);
        }
    }

    /** The key that an earlier file of ours has for a network; empty when it is about another one. */
    static Optional<String> keptKey(String earlier, String ssid) {
        Matcher name = SSID_LINE.matcher(earlier);
        if (!name.find() || !name.group(1).equals(ssid)) {
            return Optional.empty();
        }
        Matcher key = PSK_LINE.matcher(earlier);
        return Optional.of(key.find() ? key.group(1) : "");
    }

    /** The file. */
    String text() {
        StringBuilder out = new StringBuilder(GeneratedFile.HEADER);
        out.append("ctrl_interface=/run/wpa_supplicant\n");
        country.ifPresent(letters -> out.append("country=").append(letters).append('\n'));
        out.append("network={\n    ssid=").append(ssid).append('\n');
        if (hidden) {
            out.append("    # asks for the network by name, which does not tell it\n    scan_ssid=1\n");
        }
        if (preSharedKey.isEmpty()) {
            out.append("    key_mgmt=NONE\n");
        } else {
            out.append("    key_mgmt=WPA-PSK\n    psk=").append(preSharedKey).append('\n');
        }
        return out.append("}\n").toString();
    }
}
