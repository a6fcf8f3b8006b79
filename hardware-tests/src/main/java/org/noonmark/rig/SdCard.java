package org.noonmark.rig;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the image on a card of 4 GiB, as an owner has after flashing: the boot partition can be read and written from the PC, by
 * mtools, while no machine runs on it.
 */
final class SdCard {
    /** A power of two, as QEMU wants of an SD card, and larger than the image, so that there is something to grow into. */
    private static final long SIZE = 4L << 30;

    private static final String BOOT_PARTITION = "@@8M";

    /** BOOT_SIZE and ROOT_SIZE of the image's configuration, behind 8 MiB. */
    private static final int SLOT_A_MIB = 8 + 256;

    private static final int SLOT_MIB = 512;
    /** As in boot.cmd. */
    private static final long STATE_AT = 4L << 20;

    private static final int STATE_BYTES = 512;

    private final Path file;

    private SdCard(Path file) {
        this.file = file;
    }

    /** The image of {@code noonmark.image} in {@code folder}, with settings that are all right and the key that is in {@code key.pub} there. */
    static SdCard setUp(Path folder) throws IOException {
        Path image = Path.of(Objects.requireNonNull(System.getProperty("noonmark.image"), "-Dnoonmark.image=FILE"));
        SdCard card = flash(image, folder.resolve("sd.img"));
        try (InputStream resource = Objects.requireNonNull(
                SdCard.class.getResourceAsStream("/provisioning/good-custom-receiver.toml"), "a resource")) {
            String publicKey = Files.readString(folder.resolve("key.pub")).strip();
            card.write(
                    "noonmark.toml",
                    new String(resource.readAllBytes(), StandardCharsets.UTF_8).replace("@KEY@", publicKey));
        }
        return card;
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

    /** Makes root B what root A is, as after an update to the same version. */
    void copySlotAToB() throws IOException {
        copy(SLOT_A_MIB, SLOT_A_MIB + SLOT_MIB, SLOT_MIB);
    }

    private void copy(int fromMib, int toMib, int count) throws IOException {
        Peers.Output.require(
                "dd",
                "if=" + file,
                "of=" + file,
                "bs=1M",
                "skip=" + fromMib,
                "seek=" + toMib,
                "count=" + count,
                "conv=notrunc",
                "status=none");
    }

    /** Writes what U-Boot goes by: each variable, and the sector's checksum before them. */
    void setBootState(Map<String, String> variables) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        variables.forEach(
                (name, value) -> text.writeBytes((name + "=" + value + "\0").getBytes(StandardCharsets.US_ASCII)));
        byte[] data = Arrays.copyOf(text.toByteArray(), STATE_BYTES - Integer.BYTES);
        CRC32 checksum = new CRC32();
        checksum.update(data);
        ByteBuffer sector = ByteBuffer.allocate(STATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        sector.putInt((int) checksum.getValue()).put(data).flip();
        try (FileChannel disk = FileChannel.open(file, StandardOpenOption.WRITE)) {
            disk.write(sector, STATE_AT);
        }
    }
}
