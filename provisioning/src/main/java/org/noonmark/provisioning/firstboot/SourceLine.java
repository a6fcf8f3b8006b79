package org.noonmark.provisioning.firstboot;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.noonmark.provisioning.Printable;

/**
 * A line of a file as its owner sees it, whether it is TOML or not.
 *
 * @param raw without spaces at its ends
 * @param section the section in which it stands; empty before the first
 * @param name what stands before the first '='; empty when that cannot be a key
 * @param value what stands behind it
 */
record SourceLine(String raw, String section, String name, String value) {
    private static final int LONGEST_WORD = 20;
    private static final Pattern HEADER = Pattern.compile("\\s*\\[\\s*([A-Za-z0-9_-]+)\\s*(].*)?");
    private static final Pattern KEY_VALUE =
            Pattern.compile("\"?([A-Za-z0-9_.-]{1,40})\"?\\s*=\\s*(.*)", Pattern.DOTALL);

    /** Line {@code number}, from 1, of a file; an empty one behind its end. */
    static SourceLine of(List<String> lines, int number) {
        String raw =
                number >= 1 && number <= lines.size() ? lines.get(number - 1).strip() : "";
        Matcher pair = KEY_VALUE.matcher(raw);
        boolean isPair = pair.matches();
        return new SourceLine(raw, sectionAt(lines, number), isPair ? pair.group(1) : "", isPair ? pair.group(2) : "");
    }

    /** The section in which line {@code number} stands. */
    static String sectionAt(List<String> lines, int number) {
        for (int at = Math.min(number, lines.size()); at > 0; at--) {
            Matcher header = HEADER.matcher(lines.get(at - 1));
            if (header.matches()) {
                return header.group(1);
            }
        }
        return "";
    }

    /** Whether nothing of the value may be told. */
    boolean isSecret() {
        return TomlDocument.isSecret(section, name.isEmpty() ? firstWord() : name);
    }

    /** The line as a phrase; of a secret, and of a line that may be part of a key, only the beginning. */
    String about() {
        if (name.isEmpty()) {
            return "'" + Printable.of(firstWord()) + (firstWord().length() < raw.length() ? " ..." : "") + "'";
        }
        return isSecret() ? name + " = ..." : "'" + Printable.of(raw) + "'";
    }

    /** The key with its section, as in the table. */
    String path() {
        if (name.isEmpty()) {
            return Printable.of(firstWord());
        }
        return section.isEmpty() ? name : section + "." + name;
    }

    /** The value for a message. */
    String shown() {
        return isSecret() ? "(not shown)" : Printable.of(name.isEmpty() ? firstWord() : value);
    }

    /** What stands before the first space, colon or sign of equality. */
    String firstWord() {
        String word = raw.split("[\\s:=]", 2)[0];
        return word.length() > LONGEST_WORD ? word.substring(0, LONGEST_WORD) : word;
    }
}
