package org.noonmark.provisioning;

import java.util.List;

/** Where configuration text comes from: the disk in the daemon, a map in tests. All paths but the first are absolute. */
public interface ConfigFiles {
    /** The whole text of a file; bytes that are not UTF-8 become U+FFFD. */
    FileText read(String path);

    /** The names (not paths) of the entries of a directory, in any order. */
    Listing list(String directory);

    /** Whether every user of the machine can read or write that file: a fault where it holds secrets. */
    default boolean isOpenToOthers(String path) {
        return false;
    }

    /** What became of reading a file. */
    sealed interface FileText {
        /** It was read. */
        record Text(String text) implements FileText {}

        /** It was not, because of {@code reason} in lower case: "no such file". */
        record Unreadable(String reason) implements FileText {}
    }

    /** What became of listing a directory. */
    sealed interface Listing {
        /** It was listed. */
        record Names(List<String> names) implements Listing {}

        /** It was not, because of {@code reason} in lower case: "permission denied". */
        record Unlisted(String reason) implements Listing {}
    }
}
