package org.noonmark.rig;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Folders for a machine, in the cache: a card of some gigabytes may not fit into a temporary file system, and the path of a
 * socket may have no more than 107 characters.
 */
final class ShortFolder implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws Exception {
        return Files.createTempDirectory(Files.createDirectories(CacheFolder.path()), "rig");
    }
}
