package org.noonmark.rig;

import java.nio.file.Path;

/** Where the rigs keep what is slow to make, and what is too large for a temporary file system; the scripts name the same place. */
final class CacheFolder {
    private CacheFolder() {}

    /** {@code $NOONMARK_CACHE}, else {@code noonmark} in the user's cache; it may not exist yet. */
    static Path path() {
        String own = System.getenv("NOONMARK_CACHE");
        if (own != null && !own.isEmpty()) {
            return Path.of(own);
        }
        String users = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return Path.of(users, "noonmark");
    }
}
