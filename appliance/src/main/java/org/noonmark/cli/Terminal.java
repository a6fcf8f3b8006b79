package org.noonmark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who reads the output. */
final class Terminal {
    private Terminal() {}

    /**
     * Whether a person's terminal that knows colours shows standard output. Asks the kernel what descriptor 1 is; {@code System.console}
     * would ask about standard input too. Obeys the custom of NO_COLOR (no-color.org).
     */
    static boolean isColourful() {
        if (System.getenv("NO_COLOR") != null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
