package org.noonmark.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.noonmark.app.DataPartition;
import picocli.CommandLine.Model.CommandSpec;

/** The machine whose settings are backed up, restored or forgotten: this one, or directories in its place. */
final class Box {
    private final Options options;

    Box(Options options) {
        this.options = options;
        options.value("--boot", "DIR", Path.class, "/boot/firmware", "the boot partition")
                .value("--data", "DIR", Path.class, "/data", "the data partition")
                .value("--root", "DIR", Path.class, "/", "the root of the system; / is this machine");
    }

    DataPartition partition() {
        return new DataPartition(options.path("--boot"), options.path("--data"), options.path("--root"));
    }

    boolean isThisMachine() {
        return options.path("--root").toAbsolutePath().normalize().equals(Path.of("/"));
    }

    /** Asks a person to type {@code word}; whether that was typed. Without a person it was not. */
    static boolean isConfirmed(CommandSpec spec, String word) throws IOException {
        if (!Terminal.isTerminal(Terminal.INPUT)) {
            return false;
        }
        spec.commandLine().getOut().print("Type '" + word + "' to do it: ");
        spec.commandLine().getOut().flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return word.equals(in.readLine());
    }

    /** Starts this machine again. */
    static void restart() throws IOException {
        new ProcessBuilder("systemctl", "--no-block", "reboot").inheritIO().start();
    }
}
