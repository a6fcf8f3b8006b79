package org.noonmark.provisioning.firstboot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.noonmark.provisioning.Printable;
import org.noonmark.provisioning.Problem;
import org.noonmark.provisioning.Problem.Severity;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * A value as its owner wrote it, with its place.
 *
 * @param file the file's name
 * @param line where the value begins, from 1
 * @param section the section, without brackets
 * @param name the key
 * @param textLine where the first line of a text stands: the line after the opening of a multi-line one
 * @param secret whether messages must not quote the value
 * @param value what the TOML library made of it
 * @param problems hears what is wrong with it
 */
record Given(
        String file,
        int line,
        String section,
        String name,
        int textLine,
        boolean secret,
        Object value,
        Consumer<Problem> problems) {
    /** The value if it is a string. */
    Optional<String> text() {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** The elements if it is an array, each with its own line; a single value is an array of one. */
    List<Given> elements() {
        if (!(value instanceof TomlArray array)) {
            return List.of(this);
        }
        return IntStream.range(0, array.size())
                .mapToObj(i -> new Given(
                        file,
                        array.inputPositionOf(i).line(),
                        section,
                        name,
                        array.inputPositionOf(i).line(),
                        secret,
                        array.get(i),
                        problems))
                .toList();
    }

    /** Refuses the value: {@code fault} continues "hostname = 'x' ". */
    void refuse(String fault, String cure) {
        tell(Severity.ERROR, fault, cure);
    }

    /** Refuses a line inside of a multi-line value. */
    void refuseLine(int at, String fault, String cure) {
        problems.accept(new Problem(Severity.ERROR, file, at, key(), shown(), fault, cure));
    }

    /** Takes the value and says something about it. */
    void remark(String fault, String cure) {
        tell(Severity.WARNING, fault, cure);
    }

    private void tell(Severity severity, String fault, String cure) {
        problems.accept(new Problem(severity, file, line, key(), shown(), written() + " " + fault, cure));
    }

    /** {@code section.name}. */
    String key() {
        return section.isEmpty() ? name : section + "." + name;
    }

    /** The value, safe to print; nothing of a secret. */
    String shown() {
        // A switch tells nothing, whatever it is called.
        return secret && !(value instanceof Boolean) ? "(not shown)" : Printable.of(plain());
    }

    /** Key and value as a phrase: {@code hostname = 'my box'}. */
    String written() {
        String kind = switch (value) {
            case TomlArray _ -> "[...]";
            case TomlTable _ -> "{...}";
            case String _ -> secret ? "..." : "'" + shown() + "'";
            default -> shown();
        };
        return name + " = " + kind;
    }

    private String plain() {
        if (value instanceof TomlArray array) {
            List<String> words = new ArrayList<>();
            array.toList().forEach(element -> words.add(String.valueOf(element)));
            return String.join(", ", words);
        }
        return value instanceof TomlTable ? "{...}" : value.toString();
    }
}
