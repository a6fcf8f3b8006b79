package org.noonmark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.noonmark.app.DataPartition;
import org.noonmark.backup.Backup;
import org.noonmark.backup.KeptFile;
import org.noonmark.backup.SealedBackup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code noonmark config backup FILE}: settings, keys and certificates of this box as one file that a passphrase opens. */
final class BackupCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("backup");
    private final Options options = new Options(spec);
    private final Box box = new Box(options);
    private final Passphrase passphrase = new Passphrase(spec, options);

    BackupCommand() {
        spec.usageMessage().description("write settings, keys and certificates to one file, sealed with a passphrase");
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("FILE")
                .arity("1")
                .type(String.class)
                .description("where to; - is standard output")
                .build());
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws IOException {
        String target = spec.positionalParameters().getFirst().getValue();
        boolean toOutput = target.equals(STANDARD_OUTPUT);
        if (toOutput && Terminal.isTerminal(Terminal.OUTPUT)) {
            throw new ParameterException(
                    spec.commandLine(), "A backup is not for a screen: name a file, or send it on with '>' or '|'");
        }
        Backup backup = box.partition().read(Instant.now());
        byte[] sealed = SealedBackup.seal(backup, passphrase.chosen(), new SecureRandom());
        if (toOutput) {
            System.out.write(sealed);
            System.out.flush();
        } else {
            DataPartition.write(Path.of(target), sealed);
        }
        // Standard output may be the backup.
        PrintWriter err = spec.commandLine().getErr();
        long files = backup.files().stream()
                .filter(file -> file.kind() != KeptFile.Kind.DIRECTORY)
                .count();
        err.println((toOutput ? "backup" : target) + ": " + files + " files of " + backup.host() + ", " + sealed.length
                + " bytes. Without the passphrase nobody can open it, you neither.");
        if (!toOutput && DataPartition.isInMemory(Path.of(target))) {
            err.println(
                    "It lies in memory and is gone at the next start: copy it to another machine now, or name a file in /data.");
        }
        err.println(
                "Not in it, since they belong to this board: the machine's id and what was learned of its crystal; nor log files.");
        err.flush();
        return ExitCode.OK;
    }
}
