package org.noonmark.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the image on a card of 4 GiB, as an owner has after flashing: the boot partition can be read and written from the PC, by
 * mtools, while no machine runs on it.
 */
final class SdCard {
    /** A power of two, as QEMU wants of an SD card, and larger than the image, so that there is something to grow into. */
    private static final long SIZE = 4L << 30;

    private static final String BOOT_PARTITION = "@@8M";

    private final Path file;

    private SdCard(Path file) {
        this.file = file;
    }

    /** Writes {@code image} to the new card {@code file}. */
    static SdCard flash(Path image, Path file) throws IOException {
        Peers.Output.require("cp", "--sparse=always", image.toString(), file.toString());
        Peers.Output.require("truncate", "-s", Long.toString(SIZE), file.toString());
        return new SdCard(file);
    }

    Path file() {
        return file;
    }

    /** Puts a text on the boot partition, over what has that name. */
    void write(String name, String text) throws IOException {
        Path temporary = Files.createTempFile("noonmark-rig", ".txt");
        try {
            Files.writeString(temporary, text);
            Peers.Output.require("mcopy", "-o", "-i", file + BOOT_PARTITION, temporary.toString(), "::" + name);
        } finally {
            Files.delete(temporary);
        }
    }

    /** A text file of the boot partition, or null when there is none of that name. */
    @Nullable String read(String name) throws IOException {
        Path temporary = Files.createTempDirectory("noonmark-rig");
        Path copy = temporary.resolve("copy");
        try {
            Peers.Output copied = Peers.Output.of(
                    new ProcessBuilder("mcopy", "-n", "-i", file + BOOT_PARTITION, "::" + name, copy.toString()));
            return copied.exitCode() == 0 ? Files.readString(copy, StandardCharsets.UTF_8) : null;
        } finally {
            Files.deleteIfExists(copy);
            Files.delete(temporary);
        }
    }

    /** Copies everything of the boot partition to the new folder {@code into}: kernel, initramfs, device trees, settings. */
    void copyBootFiles(Path into) throws IOException {
        Files.createDirectories(into);
        Peers.Output.require("mcopy", "-s", "-n", "-i", file + BOOT_PARTITION, "::", into.toString());
    }
}
