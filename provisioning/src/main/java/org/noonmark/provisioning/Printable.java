package org.noonmark.provisioning;

import java.util.Locale;

/** Words of a file in a message: short, and with nothing that could upset a terminal. */
public final class Printable {
    private static final int LONGEST = 60;

    private Printable() {}

    /** At most 60 characters of {@code word}; control characters and what is neither letter nor ASCII become numbers. */
    public static String of(String word) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (out.length() >= LONGEST) {
                return out.append("...").toString();
            }
            if (c < ' ' || (c >= 0x7f && !Character.isLetterOrDigit(c))) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
