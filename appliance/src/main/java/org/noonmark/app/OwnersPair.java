package org.noonmark.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.UnusableException;
import org.noonmark.provisioning.NtsConfig;

/**
 * A certificate of the owner's with its key, followed as the files change. What was read well is kept until something better is there: a
 * program that replaces the two files one after the other is never seen between. One thread.
 */
final class OwnersPair {
    private static final int MOST_BYTES = 1 << 20;

    private final Path certificate;
    private final Path key;
    private final boolean isAwaited;
    private List<Object> seen = List.of();
    private Optional<CertifiedKey> current = Optional.empty();
    private Optional<String> trouble = Optional.empty();

    OwnersPair(NtsConfig.Pair files) {
        certificate = Path.of(files.certificate());
        key = Path.of(files.key());
        isAwaited = false;
    }

    /** Key and certificate in one file, which somebody else makes and tells what hinders it: that it is not there yet is no trouble. */
    OwnersPair(Path awaited) {
        certificate = awaited;
        key = awaited;
        isAwaited = true;
    }

    /** The certificate's file. */
    Path name() {
        return certificate;
    }

    /** The pair that was last good. */
    Optional<CertifiedKey> current() {
        return current;
    }

    /** What is wrong with the files as they are now: one sentence with the cure. */
    Optional<String> trouble() {
        return trouble;
    }

    /** Reads the files again if they have changed. */
    void look() {
        List<Object> now = List.of(stampOf(certificate), stampOf(key));
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        if (isAwaited && Files.notExists(certificate)) {
            trouble = Optional.empty();
            return;
        }
        try {
            current = Optional.of(CertifiedKey.of(text(certificate), text(key)));
            trouble = openToAll();
        } catch (Unreadable e) {
            trouble = Optional.of(e.getMessage() + kept());
        } catch (UnusableException e) {
            trouble = Optional.of(certificate + " with " + key + ": " + e.getMessage() + kept());
        }
    }

    private String kept() {
        return current.isPresent() ? " (the pair read before is still served)" : "";
    }

    private Optional<String> openToAll() {
        try {
            return Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ)
                    ? Optional.of(key + ": everybody on this machine can read the key: chmod 640 " + key)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String sentence, IOException cause) {
            super(sentence, cause);
        }
    }

    private static String text(Path file) throws Unreadable {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            throw new Unreadable(file + ": there is no such file: put it there, it is taken without a restart", e);
        } catch (AccessDeniedException e) {
            throw new Unreadable(
                    file + ": the daemon may not read it: chgrp noonmark " + file + " and chmod 640 " + file, e);
        } catch (IOException e) {
            throw new Unreadable(file + ": it cannot be read (" + e.getMessage() + "): check the file", e);
        }
    }

    /** Differs whenever the file may have. */
    private static List<Object> stampOf(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(
                    found.lastModifiedTime(), found.size(), String.valueOf(found.fileKey()), Files.isReadable(file));
        } catch (IOException e) {
            return List.of(e.getClass());
        }
    }
}
