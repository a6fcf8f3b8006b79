package org.noonmark.provisioning;

import static org.noonmark.provisioning.Statement.quote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks the words of one statement against its entry in the table; says everything that is wrong, not the first thing. */
final class ArgumentParser {
    private final Statement statement;
    private final Directive.Supported directive;
    private final Consumer<Problem> problems;
    private final Map<String, String> byName = new HashMap<>();
    private final List<String> given = new ArrayList<>();
    private boolean faulty;
    private int next;

    private ArgumentParser(Statement statement, Directive.Supported directive, Consumer<Problem> problems) {
        this.statement = statement;
        this.directive = directive;
        this.problems = problems;
    }

    /**
     * The checked words; empty when {@code problems} was told that they cannot be understood. Options that are understood and refused
     * are told too, and left out.
     */
    static Optional<Arguments> parse(Statement statement, Directive.Supported directive, Consumer<Problem> problems) {
        return new ArgumentParser(statement, directive, problems).parse();
    }

    private Optional<Arguments> parse() {
        if (readArguments()) {
            while (next < words().size()) {
                readOption(words().get(next++));
            }
        }
        if (faulty) {
            return Optional.empty();
        }
        for (Option option : directive.options()) {
            option.standard().ifPresent(value -> byName.putIfAbsent(option.name(), value));
        }
        return Optional.of(new Arguments(statement, directive, Map.copyOf(byName), List.copyOf(given)));
    }

    private List<String> words() {
        return statement.rest();
    }

    /** Whether to go on to the options: after a wrong argument nobody knows what the rest means. */
    private boolean readArguments() {
        for (Argument argument : directive.arguments()) {
            boolean present = next < words().size();
            if (present && argument.kind().accepts(words().get(next))) {
                byName.put(argument.name(), words().get(next++));
                given.add(argument.name());
            } else if (argument.required()) {
                reportArgument(argument, present);
                return false;
            }
        }
        return true;
    }

    private void reportArgument(Argument argument, boolean present) {
        if (!present) {
            error(
                    statement.name(),
                    quote(statement.name()) + " needs " + argument.name() + ", "
                            + argument.kind().expected(),
                    writeSynopsis());
            return;
        }
        String word = words().get(next);
        Optional<String> instead = argument.kind().instead(word);
        if (instead.isPresent()) {
            error(word, quote(statement.name() + " " + word) + " is not supported", instead.get());
            return;
        }
        error(
                word,
                quote(statement.name()) + " has " + quote(word) + " for " + argument.name() + ", expected "
                        + argument.kind().expected(),
                writeSynopsis());
    }

    private void readOption(String word) {
        Optional<Option> found = findOption(word);
        if (found.isEmpty()) {
            reportUnknown(word);
            return;
        }
        Option option = found.get();
        Optional<String> value = Optional.empty();
        if (option.value().isPresent()) {
            if (next >= words().size()) {
                error(
                        word,
                        "option " + quote(word) + " of " + quote(directive.name()) + " needs "
                                + option.value().get().expected(),
                        option.instead().orElse("add it after " + quote(word)));
                return;
            }
            value = Optional.of(words().get(next++));
        }
        take(option, value.orElse(""));
    }

    private void take(Option option, String value) {
        String written = option.value().isPresent() ? option.name() + " " + value : option.name();
        if (option.instead().isPresent()) {
            // Not a fault of form: what else the line says is understood, and checked against the other lines.
            problems.accept(statement.error(
                    written,
                    "option " + quote(written) + " of " + quote(directive.name()) + " is not supported yet",
                    option.instead().get()));
        } else if (given.contains(option.name())) {
            error(written, "option " + quote(written) + " repeats an option", "keep one of them");
        } else if (option.value().isPresent() && !option.value().get().accepts(value)) {
            error(
                    value,
                    "option " + quote(option.name()) + " of " + quote(directive.name()) + " has " + quote(value)
                            + ", expected " + option.value().get().expected(),
                    option.standard()
                            .map(standard ->
                                    "write '" + option.name() + " " + standard + "', the default, or another value")
                            .orElse(writeSynopsis()));
        } else {
            byName.put(option.name(), value);
            given.add(option.name());
        }
    }

    private void reportUnknown(String word) {
        String extra = quote(word) + " is one word too many for " + quote(statement.name());
        if ("!;#%".indexOf(word.charAt(0)) >= 0) {
            error(word, extra, "a comment needs a line of its own");
            next = words().size();
        } else if (Directives.named(word).isPresent()) {
            error(word, extra, "it is a directive, write it on a line of its own");
            next = words().size();
        } else if (directive.options().isEmpty()) {
            error(word, wrongOrExtra(word, extra), writeSynopsis());
            next = words().size();
        } else {
            error(
                    word,
                    quote(directive.name()) + " has no option " + quote(word),
                    Directives.nearest(word, directive.options().stream().map(Option::name))
                            .map(meant -> "did you mean '" + meant + "'?")
                            .orElse(writeSynopsis()));
            skipToNextOption();
        }
    }

    /** What follows an unknown option is its value, about which nothing can be said. */
    private void skipToNextOption() {
        while (next < words().size() && findOption(words().get(next)).isEmpty()) {
            next++;
        }
    }

    private Optional<Option> findOption(String word) {
        return directive.options().stream()
                .filter(option -> option.name().equalsIgnoreCase(word))
                .findFirst();
    }

    /** A word left over behind arguments that may be absent is more likely a wrong one of these. */
    private String wrongOrExtra(String word, String extra) {
        return directive.arguments().stream()
                .reduce((_, last) -> last)
                .filter(argument -> !argument.required() && !given.contains(argument.name()))
                .map(argument -> quote(statement.name()) + " has " + quote(word) + " for " + argument.name()
                        + ", expected " + argument.kind().expected())
                .orElse(extra);
    }

    private String writeSynopsis() {
        String example = directive
                .sample()
                .getFirst()
                .substring(directive.sample().getFirst().startsWith("#") ? 1 : 0);
        return "write '" + Explanation.synopsis(directive) + "', for example '" + example + "'";
    }

    private void error(String value, String fault, String cure) {
        faulty = true;
        problems.accept(statement.error(value, fault, cure));
    }
}
