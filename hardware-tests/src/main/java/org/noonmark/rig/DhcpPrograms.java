package org.noonmark.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** DHCP servers and clients of Debian 13, each run in a root directory of its own kind, as they look for their files at fixed places. */
final class DhcpPrograms {
    private static final Path USES = Path.of("src", "main", "peers", "dhcp-uses.sh");
    /** Of clients, and what their scripts call. */
    private static final List<String> CLIENTS = List.of(
            "isc-dhcp-client",
            "dhcpcd-base",
            "udhcpc",
            "systemd",
            "libgcc-s1",
            "iproute2",
            "dash",
            "coreutils",
            "sed",
            "grep",
            "mawk");

    private final Path root;
    private final Path timesyncd;
    private final Path work;

    private DhcpPrograms(Path root, Path timesyncd, Path work) {
        this.root = root;
        this.timesyncd = timesyncd;
        this.work = work;
    }

    /** Unpacks them where they are not yet; needs root for chroot(2). */
    static DhcpPrograms unpacked() throws IOException {
        // Debian has chrony and timesyncd exclude each other.
        Path root = unpacked(
                "dhcp-chrony", "dnsmasq-base", "kea-dhcp4-server", "kea-dhcp6-server", "isc-dhcp-server", "chrony");
        Path timesyncd = unpacked("dhcp-timesyncd", "systemd-timesyncd");
        for (String folder : List.of("bin", "sbin", "lib", "lib64")) {
            // There from an earlier run, or in none of these packages.
            if (!Files.exists(root.resolve(folder)) && Files.isDirectory(root.resolve("usr", folder))) {
                Files.createSymbolicLink(root.resolve(folder), Path.of("usr", folder));
            }
        }
        for (String folder : List.of("run/dhcpcd", "var/lib/kea", "var/lib/dhcpcd", "var/lib/dhcp")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.writeString(root.resolve("etc", "passwd"), "root:x:0:0::/:/bin/sh\ndhcpcd:x:100:100::/:/bin/sh\n");
        Files.writeString(root.resolve("etc", "group"), "root:x:0:\ndhcpcd:x:100:\n");
        return new DhcpPrograms(root, timesyncd, Files.createTempDirectory(root.resolve("tmp"), "rig"));
    }

    private static Path unpacked(String name, String... packages) throws IOException {
        List<String> all = new ArrayList<>(CLIENTS);
        all.addAll(List.of(packages));
        return LaterDebian.unpacked(name, all.toArray(String[]::new));
    }

    /** What clients of NTP make of a DHCP client's time servers, as {@code dhcp-uses.sh} says it; {@code arguments} are that script's. */
    Peers.Output uses(Namespace namespace, List<String> arguments) {
        List<String> whole = new ArrayList<>(List.of(USES.toAbsolutePath().toString(), root + ":" + timesyncd));
        whole.addAll(arguments);
        return Peers.Output.of(namespace.inside(whole));
    }

    /** Writes a file for them. Its path as they see it. */
    String file(String name, String text) throws IOException {
        Files.writeString(work.resolve(name), text);
        return inside(name);
    }

    /** The script for a client, which appends the environment it is called with to the file {@code leases}. */
    String script(String name, String leases) throws IOException {
        String path = file(name, """
                        #!/bin/busybox sh
                        { echo "reason=$1$reason"; /bin/busybox env; } >> %s
                        """.formatted(inside(leases)));
        if (!work.resolve(name).toFile().setExecutable(true, false)) {
            throw new IOException(work.resolve(name) + " cannot be made executable");
        }
        return path;
    }

    /** What such a file holds; empty while it is not there. */
    String text(String name) throws IOException {
        return Files.exists(work.resolve(name)) ? Files.readString(work.resolve(name)) : "";
    }

    /** A path for a file that they make. */
    String inside(String name) {
        return "/" + root.relativize(work.resolve(name));
    }

    /** A program with its arguments; its output goes to the file {@code log}. */
    ProcessBuilder program(Namespace namespace, String log, List<String> command) {
        List<String> whole = new ArrayList<>(List.of("chroot", root.toString()));
        whole.addAll(command);
        ProcessBuilder builder = namespace.inside(whole).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        builder.environment().put("KEA_LOCKFILE_DIR", "none");
        builder.environment().put("KEA_PIDFILE_DIR", inside("."));
        return builder.redirectOutput(work.resolve(log).toFile());
    }

    /** Removes what was written. */
    void clear() throws IOException {
        try (var files = Files.list(work)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(work);
    }
}
