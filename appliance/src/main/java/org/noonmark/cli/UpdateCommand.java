package org.noonmark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code noonmark update FILE|URL} and {@code noonmark update status}: a signed bundle becomes the next system of this box. The work is that of a
 * script of the image, which also runs where no JVM should; a machine that has no such script is none that updates itself, and ends with
 * {@link ExitCode#UNAVAILABLE}.
 */
final class UpdateCommand implements Callable<Integer> {
    private static final String WITHOUT_LOCK = "--without-lock";

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("update");
    private final Options options = new Options(spec);
    private final PositionalParamSpec source = PositionalParamSpec.builder()
            .paramLabel("FILE|URL")
            .arity("0..1")
            .type(String.class)
            .description("a bundle (*.raucb), here or at an http(s) address")
            .build();
    private final Path script;

    UpdateCommand() {
        this(Path.of("/usr/lib/noonmark/update"));
    }

    /** @param script the image's */
    UpdateCommand(Path script) {
        this.script = script;
        spec.usageMessage()
                .description(
                        "replace the system by a signed bundle; the old one comes back unless the new one reaches lock");
        spec.addPositional(source);
        options.flag(WITHOUT_LOCK, "keep the new system when its daemon answers: for a box without antenna");
        spec.addSubcommand("status", new Status().spec);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<String> bundle = Optional.ofNullable(source.getValue());
        if (bundle.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "update: which file or address? 'update status' tells how it stands");
        }
        List<String> words = new ArrayList<>(List.of("install", bundle.get()));
        if (options.isOn(WITHOUT_LOCK)) {
            words.add(WITHOUT_LOCK);
        }
        return run(words);
    }

    private int run(List<String> words) throws IOException, InterruptedException {
        if (!Files.isExecutable(script)) {
            throw new IOException(
                    "this machine has no " + script + ": updates are for a box that runs the project's image");
        }
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(words);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** How the last update ended. */
    private final class Status implements Callable<Integer> {
        private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("status");
        private final OptionSpec json = OptionSpec.builder("--json")
                .type(boolean.class)
                .description("as JSON, for programs")
                .build();

        Status() {
            spec.addOption(Options.help());
            spec.addOption(json);
            spec.usageMessage().description("which slot runs, what is in the other, how the last update ended");
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            return run(Boolean.TRUE.equals(json.getValue()) ? List.of("status", "--json") : List.of("status"));
        }
    }
}
