package org.noonmark.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.noonmark.provisioning.ConfigFiles;

/** Configuration files of the disk. A file is read to its end or to the limit, whatever it is; pipes and devices are not opened. */
public final class DiskConfigFiles implements ConfigFiles {
    private static final int MOST_BYTES = 1 << 20;

    @Override
    public FileText read(String path) {
        try {
            Path file = Path.of(path);
            if (Files.isDirectory(file)) {
                return new FileText.Unreadable("it is a directory");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return new FileText.Unreadable("it is a device or a pipe");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MOST_BYTES + 1);
                return bytes.length > MOST_BYTES
                        ? new FileText.Unreadable("it is larger than 1 MiB")
                        : new FileText.Text(new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (IOException | InvalidPathException e) {
            return new FileText.Unreadable(reason(e, "file"));
        }
    }

    @Override
    public Listing list(String directory) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory))) {
            List<String> names = new ArrayList<>();
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
            return new Listing.Names(List.copyOf(names));
        } catch (IOException | DirectoryIteratorException | InvalidPathException e) {
            return new Listing.Unlisted(reason(e, "directory"));
        }
    }

    @Override
    public boolean isOpenToOthers(String path) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(Path.of(path));
            return permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
            return false; // vanished since it was read, or a file system without permissions
        }
    }

    private static String reason(Exception failure, String wanted) {
        return switch (failure) {
            case NoSuchFileException _ -> "no such " + wanted;
            case AccessDeniedException _ -> "permission denied";
            case NotDirectoryException _ -> "it is not a directory";
            case DirectoryIteratorException _ -> "it cannot be listed to its end";
            case InvalidPathException _ -> "the name cannot be that of a " + wanted;
            default -> String.valueOf(failure.getMessage());
        };
    }
}
