package org.noonmark.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.noonmark.app.DiskConfigFiles;
import org.noonmark.provisioning.ConfigReader;
import org.noonmark.provisioning.ConfigReading;
import org.noonmark.provisioning.Directive;
import org.noonmark.provisioning.Directives;
import org.noonmark.provisioning.Explanation;
import org.noonmark.provisioning.Problem;
import org.noonmark.provisioning.SampleConfig;
import org.noonmark.provisioning.Setting;
import org.noonmark.status.FirewallSetup;
import org.noonmark.status.JsonWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * {@code noonmark config check|show|explain|firewall|sample}: what a configuration file says, without asking a daemon. Ends with
 * {@link ExitCode#OK}, warnings or not; {@link ExitCode#CONFIGURATION} when a file cannot be used; {@link ExitCode#USAGE} for a
 * directive to explain that does not exist.
 */
final class ConfigCommand {
    private static final String STANDARD_FILE = "/etc/noonmark/noonmark.conf";

    private ConfigCommand() {}

    /** The command with its sub-commands. */
    static CommandSpec spec() {
        CommandSpec config = CommandSpec.create().name("config");
        config.addOption(Options.help());
        config.usageMessage().description("check, show and explain configuration files; back up and restore the box");
        Action check = new Action("check", "report every problem of a configuration file", ConfigCommand::check);
        Action show =
                new Action("show", "print the effective configuration and where it comes from", ConfigCommand::show);
        for (Action action : List.of(check, show)) {
            action.spec.addOption(OptionSpec.builder("--json")
                    .description("as JSON, for programs")
                    .build());
            action.argument("FILE", "the configuration file (default: " + STANDARD_FILE + ")");
        }
        Action explain =
                new Action("explain", "tell what a directive does; without a name, list all", ConfigCommand::explain);
        explain.argument("DIRECTIVE", "its name, in any case");
        Action firewall = new Action(
                "firewall", "print a ruleset for nft -f, made from ports and allow list", ConfigCommand::firewall);
        firewall.argument("FILE", "the configuration file (default: " + STANDARD_FILE + ")");
        Action sample = new Action("sample", "print a commented configuration file", ConfigCommand::sample);
        for (Action action : List.of(check, show, explain, firewall, sample)) {
            config.addSubcommand(action.spec.name(), action.spec);
        }
        config.addSubcommand("backup", new BackupCommand().spec());
        config.addSubcommand("restore", new RestoreCommand().spec());
        return config;
    }

    /** One sub-command. */
    private static final class Action implements Callable<Integer> {
        private final CommandSpec spec;
        private final Work work;

        Action(String name, String summary, Work work) {
            this.work = work;
            spec = CommandSpec.wrapWithoutInspection(this).name(name);
            spec.addOption(Options.help());
            spec.usageMessage().description(summary);
        }

        void argument(String label, String description) {
            spec.addPositional(PositionalParamSpec.builder()
                    .paramLabel(label)
                    .arity("0..1")
                    .type(String.class)
                    .description(description)
                    .build());
        }

        Optional<String> argument() {
            return spec.positionalParameters().stream()
                    .findFirst()
                    .flatMap(argument -> Optional.ofNullable(argument.<String>getValue()));
        }

        boolean wantsJson() {
            return spec.commandLine().getParseResult().hasMatchedOption("--json");
        }

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        PrintWriter err() {
            return spec.commandLine().getErr();
        }

        @Override
        public Integer call() {
            int code = work.run(this);
            out().flush();
            err().flush();
            return code;
        }
    }

    /** What a sub-command does; returns its exit code. */
    private interface Work {
        int run(Action action);
    }

    private static int check(Action action) {
        String file = action.argument().orElse(STANDARD_FILE);
        ConfigReading reading = read(file);
        if (action.wantsJson()) {
            action.out().println(problemsAsJson(file, reading));
        } else {
            reading.problems().forEach(action.out()::println);
            action.out().println(file + ": " + verdict(reading.problems()));
        }
        return code(reading);
    }

    private static int show(Action action) {
        ConfigReading reading = read(action.argument().orElse(STANDARD_FILE));
        if (!action.wantsJson() || reading instanceof ConfigReading.Refused) {
            reading.problems().forEach(action.err()::println);
        }
        if (reading instanceof ConfigReading.Accepted accepted) {
            if (action.wantsJson()) {
                action.out().println(settingsAsJson(accepted));
            } else {
                accepted.settings()
                        .forEach(setting -> action.out().printf("# %s%n%s%n", setting.origin(), setting.text()));
            }
        }
        return code(reading);
    }

    private static int explain(Action action) {
        Optional<String> name = action.argument();
        if (name.isEmpty()) {
            action.out().print(Explanation.ofAll());
            return ExitCode.OK;
        }
        Optional<Directive> directive = Directives.named(name.get());
        if (directive.isEmpty()) {
            action.err()
                    .println("noonmark: no directive '" + name.get() + "': " + Directives.cureForUnknown(name.get()));
            return ExitCode.USAGE;
        }
        action.out().print(Explanation.of(directive.get()));
        return ExitCode.OK;
    }

    private static int firewall(Action action) {
        ConfigReading reading = read(action.argument().orElse(STANDARD_FILE));
        reading.problems().stream().filter(Problem::isError).forEach(action.err()::println);
        if (reading instanceof ConfigReading.Accepted accepted) {
            action.out().print(FirewallSetup.text(accepted.config()));
        }
        return code(reading);
    }

    private static int sample(Action action) {
        action.out().print(SampleConfig.text());
        return ExitCode.OK;
    }

    private static ConfigReading read(String file) {
        return new ConfigReader(new DiskConfigFiles()).read(file);
    }

    private static int code(ConfigReading reading) {
        return reading instanceof ConfigReading.Accepted ? ExitCode.OK : ExitCode.CONFIGURATION;
    }

    private static String verdict(List<Problem> problems) {
        long errors = problems.stream().filter(Problem::isError).count();
        long warnings = problems.size() - errors;
        if (problems.isEmpty()) {
            return "no problems";
        }
        return counted(errors, "error") + ", " + counted(warnings, "warning");
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String problemsAsJson(String file, ConfigReading reading) {
        JsonWriter json = new JsonWriter().beginObject();
        json.field("file", file);
        json.field("usable", reading instanceof ConfigReading.Accepted);
        json.beginArray("problems");
        for (Problem problem : reading.problems()) {
            json.beginObject();
            json.field("severity", problem.isError() ? "error" : "warning");
            json.field("file", problem.file());
            json.field("line", problem.line());
            json.field("directive", problem.directive());
            json.field("value", problem.value());
            json.field("fault", problem.fault());
            json.field("cure", problem.cure());
            json.endObject();
        }
        return json.endArray().endObject().toString();
    }

    private static String settingsAsJson(ConfigReading.Accepted accepted) {
        JsonWriter json = new JsonWriter().beginObject().beginArray("settings");
        for (Setting setting : accepted.settings()) {
            json.beginObject();
            json.field("text", setting.text());
            json.field("origin", setting.origin());
            json.endObject();
        }
        return json.endArray().endObject().toString();
    }
}
