package org.noonmark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.noonmark.app.JournalReplay;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.SyncState;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code noonmark replay}: the clock of this version decides again what a recorded one decided. */
final class ReplayCommand implements Callable<Integer> {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("replay");

    ReplayCommand() {
        spec.usageMessage()
                .description(
                        "tells this version's clock what a recorded one was told (directive 'record'), prints its states, and"
                                + " compares decision for decision")
                .exitCodeListHeading("Exit codes:%n");
        spec.usageMessage()
                .exitCodeList(new TreeMap<>(
                        Map.of("0", "all decisions as recorded", "1", "some differ", "10", "the file cannot be read")));
        spec.addOption(Options.help());
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("FILE")
                .type(Path.class)
                .arity("1")
                .description("the recording")
                .build());
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Path file = spec.positionalParameters().getFirst().getValue();
        JournalReplay.Outcome outcome = replay(file, new States(out));
        out.printf(
                Locale.ROOT,
                "%d events, %d decisions, %d of them differ from the recording%n",
                outcome.events(),
                outcome.decisions(),
                outcome.differing());
        if (outcome.cutOff()) {
            out.println("the recording ends in the middle, as after a loss of power");
        }
        if (outcome.differing() > 0) {
            out.println("first: " + outcome.firstDifference());
        }
        out.flush();
        return outcome.differing() == 0 ? ExitCode.OK : ExitCode.NOT_GOOD;
    }

    private static JournalReplay.Outcome replay(Path file, States states) throws UnreadableInputException {
        try {
            return JournalReplay.run(file, states);
        } catch (JournalReplay.UnreadableException e) {
            throw new UnreadableInputException(String.valueOf(e.getMessage()), e);
        } catch (NoSuchFileException e) {
            throw new UnreadableInputException(file + " cannot be read: no such file", e);
        } catch (IOException e) {
            throw new UnreadableInputException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A line for each change of state. */
    private static final class States implements JournalReplay.Observer {
        private final PrintWriter out;
        private @Nullable SyncState last;

        States(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void onEvent(int line, ClockStatus status) {
            if (status.state() != last) {
                last = status.state();
                out.printf(
                        Locale.ROOT,
                        "%s %s: %s (line %d)%n",
                        Instant.EPOCH.plusNanos(status.updatedNanos()).truncatedTo(ChronoUnit.MILLIS),
                        status.state().name().toLowerCase(Locale.ROOT),
                        status.why(),
                        line);
            }
        }
    }
}
