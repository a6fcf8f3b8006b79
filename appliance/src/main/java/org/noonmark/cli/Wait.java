package org.noonmark.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.noonmark.control.Answer;
import org.noonmark.control.ControlClient;
import org.noonmark.control.NoDaemonException;
import org.noonmark.control.Request;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Waits until the time is proven, as a service that needs it would. A daemon that does not answer yet is waited for too: at boot both
 * start together.
 */
final class Wait implements Callable<Integer> {
    private static final Request QUESTION = new Request("status", List.of("--brief"));
    private static final int PAUSE_MILLIS = 1_000;

    private final CommandSpec spec;
    private final OptionSpec timeout = OptionSpec.builder("--timeout", "-t")
            .paramLabel("SECONDS")
            .type(int.class)
            .defaultValue("600")
            .description("give up after so many (default: ${DEFAULT-VALUE})")
            .build();

    Wait() {
        spec = CommandSpec.wrapWithoutInspection(this).name("wait").addOption(timeout);
        spec.addOption(Options.help());
        spec.usageMessage().description("wait until the time is proven; code 1 when it is not in time");
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        ControlClient client = GlobalOptions.of(spec).client();
        for (int left = timeout.getValue(); ; left--) {
            try {
                Answer answer = client.ask(QUESTION);
                if (answer.code() == Answer.OK) {
                    return say(spec.commandLine().getOut(), answer);
                }
                if (left <= 0) {
                    return say(spec.commandLine().getErr(), answer);
                }
            } catch (NoDaemonException e) {
                if (left <= 0) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static int say(PrintWriter printer, Answer answer) {
        printer.print(answer.text());
        printer.flush();
        return answer.code();
    }
}
