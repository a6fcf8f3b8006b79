package org.noonmark.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Clients by others, unpacked and never installed: chronyd and NTPsec of this machine's Debian, chronyd, ntpd-rs and systemd-timesyncd of
 * trixie. None can touch a clock: chronyd is told not to (-x), the others lack CAP_SYS_TIME and have a clock that stands still.
 */
final class NtsPeers {
    private static final Path TIMESYNCD = Path.of("src", "main", "peers", "timesyncd.sh");
    private static final Path STILL_CLOCK = Path.of("src", "main", "c", "still-clock", "still-clock.c");

    private final Path host;
    private final Path later;
    private final Path rust;
    private final Path systemd;
    private final Path stillClock;

    private NtsPeers(Path host, Path later, Path rust, Path systemd, Path stillClock) {
        this.host = host;
        this.later = later;
        this.rust = rust;
        this.systemd = systemd;
        this.stillClock = stillClock;
    }

    /** Unpacks and builds what is not there yet. */
    static NtsPeers unpacked(Path folder) throws IOException {
        Peers.unpacked();
        Path still = folder.resolve("still-clock.so");
        Peers.Output.require("gcc", "-O1", "-shared", "-fPIC", "-o", still.toString(), STILL_CLOCK.toString());
        return new NtsPeers(
                CacheFolder.path().resolve("peers"),
                LaterDebian.unpacked("chrony", "chrony", "libgcc-s1"),
                LaterDebian.unpacked("ntpd-rs", "ntpd-rs", "libgcc-s1"),
                LaterDebian.unpacked("timesyncd", "systemd-timesyncd", "libgcc-s1"),
                still);
    }

    /** chronyd of this machine's Debian; {@code -x}: it leaves the clock alone. */
    ProcessBuilder chronyd(List<String> prefix, String... arguments) {
        return withHostLibraries(prefix, List.of(), "usr/sbin/chronyd", arguments);
    }

    /** chronyd of trixie. */
    ProcessBuilder laterChronyd(List<String> prefix, String... arguments) throws IOException {
        return linked(prefix, later, List.of(), "usr/sbin/chronyd", arguments);
    }

    /** A report of a {@link #laterChronyd}, asked at its command socket. */
    Peers.Output laterChronyc(Path commandSocket, String report) throws IOException {
        return Peers.Output.of(
                linked(List.of(), later, List.of(), "usr/bin/chronyc", "-n", "-h", commandSocket.toString(), report));
    }

    /** NTPsec's ntpd of this machine's Debian. */
    ProcessBuilder ntpsec(List<String> prefix, String... arguments) {
        ProcessBuilder builder = withHostLibraries(prefix, powerless(), "usr/sbin/ntpd", arguments);
        builder.environment().put("LD_PRELOAD", stillClock.toString());
        return builder;
    }

    /** ntpd-rs of trixie. */
    ProcessBuilder ntpdRs(List<String> prefix, String... arguments) throws IOException {
        return linked(prefix, rust, List.of("--preload", stillClock.toString()), "usr/bin/ntp-daemon", arguments);
    }

    /** systemd-timesyncd of trixie, which asks these servers, the first that answers, at port 123. */
    ProcessBuilder timesyncd(List<String> prefix, String... servers) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                "unshare",
                "--mount",
                TIMESYNCD.toAbsolutePath().toString(),
                systemd.toString(),
                stillClock.toString()));
        command.addAll(List.of(servers));
        return new ProcessBuilder(command);
    }

    private static List<String> powerless() {
        return List.of("setpriv", "--bounding-set", "-sys_time", "--inh-caps", "-sys_time");
    }

    private ProcessBuilder withHostLibraries(
            List<String> prefix, List<String> before, String program, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(before);
        command.add(host.resolve(program).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("LD_LIBRARY_PATH", libraries(host).toString());
        return builder;
    }

    /** By the program's own dynamic linker: this machine's C library may be older. */
    static ProcessBuilder linked(
            List<String> prefix, Path root, List<String> options, String program, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(powerless());
        command.add(linker(root).toString());
        command.addAll(options);
        command.addAll(List.of(
                "--library-path",
                libraries(root).toString(),
                root.resolve(program).toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static Path linker(Path root) throws IOException {
        for (String folder : List.of("usr/lib64", "usr/lib")) {
            if (Files.isDirectory(root.resolve(folder))) {
                try (Stream<Path> files = Files.list(root.resolve(folder))) {
                    var found = files.filter(
                                    file -> String.valueOf(file.getFileName()).startsWith("ld-linux-"))
                            .findFirst();
                    if (found.isPresent()) {
                        return found.get();
                    }
                }
            }
        }
        throw new IOException("no dynamic linker in " + root);
    }

    private static Path libraries(Path root) {
        return root.resolve("usr/lib")
                .resolve(System.getProperty("os.arch").equals("aarch64") ? "aarch64-linux-gnu" : "x86_64-linux-gnu");
    }
}
