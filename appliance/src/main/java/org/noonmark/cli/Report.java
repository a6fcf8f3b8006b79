package org.noonmark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.noonmark.control.Answer;
import org.noonmark.control.Request;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** A command that prints what the daemon reports. Built by hand rather than by annotations: the command must start fast. */
final class Report implements Callable<Integer> {
    private static final String WATCH = "--watch";
    private static final long WATCH_MILLIS = 1_000;
    /** ECMA-48: cursor home, erase the screen. */
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    private final String name;
    private final CommandSpec spec;
    private final List<String> forwarded = new ArrayList<>();
    private final List<PositionalParamSpec> words = new ArrayList<>();
    private final List<String> first;
    private Optional<PositionalParamSpec> many = Optional.empty();

    /**
     * @param name the command and the request, one word
     * @param summary its line in the help
     */
    Report(String name, String summary) {
        this(name, List.of(), name, summary);
    }

    /** A command below another: {@code name} and {@code first} are what is asked, {@code word} the last of them. */
    Report(String name, List<String> first, String word, String summary) {
        this.name = name;
        this.first = List.copyOf(first);
        spec = CommandSpec.wrapWithoutInspection(this).name(word);
        spec.addOption(Options.help());
        spec.usageMessage().description(summary);
        option("as JSON, for programs; names carry their units", "--json");
    }

    /** A switch that the daemon understands; the first name is the one that is sent. */
    Report option(String description, String... names) {
        spec.addOption(OptionSpec.builder(names).description(description).build());
        forwarded.add(names[0]);
        return this;
    }

    /** A switch with a word behind it that the daemon understands. */
    Report valued(String description, String label, String option) {
        spec.addOption(OptionSpec.builder(option)
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build());
        forwarded.add(option);
        return this;
    }

    /** A word that must follow, and goes to the daemon as it is. */
    Report word(String label, String description) {
        return word(label, "1", description);
    }

    /** A word that may follow. */
    Report maybeWord(String label, String description) {
        return word(label, "0..1", description);
    }

    private Report word(String label, String arity, String description) {
        PositionalParamSpec added = PositionalParamSpec.builder()
                .paramLabel(label)
                .arity(arity)
                .index(Integer.toString(words.size()))
                .type(String.class)
                .description(description)
                .build();
        spec.addPositional(added);
        words.add(added);
        return this;
    }

    /** Any number of words may follow, and go to the daemon as they are. */
    Report manyWords(String label, String description) {
        PositionalParamSpec added = PositionalParamSpec.builder()
                .paramLabel(label)
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(description)
                .build();
        spec.addPositional(added);
        many = Optional.of(added);
        return this;
    }

    /** May be shown again each second. */
    Report watchable() {
        spec.addOption(OptionSpec.builder(WATCH)
                .description("again each second, until Ctrl-C")
                .build());
        return this;
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        ParseResult parsed = spec.commandLine().getParseResult();
        List<String> arguments = new ArrayList<>(first);
        for (String option : forwarded) {
            if (parsed.hasMatchedOption(option)) {
                arguments.add(option);
                OptionSpec matched = parsed.matchedOption(option);
                if (matched != null && matched.getValue() instanceof String value) {
                    arguments.add(value);
                }
            }
        }
        for (PositionalParamSpec word : words) {
            Optional.ofNullable(word.<String>getValue()).ifPresent(arguments::add);
        }
        many.map(PositionalParamSpec::<List<String>>getValue).ifPresent(arguments::addAll);
        if (Terminal.isColourful()) {
            arguments.add("--terminal");
        }
        Request request = new Request(name, arguments);
        boolean watch = parsed.matchedOption(WATCH) != null;
        int code = print(request, watch);
        while (watch && code == Answer.OK) {
            Thread.sleep(WATCH_MILLIS);
            code = print(request, true);
        }
        return code;
    }

    private int print(Request request, boolean onClearScreen) throws IOException {
        Answer answer = GlobalOptions.of(spec).client().ask(request);
        PrintWriter printer = answer.isReport()
                ? spec.commandLine().getOut()
                : spec.commandLine().getErr();
        printer.print(onClearScreen && answer.isReport() ? CLEAR_SCREEN + answer.text() : answer.text());
        printer.flush();
        return answer.code();
    }
}
