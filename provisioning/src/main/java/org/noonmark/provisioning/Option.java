package org.noonmark.provisioning;

import java.util.Optional;

/**
 * A word that a directive takes by its name, after its arguments.
 *
 * @param name in small letters
 * @param value what follows the name; empty: nothing, the name alone says it
 * @param standard the value that holds when the option is absent; empty: none
 * @param effect what it means, one phrase
 * @param instead present when the option is recognised but refused: the cure
 */
record Option(String name, Optional<Kind> value, Optional<String> standard, String effect, Optional<String> instead) {
    static Option of(String name, Kind kind, String effect) {
        return new Option(name, Optional.of(kind), Optional.empty(), effect, Optional.empty());
    }

    static Option of(String name, Kind kind, String standard, String effect) {
        return new Option(name, Optional.of(kind), Optional.of(standard), effect, Optional.empty());
    }

    /** An option that takes no value: its name says it. */
    static Option flag(String name, String effect) {
        return new Option(name, Optional.empty(), Optional.empty(), effect, Optional.empty());
    }

    /** An option of chrony that takes a value and is refused. */
    static Option refused(String name, Kind kind, String effect, String instead) {
        return new Option(name, Optional.of(kind), Optional.empty(), effect, Optional.of(instead));
    }

    /** An option of chrony that takes no value and is refused. */
    static Option refused(String name, String effect, String instead) {
        return new Option(name, Optional.empty(), Optional.empty(), effect, Optional.of(instead));
    }

    String synopsis() {
        return "[" + name
                + value.map(kind -> " " + Explanation.placeholder(kind)).orElse("") + "]";
    }
}
