package org.noonmark.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The options of a command that is built by hand. */
final class Options {
    private final CommandSpec spec;

    Options(CommandSpec spec) {
        this.spec = spec;
        spec.addOption(help());
    }

    /** The option that every command has. */
    static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("this text")
                .build();
    }

    /** An option with a value; {@code byDefault} as on the command line. */
    Options value(String name, String label, Class<?> type, String byDefault, String description) {
        spec.addOption(OptionSpec.builder(name)
                .paramLabel(label)
                .type(type)
                .defaultValue(byDefault)
                .description(description + " (default: " + byDefault + ")")
                .build());
        return this;
    }

    /** An option with a value that may be left out. */
    Options optional(String name, String label, Class<?> type, String description) {
        spec.addOption(OptionSpec.builder(name)
                .paramLabel(label)
                .type(type)
                .description(description)
                .build());
        return this;
    }

    /** A switch. */
    Options flag(String name, String description) {
        spec.addOption(OptionSpec.builder(name)
                .type(boolean.class)
                .description(description)
                .build());
        return this;
    }

    /** The value of an option with a number that has a default. */
    double number(String name) {
        return valueOf(name, Number.class).doubleValue();
    }

    /**
     * Refuses a number outside of {@code least} to {@code most}.
     *
     * @throws ParameterException that names the option, the value and the range
     */
    Options within(String name, double least, double most) {
        double value = number(name);
        if (!(value >= least && value <= most)) {
            throw new ParameterException(
                    spec.commandLine(),
                    name + " " + spec.findOption(name).originalStringValues().getFirst() + ": expected a number from "
                            + plain(least) + " to " + plain(most));
        }
        return this;
    }

    private static String plain(double limit) {
        return BigDecimal.valueOf(limit).stripTrailingZeros().toPlainString();
    }

    /** The value of an option with a whole number that has a default. */
    int whole(String name) {
        return valueOf(name, Integer.class);
    }

    /** The value of an option with a word that has a default. */
    String word(String name) {
        return valueOf(name, String.class);
    }

    /** The value of an option with a file that has a default. */
    Path path(String name) {
        return valueOf(name, Path.class);
    }

    /** The value of an option that may be left out. */
    <T> Optional<T> find(String name, Class<T> type) {
        return Optional.ofNullable(type.cast(spec.findOption(name).getValue()));
    }

    /** Whether a switch is on. */
    boolean isOn(String name) {
        return find(name, Boolean.class).orElse(false);
    }

    private <T> T valueOf(String name, Class<T> type) {
        return find(name, type).orElseThrow(() -> new IllegalStateException(name + " has no default"));
    }
}
