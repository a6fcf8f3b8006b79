package org.noonmark.backup;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file, symbolic link or directory of a box. */
public final class KeptFile {
    /** What it is; the names are part of the format. */
    public enum Kind {
        FILE,
        LINK,
        DIRECTORY
    }

    /** The folder with the owner's files of the boot partition. */
    public static final String BOOT = "boot";

    /** The owner's file that is always there. */
    public static final String SETTINGS = BOOT + "/noonmark.toml";

    private static final List<String> FOLDERS = List.of(BOOT, "etc", "state");

    private final Kind kind;
    private final String path;
    private final String permissions;
    private final String owner;
    private final String group;
    private final byte[] content;

    /**
     * A file of whoever restores it.
     *
     * @throws IllegalArgumentException as the other
     */
    public KeptFile(Kind kind, String path, String permissions, byte[] content) {
        this(kind, path, permissions, "", "", content);
    }

    /**
     * A file.
     *
     * @param path below the data partition, {@code etc/...} or {@code state/...} or {@code boot/...}
     * @param permissions in the letters of ls(1); of a link no matter
     * @param owner by name, since numbers differ from one system to the next; empty for whoever restores it
     * @param group likewise
     * @param content of a link its target in UTF-8, of a directory nothing
     * @throws IllegalArgumentException for another path, so that no backup, whoever made it, writes elsewhere
     */
    public KeptFile(Kind kind, String path, String permissions, String owner, String group, byte[] content) {
        List<String> names = List.of(path.split("/", -1));
        boolean inside = FOLDERS.contains(names.getFirst());
        boolean plain = names.stream().noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
        if (!inside || !plain || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a file '" + path + "'");
        }
        if (!permissions.matches("([r-][w-][x-]){3}")) {
            throw new IllegalArgumentException(path + ": permissions '" + permissions + "'");
        }
        this.kind = kind;
        this.path = path;
        this.permissions = permissions;
        this.owner = owner;
        this.group = group;
        this.content = content.clone();
    }

    public Kind kind() {
        return kind;
    }

    public String path() {
        return path;
    }

    public String permissions() {
        return permissions;
    }

    /** Its owner's name; empty for whoever restores it. */
    public String owner() {
        return owner;
    }

    /** The name of its group; empty for that of whoever restores it. */
    public String group() {
        return group;
    }

    /** A copy of what is in it. */
    public byte[] content() {
        return content.clone();
    }

    /** What is in it, as UTF-8. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeptFile file
                && kind == file.kind
                && path.equals(file.path)
                && permissions.equals(file.permissions)
                && owner.equals(file.owner)
                && group.equals(file.group)
                && Arrays.equals(content, file.content);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        // Never the content: it may be a secret.
        return kind + " " + permissions + " " + path;
    }
}
