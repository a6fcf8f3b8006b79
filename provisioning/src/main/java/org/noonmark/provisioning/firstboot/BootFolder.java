package org.noonmark.provisioning.firstboot;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What lies on the boot partition.
 *
 * @param names of all its entries
 * @param files those of {@link #READ} that are there, by that name
 */
public record BootFolder(Set<String> names, Map<String, RawFile> files) {
    static final String CONFIG_TXT = "config.txt";
    static final String REPORT = "noonmark-report.txt";

    /** So much of a file is read: enough to see that it is too long to be what its name says. */
    public static final int READ_BYTES = TextOfFile.MOST_BYTES + 1;

    /** The files in which an owner says what is wished; what is applied follows from all of them together. */
    public static final List<String> WISHES = List.of(
            NoonmarkToml.NAME, ImagerToml.PRESEED, ImagerToml.CUSTOM, UserConf.NAME, UserConf.SSH, UserConf.SSH_TXT);

    /** The files that are read. FAT does not tell small letters from capitals, so a host should not either. */
    public static final List<String> READ = List.of(
            NoonmarkToml.NAME,
            ImagerToml.PRESEED,
            ImagerToml.CUSTOM,
            UserConf.NAME,
            UserConf.SSH,
            UserConf.SSH_TXT,
            CONFIG_TXT,
            REPORT);

    public BootFolder {
        names = Set.copyOf(names);
        files = Map.copyOf(files);
    }

    /** A folder with one file, of that name if files of that name are read, else as noonmark.toml: to check it before it is used. */
    public static BootFolder of(String name, RawFile file) {
        String known = READ.contains(name) ? name : NoonmarkToml.NAME;
        return new BootFolder(Set.of(known), Map.of(known, file));
    }

    /** The folder with these wishes in place of its own, all of them; one that was not mounted stays empty. */
    public BootFolder withWishes(Map<String, RawFile> wishes) {
        if (names.isEmpty()) {
            return this;
        }
        Set<String> entries = new HashSet<>(names);
        entries.removeIf(entry -> WISHES.stream().anyMatch(entry::equalsIgnoreCase));
        entries.addAll(wishes.keySet());
        Map<String, RawFile> contents = new HashMap<>(files);
        contents.keySet().removeAll(WISHES);
        contents.putAll(wishes);
        return new BootFolder(entries, contents);
    }

    Optional<RawFile> file(String name) {
        return Optional.ofNullable(files.get(name));
    }
}
