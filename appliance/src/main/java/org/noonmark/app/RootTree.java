package org.noonmark.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.noonmark.provisioning.firstboot.BootFolder;
import org.noonmark.provisioning.firstboot.Host;
import org.noonmark.provisioning.firstboot.RawFile;
import org.noonmark.provisioning.firstboot.State;
import org.noonmark.provisioning.firstboot.Step;

/**
 * The machine as directories: the boot partition, the data partition and the root, whose {@code /etc} is a copy in RAM that is made anew
 * from the data partition's at each start. So every file is written to both. Each write is whole or not at all, and on the card when it
 * returns. One thread.
 */
public final class RootTree implements Host {
    private static final Set<PosixFilePermission> FOR_ALL = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> FOR_ROOT = PosixFilePermissions.fromString("rw-------");
    private static final String UNFINISHED = ".noonmark-unfinished";
    /** Without a dot: FAT makes a long name of that, which costs a second entry. */
    private static final String UNFINISHED_ON_BOOT = "noonmark.new";

    private final Path boot;
    private final Path data;
    private final Path root;
    private final LocalDate today;
    private final boolean live;

    /** The running machine if {@code root} is {@code /}: only then mounts, units and the host name are touched. */
    public RootTree(Path boot, Path data, Path root, LocalDate today) {
        this.boot = boot;
        this.data = data;
        this.root = root;
        this.today = today;
        live = root.toAbsolutePath().normalize().equals(Path.of("/"));
    }

    @Override
    public BootFolder bootFolder() throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(boot)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        }
        Map<String, RawFile> files = new HashMap<>();
        for (String name : BootFolder.READ) {
            Path file = onBoot(names, name);
            if (Files.isRegularFile(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    files.put(name, RawFile.of(in.readNBytes(BootFolder.READ_BYTES)));
                }
            }
        }
        return new BootFolder(names, files);
    }

    /** The entry of that name; FAT keeps capitals but does not tell them from small letters. */
    private Path onBoot(Set<String> names, String name) {
        String entry = names.contains(name)
                ? name
                : names.stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
        return boot.resolve(entry);
    }

    @Override
    public State state() throws IOException {
        Map<String, String> kept = new HashMap<>();
        for (String path : State.KEPT) {
            text(data.resolve(path)).ifPresent(text -> kept.put(path, text));
        }
        Path zones = root.resolve("usr/share/zoneinfo");
        String build = text(root.resolve("usr/lib/noonmark/build-info")).orElse("");
        return new State(
                today,
                keepsData(),
                kept,
                zone -> !Files.isDirectory(zones) || Files.exists(zones.resolve(zone)),
                build,
                mended());
    }

    /** Lines of a word on what was done, a tab, and the cure. */
    private List<State.Mended> mended() throws IOException {
        return text(root.resolve("run/noonmark-data/mended"))
                .orElse("")
                .lines()
                .map(line -> line.split("\t", -1))
                .filter(words -> words.length == 2)
                .map(words -> new State.Mended(words[0], words[1]))
                .toList();
    }

    private static Optional<String> text(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return Optional.of(Files.readSymbolicLink(file).toString());
        }
        // What is no file, or below what is no directory, was not written by us.
        return Files.isRegularFile(file)
                ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /** A data partition that failed to mount leaves a directory in RAM. */
    private boolean keepsData() throws IOException {
        return !live || isMounted(data);
    }

    static boolean isMounted(Path directory) throws IOException {
        String wanted = " " + directory.toAbsolutePath().normalize() + " ";
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream().anyMatch(line -> line.contains(wanted));
    }

    @Override
    public void perform(Step step) throws IOException {
        switch (step) {
            case Step.WriteFile(String path, String text, boolean secret) ->
                onBoth(base -> write(base, path, text, secret ? FOR_ROOT : FOR_ALL));
            case Step.Link(String path, String target) -> onBoth(base -> link(base, path, Path.of(target)));
            case Step.Remove(String path) ->
                onBoth(base -> {
                    if (Files.deleteIfExists(base.resolve(path))) {
                        sync(parent(base.resolve(path)));
                    }
                });
            case Step.WriteBoot(String name, RawFile content) -> writeBoot(name, content.bytes());
            case Step.SetHostname(String name) -> {
                if (live) {
                    Files.writeString(Path.of("/proc/sys/kernel/hostname"), name);
                }
            }
            case Step.StartUnit(String unit) -> {
                if (live) {
                    run("systemctl", "daemon-reload");
                    run("systemctl", "start", "--no-block", unit);
                }
            }
            case Step.Reboot() -> {
                if (live) {
                    run("systemctl", "--no-block", "reboot");
                }
            }
        }
    }

    private interface Change {
        void in(Path base) throws IOException;
    }

    /** On the data partition for later boots, and for this one in the root, also when the data partition is full or read-only. */
    private void onBoth(Change change) throws IOException {
        try {
            change.in(data);
        } finally {
            change.in(root);
        }
    }

    private static void write(Path base, String path, String text, Set<PosixFilePermission> permissions)
            throws IOException {
        Path file = base.resolve(path);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (Files.isRegularFile(file)
                && Files.getPosixFilePermissions(file).equals(permissions)
                && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return;
        }
        Path unfinished = base.resolve(UNFINISHED);
        Files.createDirectories(parent(file));
        Files.deleteIfExists(unfinished);
        // With its permissions from the first moment: a secret is never readable, not even unfinished.
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(permissions));
        Files.setPosixFilePermissions(unfinished, permissions);
        writeDurably(unfinished, bytes);
        replace(unfinished, file);
    }

    private static void link(Path base, String path, Path target) throws IOException {
        Path file = base.resolve(path);
        if (Files.isSymbolicLink(file) && Files.readSymbolicLink(file).equals(target)) {
            return;
        }
        Path unfinished = base.resolve(UNFINISHED);
        Files.createDirectories(parent(file));
        Files.deleteIfExists(unfinished);
        Files.createSymbolicLink(unfinished, target);
        replace(unfinished, file);
    }

    /** Takes a file away from the boot partition, where it may be missing. */
    void removeFromBoot(String name) throws IOException {
        Path file = onBoot(bootFolder().names(), name);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            boolean mounted = whileWritable(() -> DurableFile.remove(file));
            if (mounted) {
                dropCleanPages();
                if (Files.exists(file)) {
                    throw new IOException(file + " was removed, but the card has kept it: use a new card");
                }
            }
        }
    }

    private interface BootChange {
        void make() throws IOException;
    }

    /** Writable only for this moment: a power cut finds the partition at rest. Returns whether it is one. */
    private boolean whileWritable(BootChange change) throws IOException {
        boolean mounted = live && isMounted(boot);
        if (mounted) {
            run("mount", "-o", "remount,rw", boot.toString());
        }
        try {
            change.make();
        } finally {
            if (mounted) {
                run("mount", "-o", "remount,ro", boot.toString());
            }
        }
        return mounted;
    }

    private void writeBoot(String name, byte[] bytes) throws IOException {
        Path file = onBoot(bootFolder().names(), name);
        if (Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return;
        }
        boolean mounted = whileWritable(() -> {
            Path unfinished = boot.resolve(UNFINISHED_ON_BOOT);
            Files.deleteIfExists(unfinished);
            Files.createFile(unfinished);
            writeDurably(unfinished, bytes);
            replace(unfinished, file);
        });
        if (mounted) {
            mustBeOnCard(file, bytes);
        }
    }

    /**
     * A worn-out card takes every write and keeps none; only what is read from it anew tells. Without this, config.txt would change at
     * each boot, and each boot would end in a restart.
     */
    private static void mustBeOnCard(Path file, byte[] bytes) throws IOException {
        dropCleanPages();
        if (!Arrays.equals(Files.readAllBytes(file), bytes)) {
            throw new IOException(file + " was written, but the card has not kept it: use a new card");
        }
    }

    /** So that the next reading comes from the card. */
    private static void dropCleanPages() throws IOException {
        Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "1");
    }

    private static void writeDurably(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void replace(Path unfinished, Path file) throws IOException {
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(parent(file));
    }

    /** The name itself is in the directory, which has its own way to the card. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " has no directory");
        }
        return parent;
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + " was interrupted", e);
        }
    }
}
