package org.noonmark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.noonmark.app.DataPartition;
import org.noonmark.app.RootTree;
import org.noonmark.provisioning.Problem;
import org.noonmark.provisioning.firstboot.BootFolder;
import org.noonmark.provisioning.firstboot.FirstBoot;
import org.noonmark.provisioning.firstboot.RawFile;
import org.noonmark.provisioning.firstboot.Report;
import org.noonmark.provisioning.firstboot.SampleToml;
import org.noonmark.provisioning.firstboot.State;
import org.noonmark.provisioning.firstboot.Step;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code noonmark provision}: applies the settings of the boot partition, checks them on any computer, or prints the sample. Applying
 * ends with {@link ExitCode#OK} also when lines were refused: these are in the report; {@code --check} then ends with
 * {@link ExitCode#CONFIGURATION}.
 */
final class ProvisionCommand implements Callable<Integer> {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("provision");
    private final Options options = new Options(spec);

    ProvisionCommand() {
        spec.usageMessage().description("apply noonmark.toml of the boot partition, or check such a file");
        options.optional("--check", "FILE", Path.class, "only tell what is wrong with FILE, on any computer")
                .flag("--sample", "print the commented sample with all settings")
                .optional("--boot", "DIR", Path.class, "the boot partition, with noonmark.toml")
                .optional("--data", "DIR", Path.class, "the data partition, which keeps what is applied")
                .optional("--root", "DIR", Path.class, "the root of the system; / is this machine");
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Optional<Path> check = options.find("--check", Path.class);
        if (options.isOn("--sample")) {
            out.print(SampleToml.text());
            out.flush();
            return ExitCode.OK;
        }
        if (check.isPresent()) {
            return check(check.get(), out);
        }
        RootTree tree = new RootTree(
                directory("--boot"), directory("--data"), directory("--root"), LocalDate.now(ZoneOffset.UTC));
        DataPartition partition = new DataPartition(directory("--boot"), directory("--data"), directory("--root"));
        boolean restored = finishRestore(partition, tree);
        apply(FirstBoot.plan(partition.inForce(tree.bootFolder()), tree.state()), tree, out);
        // Otherwise this start would be noted as the last that had something to do.
        return restored ? ExitCode.OK : ExitCode.UNAVAILABLE;
    }

    /** A boot partition that cannot be written must not cost what is kept: the settings are applied, and wait for the next start. */
    private boolean finishRestore(DataPartition partition, RootTree tree) {
        try {
            partition.finishRestore(tree);
            return true;
        } catch (IOException e) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "noonmark: the settings of the backup are in force, but not on the boot partition yet, which is"
                                    + " tried again at the next start: " + e.getMessage());
            return false;
        }
    }

    private Path directory(String option) {
        return options.find(option, Path.class)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "Say --check FILE, --sample, or --boot DIR --data DIR --root DIR"));
    }

    private static int check(Path file, PrintWriter out) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UnreadableInputException(file + " cannot be read: no such file", e);
        } catch (IOException e) {
            throw new UnreadableInputException(file + " cannot be read: " + e.getMessage(), e);
        }
        String name = String.valueOf(file.getFileName());
        FirstBoot.Plan plan =
                FirstBoot.plan(BootFolder.of(name, RawFile.of(bytes)), State.fresh(LocalDate.now(ZoneOffset.UTC)));
        Colours colours = Colours.of(Terminal.isColourful());
        plan.report().problems().forEach(problem -> print(problem, file.toString(), colours, out));
        print(plan.report().inForce(), colours, out);
        out.println(colours.bold() + file + ": " + verdict(plan.report()) + colours.plain());
        out.flush();
        return plan.hasRefused() ? ExitCode.CONFIGURATION : ExitCode.OK;
    }

    private static void apply(FirstBoot.Plan plan, RootTree tree, PrintWriter out) throws IOException {
        Colours colours = Colours.of(Terminal.isColourful());
        plan.report().problems().forEach(problem -> print(problem, problem.file(), colours, out));
        print(plan.report().inForce(), colours, out);
        out.println(verdict(plan.report()));
        if (plan.steps().stream().anyMatch(Step.Reboot.class::isInstance)) {
            out.println("config.txt is changed: that is in force after a restart, since the board's firmware reads it");
        }
        out.flush();
        perform(plan.steps(), tree);
    }

    /**
     * A card that cannot be written any more must not cost the keys, addresses and name of this boot: what still can be done is.
     *
     * @throws IOException the first failure, after all of it: the next boot tries again
     */
    private static void perform(List<Step> steps, RootTree tree) throws IOException {
        IOException failure = null;
        for (Step step : steps) {
            if (failure != null && !step.mayFollowFailure()) {
                continue;
            }
            try {
                tree.perform(step);
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void print(Problem problem, String file, Colours colours, PrintWriter out) {
        String place = file + (problem.line() == 0 ? "" : ":" + problem.line()) + ": ";
        String colour = problem.isError() ? colours.refused() : colours.remark();
        out.println(place + colour + (problem.isError() ? "refused: " : "note: ") + colours.plain() + problem.fault());
        out.println("    " + problem.cure());
    }

    private static void print(List<Report.Line> lines, Colours colours, PrintWriter out) {
        lines.forEach(line -> out.printf("%s%-13s%s %s%n", colours.bold(), line.what(), colours.plain(), line.how()));
    }

    private static String verdict(Report report) {
        long refused = report.problems().stream().filter(Problem::isError).count();
        long notes = report.problems().size() - refused;
        if (report.problems().isEmpty()) {
            return "no problems";
        }
        return refused + " refused, " + notes + (notes == 1 ? " note" : " notes");
    }

    /** Escape sequences of a terminal, or nothing. */
    private record Colours(String refused, String remark, String bold, String plain) {
        static Colours of(boolean colourful) {
            return colourful
                    ? new Colours("\u001b[1;31m", "\u001b[33m", "\u001b[1m", "\u001b[0m")
                    : new Colours("", "", "", "");
        }
    }
}
