package org.noonmark.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.LocalAuthority;
import org.noonmark.certificates.Renewal;
import org.noonmark.certificates.ServerNames;
import org.noonmark.certificates.UnusableException;
import org.tinylog.Logger;

/**
 * The built-in authority on disk ({@code ntsca}): {@code authority.pem} and {@code server.pem} hold keys and are the daemon's alone,
 * {@code ca.pem} is no secret. Each file is a whole pair, so that a power cut never leaves a key without its certificate. One thread.
 */
final class AuthorityFolder {
    private static final String AUTHORITY = "authority.pem";
    private static final String SERVER = "server.pem";
    private static final String PUBLIC = "ca.pem";
    /** The certificate of an authority that another has replaced: there until all clients know the new one. */
    private static final String BEFORE = "ca.pem.before";

    private final Path folder;
    private final Supplier<String> hostName;
    private Optional<LocalAuthority> authority = Optional.empty();
    private Optional<CertifiedKey> pair = Optional.empty();
    private Optional<String> trouble = Optional.empty();
    /** Texts of files that are not on the disk yet, by name. */
    private final Map<String, String> unwritten = new LinkedHashMap<>();
    /** A folder that cannot be read is left as it is: what it holds may be what all clients trust. */
    private boolean isRead;

    /** @param hostName for the name of a new authority */
    AuthorityFolder(Path folder, Supplier<String> hostName) {
        this.folder = folder;
        this.hostName = hostName;
    }

    Optional<LocalAuthority> authority() {
        return authority;
    }

    /** This server's key and certificate. */
    Optional<CertifiedKey> pair() {
        return pair;
    }

    /** What is wrong, one sentence with the cure each. */
    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        trouble.ifPresent(troubles::add);
        if (Files.exists(folder.resolve(BEFORE))) {
            troubles.add(
                    "the authority was lost or damaged, and another is in its place: clients that know only the one before"
                            + " refuse this server: give them the new one ('noonmark nts client'), then remove "
                            + folder.resolve(BEFORE));
        }
        return troubles;
    }

    /** Reads what is there, once it can be read. */
    void load() {
        if (isRead) {
            return;
        }
        try {
            authority = read(AUTHORITY).flatMap(LoadedText::authority);
            pair = authority.isPresent() ? read(SERVER).flatMap(LoadedText::pair) : Optional.empty();
            if (authority.isPresent()) {
                mendPublic(authority.get());
            }
            isRead = true;
            trouble = Optional.empty();
        } catch (AccessDeniedException e) {
            trouble = Optional.of(folder + ": the daemon may not read its authority: chown -R noonmark: " + folder);
        } catch (IOException e) {
            trouble = Optional.of(
                    folder + ": the authority cannot be read (" + e.getMessage() + "): check the directory");
        }
    }

    /** It is written last, and not again until the next certificate: power may have gone before it was there. */
    private void mendPublic(LocalAuthority known) throws IOException {
        String text = known.certificateText();
        if (read(PUBLIC).filter(found -> found.text().equals(text)).isEmpty()) {
            unwritten.put(PUBLIC, text);
        }
    }

    /** Whether what it holds is known. */
    boolean isReadable() {
        return isRead;
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
            return Optional.of(new LoadedText(file, new String(Files.readAllBytes(file), StandardCharsets.US_ASCII)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Makes what {@code step} says, dated {@code now}, and writes what could not be written before. */
    void perform(Renewal step, Instant now, ServerNames names) {
        if (!isRead) {
            return;
        }
        switch (step) {
            case WAIT_FOR_THE_TIME, KEEP -> {
                // Nothing is made.
            }
            case MAKE_AUTHORITY -> {
                authority = Optional.of(LocalAuthority.make(hostName.get(), now));
                unwritten.put(AUTHORITY, authority.get().secretText());
                keepTheOneBefore();
                Logger.info(
                        "NTS: a new authority for this network: clients need its certificate ('noonmark nts client')");
                issue(now, names);
            }
            case ISSUE_CERTIFICATE -> issue(now, names);
        }
        write();
    }

    private void keepTheOneBefore() {
        Path before = folder.resolve(PUBLIC);
        try {
            if (Files.exists(before)) {
                Files.move(before, folder.resolve(BEFORE), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            Logger.warn("{} cannot be renamed: {}", before, e.getMessage());
        }
    }

    private void issue(Instant now, ServerNames names) {
        LocalAuthority issuer = authority.orElseThrow();
        CertifiedKey issued = issuer.issue(names, now);
        pair = Optional.of(issued);
        unwritten.put(SERVER, LocalAuthority.text(issued));
        unwritten.put(PUBLIC, issuer.certificateText());
        Logger.info(
                "NTS: the server's certificate is for {} and {}",
                String.join(", ", issued.hostNames()),
                String.join(", ", issued.addresses()));
    }

    /** What cannot be kept is served all the same, and tried again at the next look. */
    private void write() {
        Iterator<Map.Entry<String, String>> left = unwritten.entrySet().iterator();
        while (left.hasNext()) {
            Map.Entry<String, String> file = left.next();
            try {
                Files.createDirectories(folder);
                DurableFile.replace(
                        folder.resolve(file.getKey()),
                        file.getValue(),
                        file.getKey().equals(PUBLIC) ? DurableFile.PUBLIC : DurableFile.SECRET);
                left.remove();
            } catch (IOException e) {
                trouble = Optional.of(
                        folder.resolve(file.getKey()) + ": it cannot be written (" + e.getMessage()
                                + "), so clients will refuse this server after its next start: check the directory and its owner");
                return;
            }
        }
        trouble = Optional.empty();
    }
}
