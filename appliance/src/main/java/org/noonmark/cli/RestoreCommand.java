package org.noonmark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.noonmark.app.DataPartition;
import org.noonmark.backup.Backup;
import org.noonmark.backup.KeptFile;
import org.noonmark.backup.SealedBackup;
import org.noonmark.backup.UnusableBackupException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * {@code noonmark config restore FILE}: makes this box the one of the backup, at its next start, all of it or nothing. Ends with
 * {@link ExitCode#NO_INPUT} when the file cannot be used; then nothing has changed.
 */
final class RestoreCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("restore");
    private final Options options = new Options(spec);
    private final Box box = new Box(options);
    private final Passphrase passphrase = new Passphrase(spec, options);

    RestoreCommand() {
        spec.usageMessage().description("make this box the one of a backup, at its next start");
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("FILE")
                .arity("1")
                .type(String.class)
                .description("a backup; - is standard input")
                .build());
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws IOException {
        String source = spec.positionalParameters().getFirst().getValue();
        byte[] sealed = read(source);
        Backup backup;
        try {
            backup = SealedBackup.open(sealed, passphrase.known("Passphrase of the backup: "));
        } catch (UnusableBackupException e) {
            String name = source.equals(STANDARD_INPUT) ? "the backup" : source;
            throw new UnreadableInputException(
                    name + " is not restored: " + e.getMessage() + ". Nothing has changed.", e);
        }
        DataPartition partition = box.partition();
        List<String> told = differences(backup, partition);
        partition.replaceAtNextStart(backup);
        PrintWriter out = spec.commandLine().getOut();
        out.println("The backup of " + backup.host() + ", made " + backup.made() + " by version " + backup.version()
                + ", is in force from the next start on: sudo reboot");
        told.forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }

    private static byte[] read(String source) throws IOException {
        try {
            if (source.equals(STANDARD_INPUT)) {
                return System.in.readNBytes(SealedBackup.MOST_BYTES + 1);
            }
            try (var in = Files.newInputStream(Path.of(source))) {
                return in.readNBytes(SealedBackup.MOST_BYTES + 1);
            }
        } catch (NoSuchFileException e) {
            throw new UnreadableInputException(source + " cannot be read: no such file", e);
        } catch (IOException e) {
            throw new UnreadableInputException(source + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What another box, or this one under another name, will be. */
    private static List<String> differences(Backup backup, DataPartition here) throws IOException {
        List<String> told = new ArrayList<>();
        boolean other = !backup.board().isEmpty()
                && !here.board().isEmpty()
                && !backup.board().equals(here.board());
        if (other) {
            told.add("It is of another board (" + backup.board() + ", this one is " + here.board()
                    + "): switch that one off, or two answer to one name with the same keys.");
        }
        if (!backup.host().equals(here.host())) {
            told.add("The name changes from " + here.host() + " to " + backup.host() + ".");
        }
        backup.file("etc/systemd/network/10-noonmark-wired.network").stream()
                .flatMap(file -> file.text().lines())
                .filter(line -> line.startsWith("Address="))
                .forEach(line -> told.add("The address becomes " + line.substring("Address=".length())
                        + ", which the backup sets by hand."));
        if (backup.file("state/nts/authority.pem").isPresent()) {
            told.add(
                    "NTS: the authority comes back, so clients go on trusting this box; its certificate is issued anew where name or"
                            + " addresses differ.");
        }
        if (backup.files().stream().map(KeptFile::path).anyMatch(path -> path.startsWith("etc/ssh/ssh_host_"))) {
            told.add("SSH: the host key comes back; where this box had another, ssh warns of it once.");
        }
        return told;
    }
}
