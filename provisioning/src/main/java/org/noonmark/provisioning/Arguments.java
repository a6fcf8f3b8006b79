package org.noonmark.provisioning;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The checked words of one statement, by the names of the table. Defaults of options are filled in.
 *
 * @param statement where they stand
 * @param directive what they belong to
 * @param byName words by the name of their argument or option
 * @param given names of what the statement itself says
 */
record Arguments(Statement statement, Directive.Supported directive, Map<String, String> byName, List<String> given) {
    boolean has(String name) {
        return byName.containsKey(name);
    }

    /** Whether the statement itself says it, rather than a default. */
    boolean gives(String name) {
        return given.contains(name);
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The word of a required argument, or of an option with a default. */
    String text(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException(directive.name() + " has no " + name));
    }

    /** The word in small letters, for choices. */
    String choice(String name) {
        return text(name).toLowerCase(Locale.ROOT);
    }

    /** The whole number of an argument whose kind keeps it in the range of an int. */
    int whole(String name) {
        return Integer.parseInt(text(name));
    }

    /** The same of an option without default. */
    OptionalInt findWhole(String name) {
        return has(name) ? OptionalInt.of(whole(name)) : OptionalInt.empty();
    }

    /** Seconds as nanoseconds, rounded to the nearest. */
    long nanos(String name) {
        return scaled(name, 9);
    }

    /** The same of an option without default. */
    OptionalLong findNanos(String name) {
        return has(name) ? OptionalLong.of(nanos(name)) : OptionalLong.empty();
    }

    /** Parts per million as parts per billion, rounded to the nearest. */
    long ppb(String name) {
        return scaled(name, 3);
    }

    private long scaled(String name, int powerOfTen) {
        return new BigDecimal(text(name))
                .scaleByPowerOfTen(powerOfTen)
                .setScale(0, RoundingMode.HALF_EVEN)
                .longValueExact();
    }

    /** The line in the words of the table, with the options that hold by default. */
    String effectiveText() {
        StringBuilder out = new StringBuilder(directive.name());
        for (Argument argument : directive.arguments()) {
            find(argument.name()).ifPresent(word -> out.append(' ').append(word));
        }
        for (Option option : directive.options()) {
            find(option.name())
                    .ifPresent(word -> out.append(' ')
                            .append(option.name())
                            .append(word.isEmpty() ? "" : " ")
                            .append(word));
        }
        return out.toString();
    }
}
