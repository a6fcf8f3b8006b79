package org.noonmark.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.noonmark.control.Answer;
import org.noonmark.control.Request;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** A command that prints what the daemon reports. Built by hand rather than by annotations: the command must start fast. */
final class Report implements Callable<Integer> {
    private final String name;
    private final CommandSpec spec;
    private final List<String> forwarded = new ArrayList<>();

    /**
     * @param name the command and the request, one word
     * @param summary its line in the help
     */
    Report(String name, String summary) {
        this.name = name;
        spec = CommandSpec.wrapWithoutInspection(this).name(name);
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

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        ParseResult parsed = spec.commandLine().getParseResult();
        List<String> arguments = new ArrayList<>();
        for (String option : forwarded) {
            if (parsed.hasMatchedOption(option)) {
                arguments.add(option);
            }
        }
        if (Terminal.isColourful()) {
            arguments.add("--terminal");
        }
        Answer answer = GlobalOptions.of(spec).client().ask(new Request(name, arguments));
        PrintWriter printer = answer.isReport()
                ? spec.commandLine().getOut()
                : spec.commandLine().getErr();
        printer.print(answer.text());
        printer.flush();
        return answer.code();
    }
}
