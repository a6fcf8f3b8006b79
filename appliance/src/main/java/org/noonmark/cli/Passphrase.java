package org.noonmark.cli;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.noonmark.backup.SealedBackup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A passphrase from a file, or from a person at the terminal, who does not see it typed; standard input and output may be files. */
final class Passphrase {
    private static final String OPTION = "--passphrase-file";
    private static final File TERMINAL = new File("/dev/tty");
    private static final int MOST_BYTES = 4_096;

    private final CommandSpec spec;
    private final Options options;

    Passphrase(CommandSpec spec, Options options) {
        this.spec = spec;
        this.options = options;
        options.optional(OPTION, "FILE", Path.class, "the passphrase is its first line, in place of one that is typed");
    }

    /** For a new backup: typed twice, and not too short. */
    char[] chosen() throws IOException {
        char[] first = known("Passphrase for the backup: ");
        if (first.length < SealedBackup.LEAST_PASSPHRASE) {
            throw new ParameterException(
                    spec.commandLine(),
                    "The passphrase has " + first.length + " characters; take " + SealedBackup.LEAST_PASSPHRASE
                            + " or more, such as four words");
        }
        if (file().isEmpty() && !Arrays.equals(first, typed("The same again: "))) {
            throw new ParameterException(
                    spec.commandLine(), "The two are not the same: nothing was written; try again");
        }
        return first;
    }

    /** Of a backup that is there. */
    char[] known(String question) throws IOException {
        Optional<Path> file = file();
        return file.isPresent() ? firstLine(file.get()) : typed(question);
    }

    private Optional<Path> file() {
        return options.find(OPTION, Path.class);
    }

    private static char[] firstLine(Path file) throws IOException {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.lines().findFirst().orElse("").toCharArray();
        } catch (IOException e) {
            throw new UnreadableInputException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private char[] typed(String question) throws IOException {
        String was = echo("-g")
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "Nobody is at a terminal to type the passphrase: say " + OPTION + " FILE"));
        // Somebody who gives up sees again what is typed.
        Thread restore = new Thread(() -> restore(was), "terminal");
        Runtime.getRuntime().addShutdownHook(restore);
        try (OutputStream out = new FileOutputStream(TERMINAL);
                InputStream in = new FileInputStream(TERMINAL)) {
            out.write(question.getBytes(StandardCharsets.UTF_8));
            echo("-echo");
            byte[] line = new byte[MOST_BYTES];
            int length = 0;
            for (int read = in.read(); read >= 0 && read != '\n' && length < MOST_BYTES; read = in.read()) {
                line[length] = (byte) read;
                length++;
            }
            out.write('\n');
            return new String(line, 0, length, StandardCharsets.UTF_8).toCharArray();
        } finally {
            Runtime.getRuntime().removeShutdownHook(restore);
            restore(was);
        }
    }

    private static void restore(String was) {
        try {
            echo(was);
        } catch (IOException e) {
            // The terminal has gone.
        }
    }

    /** What stty(1) says of the terminal; empty where there is none. */
    private static Optional<String> echo(String argument) throws IOException {
        if (!TERMINAL.canRead()) {
            return Optional.empty();
        }
        try {
            Process stty = new ProcessBuilder("stty", argument)
                    .redirectInput(TERMINAL)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return stty.waitFor() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
