package org.noonmark.provisioning;

import java.util.Optional;

/**
 * How the keys are kept that NTS cookies are sealed with.
 *
 * @param directory absolute path of the directory with their file; empty: they are lost at each restart
 * @param rotateSeconds how long each seals new cookies; 0: the file is another's, which is read again when it changes
 */
public record CookieKeysConfig(Optional<String> directory, int rotateSeconds) {}
