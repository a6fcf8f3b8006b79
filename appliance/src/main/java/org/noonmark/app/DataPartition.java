package org.noonmark.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.noonmark.backup.Backup;
import org.noonmark.backup.KeptFile;
import org.noonmark.provisioning.firstboot.BootFolder;
import org.noonmark.provisioning.firstboot.RawFile;
import org.noonmark.provisioning.firstboot.Step;

/**
 * What the data partition keeps, as a whole: read for a backup, and replaced by another at the next start. The other is put beside it, whole and
 * on the card, and gets its name {@value #WHOLE} last; the initramfs puts it in the place of what is there, before anything uses that. So
 * a power cut leaves all of the old or all of the new. One thread.
 */
public final class DataPartition {
    private static final String WHOLE = "next.whole";
    private static final String UNFINISHED = "next.new";
    private static final String DONE = "boot.done";
    private static final String ETC = "etc";
    private static final String STATE = "state";
    private static final int MOST_FILE_BYTES = 4 << 20;

    /**
     * What belongs to this board or this moment, not to its settings: which machine it is to the network, what was learned of its crystal, the
     * latest time; cookies that may be spent once; log files; and what was not finished.
     */
    private static final Pattern OWN = Pattern.compile("etc/machine-id"
            + "|state/(drift|drift\\.learned|clock|[0-9A-Fa-f.:]+\\.nts|.*\\.log(\\.old)?)|.*\\.(new|damaged)");

    /** What is written there is gone at the next start. */
    private static final Set<String> IN_MEMORY = Set.of("overlay", "tmpfs", "ramfs");

    private final Path boot;
    private final Path data;
    private final Path root;

    /** The running machine if {@code root} is {@code /}. */
    public DataPartition(Path boot, Path data, Path root) {
        this.boot = boot;
        this.data = data;
        this.root = root;
    }

    /** What a backup of this machine holds, and who it is. */
    public Backup read(Instant now) throws IOException {
        requireIt();
        List<KeptFile> files = new ArrayList<>();
        addWishes(now, files);
        for (String folder : List.of(ETC, STATE)) {
            for (Path path : below(data.resolve(folder))) {
                String name = data.relativize(path).toString();
                if (!OWN.matcher(name).matches()) {
                    add(path, name, files);
                }
            }
        }
        Backup backup = new Backup(
                Instant.ofEpochSecond(now.getEpochSecond()),
                host(),
                board(),
                Build.load().version(),
                files);
        if (backup.bytes().length > Backup.MOST_BYTES) {
            KeptFile largest = Collections.max(files, Comparator.comparingInt(file -> file.content().length));
            throw new IOException(
                    "what " + data + " keeps has more than 16 MiB, which no settings have; the largest file is "
                            + data.resolve(largest.path()) + ": take away what is not needed, then back up");
        }
        return backup;
    }

    /** All of the owner's files, those of Raspberry Pi Imager too: provisioning makes what is kept anew from them, and takes back the rest. */
    private void addWishes(Instant now, List<KeptFile> files) throws IOException {
        BootFolder found = new RootTree(boot, data, root, LocalDate.ofInstant(now, ZoneOffset.UTC)).bootFolder();
        if (found.names().isEmpty()) {
            throw new IOException("nothing is at " + boot
                    + ", so the boot partition with your settings is not mounted: look for its fault in the journal");
        }
        for (String name : BootFolder.WISHES) {
            RawFile wish = found.files().get(name);
            if (wish != null) {
                byte[] content = wish.bytes();
                if (content.length >= BootFolder.READ_BYTES) {
                    throw new IOException(name + " of the boot partition has more than 64 KiB, which is no setting:"
                            + " shorten it, then back up");
                }
                files.add(new KeptFile(KeptFile.Kind.FILE, KeptFile.BOOT + "/" + name, DurableFile.SECRET, content));
            }
        }
    }

    private static void add(Path path, String name, List<KeptFile> files) throws IOException {
        if (Files.isSymbolicLink(path)) {
            if (!name.startsWith(ETC + "/")) {
                throw new IOException(path + " is a link, which belongs in no backup: take it away, then back up");
            }
            byte[] target = Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8);
            files.add(kept(KeptFile.Kind.LINK, path, name, target));
        } else if (Files.isDirectory(path)) {
            files.add(kept(KeptFile.Kind.DIRECTORY, path, name, new byte[0]));
        } else if (Files.isRegularFile(path)) {
            if (Files.size(path) > MOST_FILE_BYTES) {
                throw new IOException(path + " has more than 4 MiB, which is no setting: take it away, then back up");
            }
            files.add(file(path, name));
        }
    }

    private static KeptFile file(Path path, String name) throws IOException {
        return kept(KeptFile.Kind.FILE, path, name, Files.readAllBytes(path));
    }

    private static KeptFile kept(KeptFile.Kind kind, Path path, String name, byte[] content) throws IOException {
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new KeptFile(
                kind,
                name,
                PosixFilePermissions.toString(found.permissions()),
                found.owner().getName(),
                found.group().getName(),
                content);
    }

    /** All that is there, folders before what is in them; links are not followed. */
    private static List<Path> below(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(folder)) {
            return found.sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The name of this machine. */
    public String host() throws IOException {
        Path name = root.resolve("etc/hostname");
        return Files.isRegularFile(name)
                ? Files.readString(name, StandardCharsets.ISO_8859_1).strip()
                : "";
    }

    /** The number that no other board has; empty where it has none. */
    public String board() throws IOException {
        Path serial = root.resolve("proc/device-tree/serial-number");
        return Files.isRegularFile(serial)
                ? Files.readString(serial, StandardCharsets.ISO_8859_1).replaceAll("[^0-9A-Za-z]", "")
                : "";
    }

    /** Whether there is a wireless network, whose password is on this partition alone. */
    public boolean hasWifi() {
        return Files.exists(data.resolve("etc/wpa_supplicant/wpa_supplicant-wlan0.conf"));
    }

    /** Puts {@code backup} in the place of all that is kept, at the next start; what belongs to this board stays. */
    public void replaceAtNextStart(Backup backup) throws IOException {
        Path fresh = begin();
        try {
            fill(fresh, backup);
        } catch (IOException | InvalidPathException e) {
            removeTree(fresh);
            throw new IOException(
                    data + " does not take the backup (" + e.getMessage()
                            + "): nothing has changed. Whether there is room, 'df " + data + "' shows",
                    e);
        }
    }

    private void fill(Path fresh, Backup backup) throws IOException {
        // There even if empty: then this box's own files of the boot partition go.
        Files.createDirectory(fresh.resolve(KeptFile.BOOT));
        for (String folder : List.of(ETC, STATE)) {
            for (Path path : below(data.resolve(folder))) {
                String name = data.relativize(path).toString();
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && isCarriedOver(name)) {
                    put(fresh, file(path, name));
                    Files.setLastModifiedTime(fresh.resolve(name), Files.getLastModifiedTime(path));
                }
            }
        }
        for (KeptFile file : backup.files()) {
            if (!OWN.matcher(file.path()).matches()) {
                put(fresh, file);
            }
        }
        finish(fresh);
    }

    /** Cookies are taken by the daemon that runs meanwhile, and may be spent once. */
    private static boolean isCarriedOver(String name) {
        return OWN.matcher(name).matches() && !name.matches(".*\\.(new|nts)");
    }

    /** At the next start nothing is kept any more. */
    public void emptyAtNextStart() throws IOException {
        finish(begin());
    }

    private Path begin() throws IOException {
        requireIt();
        removeTree(data.resolve(UNFINISHED));
        Path fresh = data.resolve(UNFINISHED);
        // Nobody else looks into it while its files have not got their owners.
        Files.createDirectory(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return fresh;
    }

    private void put(Path fresh, KeptFile file) throws IOException {
        Path path = fresh.resolve(file.path());
        Path folder = path.getParent();
        if (folder != null) {
            requireNoLinkAbove(fresh, file);
            Files.createDirectories(folder);
        }
        switch (file.kind()) {
            case DIRECTORY -> Files.createDirectories(path);
            case LINK -> Files.createSymbolicLink(path, Path.of(file.text()));
            case FILE -> DurableFile.replace(path, file.content(), file.permissions());
        }
        if (file.kind() == KeptFile.Kind.DIRECTORY) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(file.permissions()));
        }
        giveOwner(path, file);
    }

    /** Also what is carried over from this box could stand behind a link of the backup's. */
    private static void requireNoLinkAbove(Path fresh, KeptFile file) throws IOException {
        Path above = fresh;
        for (Path name : Path.of(file.path())) {
            if (Files.isSymbolicLink(above)) {
                throw new IOException(file.path() + " of the backup lies behind a link, which no box makes");
            }
            above = above.resolve(name);
        }
    }

    /** The daemon reads some files of root's as a member of its group. A name that this system does not know leaves the file root's. */
    private static void giveOwner(Path path, KeptFile file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributes present = view.readAttributes();
        UserPrincipalLookupService names = path.getFileSystem().getUserPrincipalLookupService();
        try {
            if (!file.group().isEmpty() && !file.group().equals(present.group().getName())) {
                view.setGroup(names.lookupPrincipalByGroupName(file.group()));
            }
        } catch (UserPrincipalNotFoundException _) {
            // Said above.
        }
        try {
            if (!file.owner().isEmpty() && !file.owner().equals(present.owner().getName())) {
                view.setOwner(names.lookupPrincipalByName(file.owner()));
            }
        } catch (UserPrincipalNotFoundException _) {
            // Said above.
        }
    }

    /** The one moment: before it all is as it was, after it the next start has the other. */
    private void finish(Path fresh) throws IOException {
        giveStateItsOwner(fresh.resolve(STATE));
        for (Path path : below(fresh)) {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                sync(path);
            }
        }
        Path whole = data.resolve(WHOLE);
        if (Files.exists(whole)) {
            // One that waits already; a cut between these two leaves what is in force.
            removeTree(whole);
        }
        Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE);
        sync(data);
    }

    /** The daemon's, as the folder in force is. */
    private void giveStateItsOwner(Path fresh) throws IOException {
        Path inForce = data.resolve(STATE);
        if (!Files.isDirectory(fresh) || !Files.isDirectory(inForce)) {
            return;
        }
        PosixFileAttributes owner = Files.readAttributes(inForce, PosixFileAttributes.class);
        for (Path path : below(fresh)) {
            PosixFileAttributeView view =
                    Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            view.setOwner(owner.owner());
            view.setGroup(owner.group());
        }
    }

    private void requireIt() throws IOException {
        boolean live = root.toAbsolutePath().normalize().equals(Path.of("/"));
        if (!Files.isDirectory(data) || (live && !RootTree.isMounted(data))) {
            throw new IOException("there is no data partition at " + data
                    + ", so nothing is kept here: on the appliance look for its fault with 'journalctl -u data.mount';"
                    + " elsewhere copy /etc/noonmark and /var/lib/noonmark");
        }
        if (!Files.isWritable(data)) {
            throw new AccessDeniedException(data.toString(), null, "its secrets are root's: say it with sudo");
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void removeTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Whether what is written to {@code file} is gone at the next start of this machine. */
    public static boolean isInMemory(Path file) throws IOException {
        return IN_MEMORY.contains(Files.getFileStore(file).type());
    }

    /** Writes a backup to {@code file}, whole or not at all, for its owner alone. */
    public static void write(Path file, byte[] sealed) throws IOException {
        try {
            DurableFile.replace(file, sealed, DurableFile.SECRET);
        } catch (IOException e) {
            throw new IOException(
                    file + " cannot be written (" + e + "): name a file in a directory that you may write", e);
        }
    }

    /**
     * What the boot partition says, or will when a restore has come to its end: until then it has the files of another box, or of no box.
     *
     * @throws IOException when what waits cannot be read; then nothing may be applied
     */
    public BootFolder inForce(BootFolder present) throws IOException {
        return isRestoreWaiting() ? present.withWishes(waiting()) : present;
    }

    private boolean isRestoreWaiting() {
        return Files.isDirectory(data.resolve(KeptFile.BOOT), LinkOption.NOFOLLOW_LINKS);
    }

    private Map<String, RawFile> waiting() throws IOException {
        Map<String, RawFile> found = new TreeMap<>();
        for (String name : BootFolder.WISHES) {
            Path file = data.resolve(KeptFile.BOOT).resolve(name);
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                found.put(name, RawFile.of(Files.readAllBytes(file)));
            }
        }
        return found;
    }

    /**
     * Ends a restore: the owner's files go to the boot partition, where only this can write them, and this once; others of their names go.
     *
     * @param tree of the same machine
     */
    public void finishRestore(RootTree tree) throws IOException {
        if (!isRestoreWaiting()) {
            return;
        }
        if (tree.bootFolder().names().isEmpty()) {
            throw new IOException("it is not mounted");
        }
        Map<String, RawFile> wishes = waiting();
        for (String name : BootFolder.WISHES) {
            RawFile wish = wishes.get(name);
            if (wish == null) {
                tree.removeFromBoot(name);
            } else {
                tree.perform(new Step.WriteBoot(name, wish));
            }
        }
        // Its name first, all at once: half of it would be taken for the wish to have no more.
        Path done = data.resolve(DONE);
        removeTree(done);
        Files.move(data.resolve(KeptFile.BOOT), done, StandardCopyOption.ATOMIC_MOVE);
        sync(data);
        removeTree(done);
    }
}
