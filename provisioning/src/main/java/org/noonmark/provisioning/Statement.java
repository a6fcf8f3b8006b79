package org.noonmark.provisioning;

import java.util.List;
import org.noonmark.provisioning.Problem.Severity;

/**
 * A line that says something, split into words.
 *
 * @param file as the path it was read by
 * @param line from 1
 * @param words at least one
 */
record Statement(String file, int line, List<String> words) {
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

    /** {@code word} as {@link Printable#of} writes it. */
    static String printable(String word) {
        return Printable.of(word);
    }
}
