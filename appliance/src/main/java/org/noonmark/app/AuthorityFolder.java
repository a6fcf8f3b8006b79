package org.noonmark.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.LocalAuthority;
import org.noonmark.certificates.Renewal;
import org.noonmark.certificates.ServerNames;
import org.noonmark.certificates.UnusableException;
import org.tinylog.Logger;

/**
 * The built-in authority on disk ({@code ntsca}): {@code authority.pem} and {@code server.pem} hold keys and are the daemon's alone,
 * {@code ca.pem} is for everybody. Each file is a whole pair, so that a power cut never leaves a key without its certificate. One thread.
 */
final class AuthorityFolder {
    private static final String AUTHORITY = "authority.pem";
    private static final String SERVER = "server.pem";
    private static final String PUBLIC = "ca.pem";

    private final Path folder;
    private final String hostName;
    private Optional<LocalAuthority> authority = Optional.empty();
    private Optional<CertifiedKey> pair = Optional.empty();
    private Optional<String> trouble = Optional.empty();
    /** A folder that cannot be read is left as it is: what it holds may be what all clients trust. */
    private boolean closed;

    AuthorityFolder(Path folder, String hostName) {
        this.folder = folder;
        this.hostName = hostName;
        load();
    }

    Optional<LocalAuthority> authority() {
        return authority;
    }

    /** This server's key and certificate. */
    Optional<CertifiedKey> pair() {
        return pair;
    }

    /** What is wrong, one sentence with the cure. */
    Optional<String> trouble() {
        return trouble;
    }

    private void load() {
        try {
            authority = read(AUTHORITY).flatMap(LoadedText::authority);
            pair = authority.isPresent() ? read(SERVER).flatMap(LoadedText::pair) : Optional.empty();
        } catch (AccessDeniedException e) {
            closed = true;
            trouble = Optional.of(folder + ": the daemon may not read its authority: chown -R noonmark: " + folder);
        } catch (IOException e) {
            closed = true;
            trouble = Optional.of(
                    folder + ": the authority cannot be read (" + e.getMessage() + "): check the directory");
        }
    }

    /** Text of a file that is there. */
    private record LoadedText(Path file, String text) {
        Optional<LocalAuthority> authority() {
            try {
                return Optional.of(LocalAuthority.parse(text));
            } catch (UnusableException e) {
                setAside(e);
                return Optional.empty();
            }
        }

        Optional<CertifiedKey> pair() {
            try {
                return Optional.of(CertifiedKey.of(text, text));
            } catch (UnusableException e) {
                setAside(e);
                return Optional.empty();
            }
        }

        /** A new one is made in its place: a box that nobody watches must serve again by itself. */
        private void setAside(UnusableException why) {
            Path aside = file.resolveSibling(file.getFileName() + ".damaged");
            Logger.warn("{}: {}; it is kept as {}, and a new one is made", file, why.getMessage(), aside.getFileName());
            try {
                Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                Logger.warn("{} cannot be renamed: {}", file, e.getMessage());
            }
        }
    }

    private Optional<LoadedText> read(String name) throws IOException {
        Path file = folder.resolve(name);
        try {
            return Optional.of(new LoadedText(file, Files.readString(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Makes what {@code step} says, dated {@code now}; whether the server's pair is another one then. */
    boolean perform(Renewal step, Instant now, ServerNames names) {
        if (closed) {
            return false;
        }
        return switch (step) {
            case WAIT_FOR_THE_TIME, KEEP -> false;
            case MAKE_AUTHORITY -> {
                authority = Optional.of(LocalAuthority.make(hostName, now));
                write(AUTHORITY, authority.get().secretText(), DurableFile.SECRET);
                Logger.info(
                        "NTS: a new authority for this network: clients need its certificate ('noonmark nts client')");
                yield issue(now, names);
            }
            case ISSUE_CERTIFICATE -> issue(now, names);
        };
    }

    private boolean issue(Instant now, ServerNames names) {
        LocalAuthority issuer = authority.orElseThrow();
        CertifiedKey issued = issuer.issue(names, now);
        pair = Optional.of(issued);
        write(SERVER, LocalAuthority.text(issued), DurableFile.SECRET);
        write(PUBLIC, issuer.certificateText(), DurableFile.PUBLIC);
        Logger.info(
                "NTS: the server's certificate is for {} and {}",
                String.join(", ", issued.hostNames()),
                String.join(", ", issued.addresses()));
        return true;
    }

    /** What cannot be kept is served all the same, until the next start. */
    private void write(String name, String text, String permissions) {
        try {
            Files.createDirectories(folder);
            DurableFile.replace(folder.resolve(name), text, permissions);
            trouble = Optional.empty();
        } catch (IOException e) {
            trouble = Optional.of(folder.resolve(name) + ": it cannot be written (" + e.getMessage()
                    + "), so clients will refuse this server after its next start: check the directory and its owner");
        }
    }
}
