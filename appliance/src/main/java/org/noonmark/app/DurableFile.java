package org.noonmark.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes small files whole or not at all: a power cut leaves the old one or the new one, and no secret is readable even half written. */
final class DurableFile {
    /** For the daemon alone. */
    static final String SECRET = "rw-------";

    static final String PUBLIC = "rw-r--r--";

    private DurableFile() {}

    /** @param permissions in the letters of ls(1), held from the first moment */
    static void replace(Path path, String text, String permissions) throws IOException {
        replace(path, text.getBytes(StandardCharsets.UTF_8), permissions);
    }

    /** The same with bytes. */
    static void replace(Path path, byte[] content, String permissions) throws IOException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        var mode = PosixFilePermissions.fromString(permissions);
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(mode));
        Files.setPosixFilePermissions(unfinished, mode);
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolderOf(path);
    }

    /** Removes a file, which may be missing, so that no power cut brings it back. */
    static void remove(Path path) throws IOException {
        if (Files.deleteIfExists(path)) {
            syncFolderOf(path);
        }
    }

    /** The name itself is in the directory, which has its own way to the card. */
    private static void syncFolderOf(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
