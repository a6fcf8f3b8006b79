package org.noonmark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.noonmark.app.DataPartition;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code noonmark factory-reset}: back to the first boot. Tells what goes and waits for a word; {@code --yes} is for scripts. Ends with
 * {@link ExitCode#NOT_GOOD} when nobody has agreed.
 */
final class FactoryResetCommand implements Callable<Integer> {
    private static final String WORD = "reset";

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("factory-reset");
    private final Options options = new Options(spec);
    private final Box box = new Box(options);

    FactoryResetCommand() {
        spec.usageMessage().description("forget all but noonmark.toml, and start as at the first boot");
        options.flag("--yes", "without a question, for scripts");
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws IOException {
        DataPartition partition = box.partition();
        PrintWriter out = spec.commandLine().getOut();
        out.println("Factory reset of " + partition.host());
        out.println(
                "  goes    SSH host key and machine's id; NTS authority, certificates and cookie keys: clients need the new");
        out.println(
                "          authority's certificate; the ACME account; console password; what was learned of the crystal;");
        out.println("          files of your own in /etc");
        out.println("  stays   noonmark.toml on the boot partition, which is applied again, and config.txt");
        if (partition.hasWifi()) {
            out.println(
                    "  beware  the Wi-Fi password goes too: write it into noonmark.toml again before, or this box is without Wi-Fi");
        }
        out.println(
                "'noonmark config backup /data/FILE' keeps what goes, also over the reset; a file elsewhere on this box is in memory alone.");
        out.flush();
        if (!options.isOn("--yes") && !Box.isConfirmed(spec, WORD)) {
            out.println("Nothing was done. Type '" + WORD + "' when asked at a terminal, or say --yes.");
            out.flush();
            return ExitCode.NOT_GOOD;
        }
        partition.emptyAtNextStart();
        out.println("It is done at the next start" + (box.isThisMachine() ? ", which comes now." : "."));
        out.flush();
        if (box.isThisMachine()) {
            Box.restart();
        }
        return ExitCode.OK;
    }
}
