package org.noonmark.cli;

import java.nio.file.Path;
import org.noonmark.control.ControlClient;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** The options that stand before any command. */
record GlobalOptions(Path control) {
    private static final String CONTROL = "--control";

    /** Adds them to the top-level command; its sub-commands inherit them. */
    static void addTo(CommandSpec top) {
        top.addOption(OptionSpec.builder(CONTROL)
                .paramLabel("SOCKET")
                .type(Path.class)
                .defaultValue("${env:NOONMARK_CONTROL:-/run/noonmark/control.sock}")
                .description("the daemon's control socket (default: $NOONMARK_CONTROL or /run/noonmark/control.sock)")
                .scopeType(ScopeType.INHERIT)
                .build());
    }

    /** What was said on the command line to which {@code command} belongs. */
    static GlobalOptions of(CommandSpec command) {
        return new GlobalOptions(command.root().findOption(CONTROL).getValue());
    }

    /** Whether the socket was named, rather than left at its default. */
    static boolean isControlGiven(CommandSpec command) {
        return command.root().commandLine().getParseResult().hasMatchedOption(CONTROL)
                || command.commandLine().getParseResult().hasMatchedOption(CONTROL)
                || System.getenv("NOONMARK_CONTROL") != null;
    }

    ControlClient client() {
        return new ControlClient(control);
    }
}
