package org.noonmark.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Debian's NTP programs, unpacked and never installed: installing one would start a daemon that sets this machine's clock. Kept below
 * the user's cache from one run to the next.
 */
final class Peers {
    private static final List<String> PACKAGES = List.of(
            "chrony",
            "ntpsec",
            "ntpsec-ntpdig",
            "python3-ntp",
            "libbsd0",
            "libmd0",
            "libnettle8|libnettle8t64",
            "libseccomp2",
            "libtomcrypt1",
            "libtommath1");

    /** Types of keys that Debian's chronyd has. */
    static final int KEY_TYPES = 11;

    /** A file of keys, one of each type, numbered from 1. */
    static final String KEYS = """
            1 MD5 HEX:0123456789abcdef0123456789abcdef01234567
            2 SHA1 HEX:0123456789abcdef0123456789abcdef01234567
            3 SHA256 HEX:0123456789abcdef0123456789abcdef01234567
            4 SHA384 ASCII:0123456789abcdef
            5 AES128 HEX:0123456789abcdef0123456789abcdef
            6 AES256 HEX:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
            7 SHA512 0123456789abcdef
            8 SHA3-224 HEX:0123456789abcdef0123456789abcdef
            9 SHA3-256 HEX:0123456789abcdef0123456789abcdef
            10 SHA3-384 HEX:0123456789abcdef0123456789abcdef
            11 SHA3-512 HEX:0123456789abcdef0123456789abcdef
            """;

    private final Path root;

    private Peers(Path root) {
        this.root = root;
    }

    /** Unpacks what is not there yet; needs apt-get and dpkg (Debian) and its package lists. */
    static Peers unpacked() {
        Path root = CacheFolder.path().resolve("peers");
        try {
            if (!Files.isExecutable(root.resolve("usr/sbin/chronyd"))
                    || !Files.exists(root.resolve("usr/bin/ntpdig"))) {
                Path downloads = Files.createDirectories(root.resolve("deb"));
                for (String names : PACKAGES) {
                    unpack(names, downloads, root);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Peers(root);
    }

    private static void unpack(String alternatives, Path downloads, Path root) throws IOException {
        Output last = new Output(1, "");
        for (String name : alternatives.split("\\|", -1)) {
            last = Output.of(new ProcessBuilder("apt-get", "-q", "download", name).directory(downloads.toFile()));
            if (last.exitCode() == 0) {
                break;
            }
        }
        if (last.exitCode() != 0) {
            throw new IOException(
                    "apt-get download " + alternatives + " failed; run apt-get update first:\n" + last.text());
        }
        try (var files = Files.list(downloads)) {
            for (Path file : files.toList()) {
                Output.require("dpkg", "-x", file.toString(), root.toString());
                Files.delete(file);
            }
        }
    }

    /** A one-shot measurement by chronyd, which never touches the clock ({@code -Q}) and gives up after {@code limit}; directives as in
     * chrony.conf. */
    Output chronyd(List<String> prefix, Duration limit, String... directives) {
        return chronyd(prefix, "-Q", limit, directives);
    }

    /** The same, which goes on asking until {@code limit} and never touches the clock either ({@code -x}). */
    Output askingChronyd(List<String> prefix, Duration limit, String... directives) {
        return chronyd(prefix, "-dx", limit, directives);
    }

    private Output chronyd(List<String> prefix, String manner, Duration limit, String... directives) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                root.resolve("usr/sbin/chronyd").toString(),
                manner,
                "-U",
                "-u",
                System.getProperty("user.name"),
                "-t",
                Long.toString(limit.toSeconds())));
        command.addAll(List.of(directives));
        return run(command);
    }

    /**
     * Starts a chronyd that goes on until it is ended and never touches the clock ({@code -x}); directives as in chrony.conf, and where
     * it is to be asked by {@link #chronyc}.
     */
    Process startChronyd(Path commandSocket, String... directives) throws IOException {
        return startChronyd(List.of(), commandSocket, directives);
    }

    /** The same, with {@code prefix} before the command. */
    Process startChronyd(List<String> prefix, Path commandSocket, String... directives) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                root.resolve("usr/sbin/chronyd").toString(), "-dx", "-U", "-u", System.getProperty("user.name")));
        command.addAll(List.of(directives));
        command.addAll(List.of("bindcmdaddress " + commandSocket, "cmdport 0", "pidfile " + commandSocket + ".pid"));
        return withLibraries(new ProcessBuilder(command))
                .redirectErrorStream(true)
                .redirectOutput(Path.of(commandSocket + ".log").toFile())
                .start();
    }

    /** A report of such a chronyd, addresses as figures. */
    Output chronyc(Path commandSocket, String... report) {
        List<String> command = new ArrayList<>(
                List.of(root.resolve("usr/bin/chronyc").toString(), "-n", "-h", commandSocket.toString()));
        command.addAll(List.of(report));
        return run(command);
    }

    /** NTPsec's one-shot client, which knows only port 123; {@code options} such as {@code -a 5 -k FILE} for a key. */
    Output ntpdig(List<String> prefix, String server, String... options) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(
                List.of("/usr/bin/python3", root.resolve("usr/bin/ntpdig").toString(), "-t", "5"));
        command.addAll(List.of(options));
        command.add(server);
        return run(command);
    }

    private Output run(List<String> command) {
        return Output.of(withLibraries(new ProcessBuilder(command)));
    }

    private ProcessBuilder withLibraries(ProcessBuilder builder) {
        Map<String, String> environment = builder.environment();
        Path libraries = root.resolve("usr/lib")
                .resolve(System.getProperty("os.arch").equals("aarch64") ? "aarch64-linux-gnu" : "x86_64-linux-gnu");
        environment.put("LD_LIBRARY_PATH", libraries + ":" + libraries.resolve("ntp"));
        environment.put(
                "PYTHONPATH", root.resolve("usr/lib/python3/dist-packages").toString());
        return builder;
    }

    /**
     * What a program printed, both streams together.
     *
     * @param exitCode as the program ended; -1 when it had to be ended after five minutes
     */
    record Output(int exitCode, String text) {
        // Far more than any takes; the most have packages to fetch and unpack.
        private static final Duration LIMIT = Duration.ofMinutes(5);

        /**
         * Runs a command whose output is of no interest.
         *
         * @throws IOException when it fails: with what it printed
         */
        static void require(String... command) throws IOException {
            Output output = of(new ProcessBuilder(command));
            if (output.exitCode() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output.text());
            }
        }

        static Output of(ProcessBuilder builder) {
            try {
                Path file = Files.createTempFile("noonmark-rig", ".out");
                Process process = builder.redirectErrorStream(true)
                        .redirectOutput(file.toFile())
                        .start();
                boolean ended = process.waitFor(LIMIT);
                if (!ended) {
                    process.destroyForcibly();
                }
                String text = Files.readString(file);
                Files.delete(file);
                return new Output(ended ? process.exitValue() : -1, text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + builder.command(), e);
            }
        }
    }
}
