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
    private static final Pattern HEADER = Pattern.compile("\\s*\\[\\s*\"?([A-Za-z0-9_-]+)\"?\\s*]?.*");
    private static final Pattern BARE_WORD = Pattern.compile("[\\p{L}/].*");

    private final String file;
    private final List<String> lines;

    SyntaxDiagnosis(String file, String text) {
        this.file = file;
        this.lines = text.lines().toList();
    }

    /** Whether the rest of the file was swallowed, too. */
    boolean isCutOff(TomlParseError error) {
        return message(error).startsWith("Unexpected end of input") && opening().isPresent();
    }

    Problem of(TomlParseError error) {
        String message = message(error);
        int line = error.position().line();
        if (message.startsWith("Unexpected end of input")) {
            Optional<Integer> opening = opening();
            if (opening.isPresent()) {
                return problem(
                        opening.get(),
                        "the text that begins here is not closed, so the rest of the file cannot be read",
                        "end it with the three quotes that it begins with");
            }
        }
        Matcher twice = TWICE.matcher(message);
        if (twice.matches()) {
            return twice(line, twice.group(1), twice.group(2));
        }
        Slip slip = slip(line, message);
        return problem(line, slip.fault(), slip.cure());
    }

    private record Slip(String fault, String cure) {}

    private static String message(TomlParseError error) {
        return String.valueOf(error.getMessage());
    }

    /** A section may be begun again, its lines count; a key may not. */
    private Problem twice(int line, String what, String first) {
        if (raw(line).strip().startsWith("[")) {
            return new Problem(
                    Severity.WARNING,
                    file,
                    line,
                    what,
                    what,
                    "section [" + Printable.of(what) + "] begins a second time, first in line " + first,
                    "put its lines together");
        }
        return problem(
                line,
                "'" + Printable.of(what) + "' is there a second time, the first is in line " + first,
                "keep one of them");
    }

    /** From the most particular to the most general. */
    private Slip slip(int line, String message) {
        String raw = raw(line).strip();
        int equals = raw.indexOf('=');
        String value = equals < 0 ? raw : raw.substring(equals + 1).strip();
        String cure = cure(line, raw);
        if (raw.indexOf('\0') >= 0) {
            return new Slip(about(raw) + " has a zero byte in it", "delete the line and type it again");
        }
        if (raw.startsWith("[") && !raw.startsWith("[[") && raw.indexOf(']') < 0) {
            return new Slip(
                    "section " + quote(raw) + " has no closing bracket", "write '" + raw.split("[\\s#]", 2)[0] + "]'");
        }
        if (hasTypographicQuote(value)) {
            return new Slip(
                    about(raw) + " has typographic quotes, which word processors make", "write straight ones: \"...\"");
        }
        if (message.startsWith("Invalid escape") || message.contains("escape sequence")) {
            return new Slip(
                    about(raw) + " has a backslash that means nothing",
                    "write two backslashes, or put the text between single quotes");
        }
        if (equals < 0 && !raw.startsWith("\"") && !raw.startsWith("'")) {
            return new Slip(
                    quote(raw) + " is neither a section nor 'key = value'",
                    raw.indexOf(':') > 0 ? "write '=' in place of ':'" : cure);
        }
        if (equals == 0) {
            return new Slip("the line has no key before '='", cure);
        }
        if (value.isEmpty() || value.startsWith("#")) {
            return new Slip(about(raw) + " has no value", cure);
        }
        return ofValue(raw, value, message, cure);
    }

    private Slip ofValue(String raw, String value, String message, String cure) {
        if (value.matches("(?i)(yes|no|on|off|true|false)\\b.*")) {
            return new Slip(about(raw) + " is not true or false", "write true or false, in small letters");
        }
        if (BARE_WORD.matcher(value).matches()) {
            return new Slip(about(raw) + " has no quotes", cure + ", with quotes");
        }
        if (message.contains("expected \" or") || message.contains("expected ' or")) {
            return new Slip(
                    about(raw) + " has a quote that is not closed", "end the text with the quote it begins with");
        }
        if (message.contains("expected ]")) {
            return new Slip(
                    about(raw) + " has a bracket that is not closed, or no comma between two values",
                    "write [\"one\", \"two\"]");
        }
        if (message.endsWith("expected a newline or end-of-input")) {
            return new Slip(about(raw) + " has more than a value", "put a text between quotes, a remark behind #");
        }
        return new Slip(about(raw) + " cannot be read (" + Printable.of(lower(message)) + ")", cure);
    }

    private static String lower(String message) {
        return message.isEmpty() ? message : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private static boolean hasTypographicQuote(String value) {
        return !value.isEmpty()
                && (TYPOGRAPHIC.indexOf(value.charAt(0)) >= 0
                        || TYPOGRAPHIC.indexOf(value.charAt(value.length() - 1)) >= 0
                        || (value.startsWith("[") && value.chars().anyMatch(c -> TYPOGRAPHIC.indexOf(c) >= 0)));
    }

    /** The key with its value, or without it where that may be a secret. */
    private static String about(String raw) {
        int equals = raw.indexOf('=');
        if (equals <= 0) {
            return quote(raw);
        }
        String name = raw.substring(0, equals).strip();
        return TomlDocument.isSecret("", name) ? Printable.of(name) + " = ..." : quote(raw);
    }

    private static String quote(String raw) {
        return "'" + Printable.of(raw) + "'";
    }

    /** How the key of this line is written, if it is one of the table. */
    private String cure(int line, String raw) {
        String name = raw.split("[=:\\s]", 2)[0];
        return Keys.find(sectionAt(line), name).map(Key::cure).orElse("write 'key = value', as in the sample");
    }

    private String sectionAt(int line) {
        for (int at = Math.min(line, lines.size()); at > 0; at--) {
            Matcher header = HEADER.matcher(raw(at));
            if (header.matches()) {
                return header.group(1);
            }
        }
        return "";
    }

    /** The line of the last three quotes, which open what the file's end does not close. */
    private Optional<Integer> opening() {
        for (int at = lines.size(); at > 0; at--) {
            if (raw(at).contains("'''") || raw(at).contains("\"\"\"")) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private String raw(int line) {
        return line >= 1 && line <= lines.size() ? lines.get(line - 1) : "";
    }

    private Problem problem(int line, String fault, String cure) {
        String raw = raw(line).strip();
        int equals = raw.indexOf('=');
        String name = equals < 0 ? raw : raw.substring(0, equals).strip();
        String value = equals < 0 || TomlDocument.isSecret("", name)
                ? ""
                : raw.substring(equals + 1).strip();
        String section = equals < 0 ? "" : sectionAt(line);
        return new Problem(
                Severity.ERROR,
                file,
                line,
                Printable.of(section.isEmpty() ? name : section + "." + name),
                Printable.of(value.isEmpty() ? name : value),
                fault,
                cure);
    }
}
