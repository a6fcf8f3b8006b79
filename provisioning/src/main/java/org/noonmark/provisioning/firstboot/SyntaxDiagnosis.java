package org.noonmark.provisioning.firstboot;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.noonmark.provisioning.Printable;
import org.noonmark.provisioning.Problem;
import org.noonmark.provisioning.Problem.Severity;
import org.tomlj.TomlParseError;

/**
 * Says what is wrong with a line that is not TOML in words of the person who wrote it. The library says where it stopped and what it
 * would have liked there; the usual slips are told from the line itself.
 */
final class SyntaxDiagnosis {
    private static final String TYPOGRAPHIC =
            "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb\u2033\u2032\u00b4`";
    private static final Pattern TWICE = Pattern.compile("(.*) previously defined at line (\\d+), column \\d+");
    private static final int LONGEST_CURE = 50;
    private static final Pattern UNQUOTED = Pattern.compile("[\\p{L}/][^\"']*");

    private final String file;
    private final List<String> lines;

    SyntaxDiagnosis(String file, String text) {
        this.file = file;
        this.lines = text.lines().toList();
    }

    /** Whether the rest of the file was swallowed, too. */
    boolean isCutOff(TomlParseError error) {
        String message = message(error);
        return message.startsWith("Unexpected end of input")
                && (message.contains("\"\"\"") || message.contains("'''"))
                && opening() > 0;
    }

    Problem of(TomlParseError error) {
        if (isCutOff(error)) {
            return problem(
                    opening(),
                    "the text that begins here is not closed, so the rest of the file cannot be read",
                    "end it with the three quotes that it begins with");
        }
        int line = Math.min(error.position().line(), Math.max(1, lines.size()));
        Matcher twice = TWICE.matcher(message(error));
        if (twice.matches()) {
            return twice(line, twice.group(1), twice.group(2));
        }
        Slip slip = slip(SourceLine.of(lines, line), message(error));
        return problem(line, slip.fault(), slip.cure());
    }

    private record Slip(String fault, String cure) {}

    private static String message(TomlParseError error) {
        return String.valueOf(error.getMessage());
    }

    /** A section may be begun again, its lines count; a key may not. */
    private Problem twice(int line, String what, String first) {
        String name = Printable.of(what);
        if (SourceLine.of(lines, line).raw().startsWith("[")) {
            return new Problem(
                    Severity.WARNING,
                    file,
                    line,
                    name,
                    name,
                    "section [" + name + "] begins a second time, first in line " + first,
                    "put its lines together");
        }
        return problem(
                line, "'" + name + "' is there a second time, the first is in line " + first, "keep one of them");
    }

    /** From the most particular to the most general. */
    private static Slip slip(SourceLine line, String message) {
        String raw = line.raw();
        if (raw.indexOf('\0') >= 0) {
            return new Slip(line.about() + " has a zero byte in it", "delete the line and type it again");
        }
        if (raw.startsWith("[") && !raw.startsWith("[[") && raw.indexOf(']') < 0 && raw.indexOf('"') < 0) {
            String name = raw.split("[\\s#]", 2)[0];
            return new Slip(
                    "section '" + Printable.of(name) + "' has no closing bracket",
                    "write '" + Printable.of(name) + "]'");
        }
        if (raw.startsWith("```")) {
            return new Slip("the line is the mark-up of a web page or a chat", "remove the line");
        }
        if (raw.chars().anyMatch(c -> Character.getType(c) == Character.SPACE_SEPARATOR && c != ' ')) {
            return new Slip(
                    line.about() + " has a space that is none, as web pages and word processors make",
                    "type the line again");
        }
        if (hasTypographicQuote(line.name().isEmpty() ? raw : line.value())) {
            return new Slip(
                    line.about() + " has typographic quotes, which word processors make",
                    "write straight ones: \"...\"");
        }
        boolean isKeys = line.name().equals(Keys.AUTHORIZED_KEYS.name());
        if (isKeys && message.contains("scape sequence")) {
            return new Slip(
                    line.about() + " has a backslash, as in the name of a file",
                    "paste the line that stands in that file");
        }
        if (message.contains("scape sequence")) {
            return new Slip(
                    line.about() + " has a backslash that means nothing",
                    "write two backslashes, or put the text between single quotes");
        }
        if (isUnclosed(message)) {
            return new Slip(
                    line.about() + " has a quote that is not closed",
                    isKeys
                            ? "write each key on one line, without breaks, with a quote at both ends"
                            : "end the text with the quote it begins with");
        }
        if (raw.startsWith("=")) {
            return new Slip("the line has no key before '='", "write the key, as in the sample");
        }
        return line.name().isEmpty() ? ofNoPair(line, message) : ofValue(line, message);
    }

    private static boolean isUnclosed(String message) {
        return message.contains("expected \" or") || message.contains("expected ' or");
    }

    private static Slip ofNoPair(SourceLine line, String message) {
        if (line.raw().startsWith("]")) {
            return new Slip("']' closes a list that could not be read", "correct the list above it");
        }
        if (message.contains("expected ]")
                || line.raw().startsWith("\"")
                || line.raw().startsWith("'")) {
            return unclosedBracket(line);
        }
        return new Slip(line.about() + " is neither a section nor 'key = value'", cureOfNoPair(line));
    }

    /** Sections by their habits elsewhere: {@code ssh:} of YAML, {@code ssh]}, {@code <ssh>}; a value of YAML; or nothing known. */
    private static String cureOfNoPair(SourceLine line) {
        String bare = line.raw().replaceAll("[\\s<>\\]:{(]|\\).*", "");
        if (Keys.section(bare).isPresent()) {
            return "write '[" + bare + "]'";
        }
        return line.raw().matches("[A-Za-z0-9_-]+\\s*:.*") ? "write '=' in place of ':'" : cure(line);
    }

    private static Slip unclosedBracket(SourceLine line) {
        return new Slip(
                line.about() + " is where a bracket is not closed, or a comma is missing between two values",
                "write [\"one\", \"two\"]");
    }

    private static Slip ofValue(SourceLine line, String message) {
        String value = line.value();
        if (value.isEmpty() || value.startsWith("#")) {
            return new Slip(line.about() + " has no value", cure(line));
        }
        if (value.matches("(?i)(yes|no|on|off|true|false)\\s*(#.*)?")) {
            return new Slip(line.about() + " is not true or false", "write true or false, in small letters");
        }
        if (UNQUOTED.matcher(value).matches()) {
            return new Slip(line.about() + " has no quotes", line.isSecret() ? cure(line) : quoted(line));
        }
        if (message.contains("expected ]")) {
            return unclosedBracket(line);
        }
        if (message.endsWith("expected a newline or end-of-input")) {
            return new Slip(line.about() + " has more than a value", "put a text between quotes, a remark behind #");
        }
        String detail = line.isSecret() || message.isEmpty() ? "" : " (" + lower(Printable.of(message)) + ")";
        return new Slip(line.about() + " cannot be read" + detail, cure(line));
    }

    private static String lower(String message) {
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private static boolean hasTypographicQuote(String value) {
        return !value.isEmpty()
                && (TYPOGRAPHIC.indexOf(value.charAt(0)) >= 0
                        || TYPOGRAPHIC.indexOf(value.charAt(value.length() - 1)) >= 0
                        || (value.startsWith("[") && value.chars().anyMatch(c -> TYPOGRAPHIC.indexOf(c) >= 0)));
    }

    /** The line as it would be right; a long one would not be shown whole, so it cannot be copied from here. */
    private static String quoted(SourceLine line) {
        if (line.value().length() > LONGEST_CURE) {
            return "put it between straight quotes: " + line.name() + " = \"...\"";
        }
        return "write '" + line.name() + " = \""
                + Printable.of(line.value().replaceFirst("\\s*#.*", "").strip()) + "\"'";
    }

    /** How the key of this line is written, if it is one of the table. */
    private static String cure(SourceLine line) {
        Optional<Key<?>> key = Keys.find(line.section(), line.name().isEmpty() ? line.firstWord() : line.name());
        return key.map(Key::cure).orElse("write 'key = value', as in the sample");
    }

    /** The line of the last three quotes, which open what the file's end does not close; 0: there are none. */
    private int opening() {
        int at = lines.size();
        while (at > 0
                && !lines.get(at - 1).contains("'''")
                && !lines.get(at - 1).contains("\"\"\"")) {
            at--;
        }
        return at;
    }

    private Problem problem(int number, String fault, String cure) {
        SourceLine line = SourceLine.of(lines, number);
        return new Problem(Severity.ERROR, file, number, line.path(), line.shown(), fault, cure);
    }
}
