package org.noonmark.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.noonmark.doctor.MachineFacts.Disk;
import org.noonmark.provisioning.ApplianceConfig;

/** The file systems that the daemon and its owner write to. */
final class DiskProbe {
    /** Only the image has it. */
    private static final String IMAGE = "/usr/lib/noonmark/build-info";

    private static final String DATA = "/data";
    private static final String USER = "noonmark";

    private final Path root;
    private final MachineProbe.Surroundings surroundings;

    DiskProbe(Path root, MachineProbe.Surroundings surroundings) {
        this.root = root;
        this.surroundings = surroundings;
    }

    /** On the image its data partition; elsewhere the directories that the configuration names. */
    List<Disk> disks(Optional<ApplianceConfig> config) {
        Set<String> written = new LinkedHashSet<>();
        config.ifPresent(each -> {
            each.driftFile().map(drift -> parent(drift.path())).ifPresent(written::add);
            each.nts().authorityDirectory().ifPresent(written::add);
            each.logs().directory().ifPresent(written::add);
        });
        String unwritable = written.stream()
                .filter(directory -> isForbidden(inRoot(directory)))
                .findFirst()
                .orElse("");
        if (Files.exists(inRoot(IMAGE))) {
            return List.of(disk(DATA, "settings and state", unwritable));
        }
        return written.stream()
                .filter(directory -> Files.isDirectory(inRoot(directory)))
                .limit(1)
                .map(directory -> disk(directory, "state", unwritable))
                .toList();
    }

    private static String parent(String file) {
        return file.substring(0, Math.max(1, file.lastIndexOf('/')));
    }

    private Path inRoot(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    private Disk disk(String path, String purpose, String unwritable) {
        Optional<List<String>> mount = mountOf(path);
        boolean own = mount.isPresent() && mount.get().get(1).equals(path);
        boolean readOnly = mount.map(
                        fields -> List.of(fields.get(3).split(",", -1)).contains("ro"))
                .orElse(false);
        var room = surroundings.room(inRoot(path));
        return new Disk(
                path,
                purpose,
                own || !path.equals(DATA),
                readOnly,
                room.map(MachineProbe.Room::free).orElse(0L),
                room.map(MachineProbe.Room::total).orElse(0L),
                mount.map(fields -> errors(fields.getFirst())).orElse(0L),
                unwritable);
    }

    /** The line of {@code /proc/mounts} whose directory is nearest above. */
    private Optional<List<String>> mountOf(String path) {
        Optional<List<String>> nearest = Optional.empty();
        for (String line : lines(inRoot("/proc/mounts"))) {
            List<String> fields = List.of(line.split(" ", -1));
            if (fields.size() >= 4 && isBelow(path, fields.get(1))) {
                // The later of two on one directory hides the other.
                boolean nearer = nearest.isEmpty()
                        || fields.get(1).length() >= nearest.get().get(1).length();
                nearest = nearer ? Optional.of(fields) : nearest;
            }
        }
        return nearest;
    }

    private static boolean isBelow(String path, String directory) {
        return directory.equals("/") || path.equals(directory) || path.startsWith(directory + "/");
    }

    private long errors(String device) {
        String name = device.substring(device.lastIndexOf('/') + 1);
        return lines(inRoot("/sys/fs/ext4/" + name + "/errors_count")).stream()
                .filter(line -> line.matches("\\d{1,9}"))
                .mapToLong(Long::parseLong)
                .sum();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Whether the daemon's user may not write there; where there is no such user nobody can say. */
    private boolean isForbidden(Path directory) {
        List<Integer> ids = new ArrayList<>();
        for (String line : lines(inRoot("/etc/passwd"))) {
            String[] fields = line.split(":", -1);
            if (fields.length > 3 && fields[0].equals(USER) && fields[2].matches("\\d{1,9}")) {
                ids.add(Integer.parseInt(fields[2]));
            }
        }
        try {
            if (ids.isEmpty() || !Files.isDirectory(directory)) {
                return false;
            }
            boolean own = ids.contains((Integer) Files.getAttribute(directory, "unix:uid"));
            Set<PosixFilePermission> may = Files.getPosixFilePermissions(directory);
            return !(own && may.contains(PosixFilePermission.OWNER_WRITE))
                    && !may.contains(PosixFilePermission.GROUP_WRITE)
                    && !may.contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
