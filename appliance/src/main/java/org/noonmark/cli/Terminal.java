package org.noonmark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who reads the output. */
final class Terminal {
    /** Standard input. */
    static final int INPUT = 0;

    /** Standard output. */
    static final int OUTPUT = 1;

    private Terminal() {}

    /**
     * Whether a person's terminal that knows colours shows standard output. Asks the kernel what descriptor 1 is; {@code System.console}
     * would ask about standard input too. Obeys the custom of NO_COLOR (no-color.org).
     */
    static boolean isColourful() {
        return System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM")) && isTerminal(OUTPUT);
    }

    /** Whether a person's terminal is behind {@link #INPUT} or {@link #OUTPUT}. */
    static boolean isTerminal(int descriptor) {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
