package org.noonmark.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the image's boot partition holds, read as the Raspberry Pi's firmware would: QEMU has no such firmware, so the rig does its part.
 *
 * @param folder a copy of the partition
 * @param kernel the file that config.txt names
 * @param initramfs likewise; U-Boot has none
 * @param commandLine the kernel's, of cmdline.txt
 * @param overlays names of the overlays that config.txt asks for, in its order, without parameters
 */
record BootFiles(Path folder, Path kernel, Path initramfs, String commandLine, List<String> overlays) {
    private static final String U_BOOT = "u-boot.bin";

    /** Whether U-Boot is started, which takes kernel and initramfs from one of the root slots. */
    boolean isUBoot() {
        return kernel.endsWith(U_BOOT);
    }

    static BootFiles in(Path folder) throws IOException {
        String kernel = "";
        String initramfs = "";
        List<String> overlays = new ArrayList<>();
        boolean forUs = true;
        for (String raw : Files.readAllLines(folder.resolve("config.txt"))) {
            String line = raw.strip();
            if (line.startsWith("[")) {
                // Filters: a section for one model is for another model than the virtual board's, but for the Pi 3's
                // own.
                forUs = line.equals("[all]") || line.equals("[pi3]");
            } else if (forUs && line.startsWith("kernel=")) {
                kernel = line.substring("kernel=".length());
            } else if (forUs && line.startsWith("initramfs ")) {
                initramfs = line.split("\\s+", -1)[1];
            } else if (forUs && line.startsWith("dtoverlay=")) {
                overlays.add(line.substring("dtoverlay=".length()).split(",", -1)[0]);
            }
        }
        if (kernel.isEmpty() || (initramfs.isEmpty() && !kernel.equals(U_BOOT))) {
            throw new IOException(folder + "/config.txt names no kernel or no initramfs");
        }
        return new BootFiles(
                folder,
                folder.resolve(kernel),
                folder.resolve(initramfs),
                Files.readString(folder.resolve("cmdline.txt")).strip(),
                List.copyOf(overlays));
    }
}
