package org.noonmark.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of Debian 13 with all that they need, unpacked and never installed; below the user's cache. */
final class LaterDebian {
    private static final String SUITE = "trixie";
    private static final Path UNPACK = Path.of("src", "main", "peers", "unpack.sh");

    private LaterDebian() {}

    /** The folder {@code name}, in which {@code packages} are unpacked where they are not yet. */
    static Path unpacked(String name, String... packages) throws IOException {
        Path root = CacheFolder.path().resolve("peers-" + SUITE + "-" + name);
        if (!Files.isDirectory(root)) {
            Files.createDirectories(root.toAbsolutePath().getParent());
            List<String> command =
                    new ArrayList<>(List.of(UNPACK.toAbsolutePath().toString(), SUITE, root.toString()));
            command.addAll(List.of(packages));
            Peers.Output.require(command.toArray(String[]::new));
        }
        return root;
    }
}
