package org.noonmark.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What makes a box this one: its settings, keys and certificates.
 *
 * @param made when, by the clock of the box
 * @param host its name
 * @param board the number that no other board has; empty where it has none
 * @param version of the program
 * @param files each path once, folders before what is in them
 */
public record Backup(Instant made, String host, String board, String version, List<KeptFile> files) {
    /** More than a box ever has: what is larger was not made by one. */
    public static final int MOST_BYTES = 16 << 20;

    private static final int MOST_FILES = 10_000;

    public Backup {
        files = List.copyOf(files);
    }

    /** The file of that path. */
    public Optional<KeptFile> file(String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }

    /** As one piece of bytes: strings and lengths as {@link DataOutputStream} writes them. */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(made.getEpochSecond());
            out.writeUTF(host);
            out.writeUTF(board);
            out.writeUTF(version);
            out.writeInt(files.size());
            for (KeptFile file : files) {
                out.writeUTF(file.kind().name());
                out.writeUTF(file.path());
                out.writeUTF(file.permissions());
                out.writeUTF(file.owner());
                out.writeUTF(file.group());
                byte[] content = file.content();
                out.writeInt(content.length);
                out.write(content);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory is no device", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Whether a box can have had these files. What lies in a folder lies in nothing else: behind a link it would be written elsewhere, in place of
     * a folder a file or a link would be followed by all that use the folder, and the boot partition has neither links nor folders of ours.
     *
     * @throws IllegalArgumentException when it cannot
     */
    private static void requireOrder(List<KeptFile> files) {
        Map<String, KeptFile.Kind> known = new HashMap<>();
        for (KeptFile file : files) {
            String path = file.path();
            if (known.put(path, file.kind()) != null) {
                throw new IllegalArgumentException(path + " twice");
            }
            boolean folder = file.kind() == KeptFile.Kind.DIRECTORY;
            boolean fits = path.indexOf('/') < 0
                    ? folder
                    : switch (path.substring(0, path.indexOf('/'))) {
                        case KeptFile.BOOT ->
                            file.kind() == KeptFile.Kind.FILE && path.lastIndexOf('/') == path.indexOf('/');
                        case "state" -> file.kind() != KeptFile.Kind.LINK;
                        default -> true;
                    };
            if (!fits) {
                throw new IllegalArgumentException(
                        path + " is a " + file.kind().name().toLowerCase(Locale.ROOT));
            }
        }
        for (KeptFile file : files) {
            for (int slash = file.path().indexOf('/');
                    slash > 0;
                    slash = file.path().indexOf('/', slash + 1)) {
                String folder = file.path().substring(0, slash);
                if (known.getOrDefault(folder, KeptFile.Kind.DIRECTORY) != KeptFile.Kind.DIRECTORY) {
                    throw new IllegalArgumentException(file.path() + " lies in " + folder + ", which is no folder");
                }
            }
        }
    }

    /**
     * The other way round.
     *
     * @throws UnusableBackupException for bytes that no {@link #bytes} has made
     */
    static Backup parse(byte[] bytes) throws UnusableBackupException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Instant made = Instant.ofEpochSecond(in.readLong());
            String host = in.readUTF();
            String board = in.readUTF();
            String version = in.readUTF();
            int count = in.readInt();
            if (count < 0 || count > MOST_FILES) {
                throw new IllegalArgumentException(count + " files");
            }
            List<KeptFile> files = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                KeptFile.Kind kind = KeptFile.Kind.valueOf(in.readUTF());
                String path = in.readUTF();
                String permissions = in.readUTF();
                String owner = in.readUTF();
                String group = in.readUTF();
                int length = in.readInt();
                if (length < 0 || length > in.available()) {
                    throw new IllegalArgumentException(path + " of " + length + " bytes");
                }
                files.add(new KeptFile(kind, path, permissions, owner, group, in.readNBytes(length)));
            }
            if (in.available() > 0) {
                throw new IllegalArgumentException("more than its files");
            }
            requireOrder(files);
            return new Backup(made, host, board, version, files);
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            throw new UnusableBackupException(
                    "what it holds is not in order (" + e.getMessage() + "): it was made by a faulty program");
        }
    }
}
