package org.noonmark.provisioning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table as text for people: what {@code noonmark config explain} prints. */
public final class Explanation {
    private Explanation() {}

    /** Everything known of a directive, in lines, each ended. */
    public static String of(Directive directive) {
        List<String> lines = new ArrayList<>();
        lines.add(synopsis(directive));
        lines.add("    " + directive.effect());
        switch (directive) {
            case Directive.Supported supported -> {
                supported.arguments().forEach(argument -> {
                    lines.add(row(argument.name(), describe(argument)));
                    if (argument.kind() instanceof Kind.Choice choice) {
                        choice.refused().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .forEach(refused ->
                                        lines.add(row(refused.getKey(), "not supported yet: " + refused.getValue())));
                    }
                });
                supported.options().stream()
                        .filter(option -> option.instead().isEmpty())
                        .forEach(option -> lines.add(row(option.name(), describe(option))));
                lines.add("    Default: " + supported.standard().orElse("none"));
                refusedOptions(supported)
                        .forEach((cure, names) ->
                                lines.add("    Not supported yet: " + String.join(", ", names) + ": " + cure + "."));
            }
            case Directive.NotYet notYet -> lines.add("    Not supported yet: " + notYet.instead() + ".");
            case Directive.Never never ->
                lines.add("    Will not be supported: " + never.reason() + ". Remove the line.");
        }
        return String.join("\n", lines) + "\n";
    }

    /** Names and effects of the whole table, honoured ones first. */
    public static String ofAll() {
        StringBuilder out = new StringBuilder("Directives that Noonmark honours:\n");
        boolean refused = false;
        for (Directive directive : Directives.all()) {
            if (!refused && !(directive instanceof Directive.Supported)) {
                refused = true;
                out.append("\nDirectives of chrony.conf(5) that are recognised and refused, each with its cure:\n");
            }
            out.append(row(directive.name(), directive.effect())).append('\n');
        }
        return out.toString();
    }

    /** How a directive is written. */
    static String synopsis(Directive directive) {
        StringBuilder out = new StringBuilder(directive.name());
        switch (directive) {
            case Directive.Supported supported -> {
                supported.arguments().forEach(argument -> out.append(' ').append(argument.synopsis()));
                supported.options().stream()
                        .filter(option -> option.instead().isEmpty())
                        .forEach(option -> out.append(' ').append(option.synopsis()));
            }
            case Directive.NotYet notYet ->
                out.append(notYet.synopsis().isEmpty() ? "" : " ").append(notYet.synopsis());
            case Directive.Never never ->
                out.append(never.synopsis().isEmpty() ? "" : " ").append(never.synopsis());
        }
        return out.toString();
    }

    /** A word in capitals that stands for a value of that kind. */
    static String placeholder(Kind kind) {
        return switch (kind) {
            case Kind.Whole _ -> "N";
            case Kind.Decimal decimal -> decimal.unit().toUpperCase(Locale.ROOT).replace(' ', '-');
            case Kind.Path _, Kind.PulseDevice _ -> "PATH";
            case Kind.ClockDevice _ -> "DEVICE";
            case Kind.MailAddress _ -> "EMAIL";
            case Kind.LogFile _ -> "FILE";
            case Kind.Cores _ -> "CORES";
            case Kind.Interface _ -> "INTERFACE";
            case Kind.TimeZone _ -> "TIMEZONE";
            case Kind.Address _ -> "ADDRESS";
            case Kind.Host _, Kind.PublicName _ -> "HOSTNAME";
            case Kind.WebAddress _ -> "URL";
            case Kind.Clients _ -> "SUBNET";
            case Kind.ReferenceId _ -> "REFID";
            case Kind.Choice choice
            when Character.isDigit(choice.words().getLast().charAt(0)) ->
                choice.words().getFirst() + "|N";
            case Kind.Choice choice -> String.join("|", choice.words());
        };
    }

    /** Names of refused options by their cure, in the order of the table. */
    private static Map<String, List<String>> refusedOptions(Directive.Supported directive) {
        Map<String, List<String>> namesByCure = new LinkedHashMap<>();
        for (Option option : directive.options()) {
            option.instead()
                    .ifPresent(cure -> namesByCure
                            .computeIfAbsent(cure, _ -> new ArrayList<>())
                            .add(option.name()));
        }
        return namesByCure;
    }

    private static String row(String name, String text) {
        return String.format(Locale.ROOT, "    %-18s %s", name, text);
    }

    private static String describe(Argument argument) {
        return argument.effect() + "; " + argument.kind().expected();
    }

    private static String describe(Option option) {
        return option.effect()
                + option.value().map(kind -> "; " + kind.expected()).orElse("")
                + option.standard().map(standard -> "; default " + standard).orElse("");
    }
}
