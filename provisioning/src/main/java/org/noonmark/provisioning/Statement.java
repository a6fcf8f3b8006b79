package org.noonmark.provisioning;

import java.util.List;
import java.util.Locale;
import org.noonmark.provisioning.Problem.Severity;

/**
 * A line that says something, split into words.
 *
 * @param file as the path it was read by
 * @param line from 1
 * @param words at least one
 */
record Statement(String file, int line, List<String> words) {
    private static final int LONGEST_QUOTE = 60;

    /** The first word, as written. */
    String name() {
        return words.getFirst();
    }

    /** The words after the first. */
    List<String> rest() {
        return words.subList(1, words.size());
    }

    /** {@code file:line}. */
    String place() {
        return file + ":" + line;
    }

    Problem error(String value, String fault, String cure) {
        return new Problem(Severity.ERROR, file, line, printable(name()), printable(value), fault, cure);
    }

    Problem warning(String value, String fault, String cure) {
        return new Problem(Severity.WARNING, file, line, printable(name()), printable(value), fault, cure);
    }

    /** The words as one line, as written. */
    String text() {
        return String.join(" ", words);
    }

    /** A word in quotes, safe to print. */
    static String quote(String word) {
        return "'" + printable(word) + "'";
    }

    /** At most 60 characters of {@code word}, with everything that could upset a terminal written as a number. */
    static String printable(String word) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (out.length() >= LONGEST_QUOTE) {
                return out.append("...").toString();
            }
            if (c < ' ' || c == 0x7f || (c >= 0x80 && !Character.isLetterOrDigit(c))) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
